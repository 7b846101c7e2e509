package org.thywill.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thywill.archive.Finding;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.operations.ArchivedSettings;
import org.thywill.operations.Configuration;
import org.thywill.operations.Recovery;
import org.thywill.rebuild.Until;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Builds the database from the archive alone. */
@Command(name = "recover", description = "Build the database from the archive alone, and prove that it is the same.")
final class RecoverCommand extends ThyWillCommand {
  @Option(names = "--until", paramLabel = "TIME|SEQ", description = "Rebuild as of a time (2024-01-15T10:30:00Z, or a day) or a change")
  Optional<String> until = Optional.empty();

  @Option(names = "--only", paramLabel = "GROUP", split = ",", description = "Bring only these groups of an existing database back: users, prayers, auth, roles, invites, system")
  List<String> only = List.of();

  @Option(names = "--replace", description = "Put an existing database aside")
  boolean replace;

  @Option(names = "--dry-run", description = "Rebuild and prove in a scratch file; leave nothing behind")
  boolean dryRun;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RecoverCommand() {}

  @Override
  public Outcome call() throws IOException {
    long started = root().terminal.nanoTime().getAsLong();
    Recovery recovery = new Recovery(root().archivePath(), root().databasePath(), root().progress(), root().now());
    Recovery.Result result = recovery.run(new Recovery.Plan(until(), groups(), replace, dryRun));
    double seconds = (root().terminal.nanoTime().getAsLong() - started) / 1e9;
    Outcome outcome = new Outcome()
        .put("changes", result.changes()).put("rows", result.rows()).put("tables", result.tables()).put("digest", result.digest().hex())
        .put("seq", result.seq()).put("rows_per_second", Math.round(result.rows() / Math.max(seconds, 1e-3))).put("proven", result.proven())
        .put("withheld", result.withheld()).put("defaults_used", List.of()).put("dry_run", dryRun)
        .put("kept_aside", result.keptAside().map(Object::toString))
        .find(result.findings(), Map.of());
    outcome.say((dryRun ? "Would recover " : "Recovered ") + "%,d rows from %,d changes in %.1f s.".formatted(result.rows(), result.changes(), seconds));
    outcome.say("Digest " + result.digest().hex() + (result.proven()
        ? ": the one that the archive recorded."
        : ": as of change " + result.seq() + "; the archive recorded none for that moment."));
    result.keptAside().ifPresent(path -> outcome.say("The database that stood there is kept as " + path + "."));
    result.withheld().forEach((what, count) -> outcome.say("Never in the archive: " + count + " " + what + "."));
    List<String> toProvide = only.isEmpty() ? toProvide(outcome) : List.of();
    outcome.put("must_provide", toProvide);
    toProvide.forEach(outcome::say);
    if (until.isPresent()) {
      outcome.say("It shows the past; nothing may be written to it.");
    }
    return outcome;
  }

  /** What is no part of any archive, or belonged to the machine that is gone. */
  private List<String> toProvide(Outcome outcome) {
    List<Finding> unread = new ArrayList<>();
    Configuration configuration = root().configuration().with(ArchivedSettings.look(root().archivePath(), unread));
    outcome.find(unread, Map.of());
    return configuration.toProvide();
  }

  private Until until() {
    if (until.isEmpty()) {
      return Until.NOW;
    }
    String text = until.get();
    try {
      return Times.until(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--until: " + e.getMessage(), e);
    }
  }

  private Set<RecoveryGroup> groups() {
    Set<RecoveryGroup> groups = EnumSet.noneOf(RecoveryGroup.class);
    for (String word : only) {
      groups.add(RecoveryGroup.of(word.strip()).orElseThrow(() -> new ParameterException(spec.commandLine(),
          "--only: expected some of users, prayers, auth, roles, invites, system, found " + word)));
    }
    return groups;
  }
}
