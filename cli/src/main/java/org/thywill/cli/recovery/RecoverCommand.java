package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.cli.terminal.TimeArgument;
import org.thywill.community.PostRecovery;
import org.thywill.operations.recovery.OverridesFile;
import org.thywill.operations.recovery.Recovery;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.rebuild.PointInTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Builds the database from the archive alone. */
@Command(
    name = "recover",
    description = "Build the database from the archive alone, and prove that it is the same.")
public final class RecoverCommand extends Subcommand {
  @Option(
      names = "--until",
      paramLabel = "TIME|SEQ",
      description = "Rebuild as of a time (2024-01-15T10:30:00Z, or a day) or a change")
  Optional<String> until = Optional.empty();

  @Option(
      names = "--only",
      paramLabel = "GROUP",
      split = ",",
      description =
          "Bring only these groups of an existing database back: users, prayers, auth, roles,"
              + " invites, system")
  List<String> only = List.of();

  @Option(names = "--replace", description = "Put an existing database aside")
  boolean replace;

  @Option(
      names = "--dry-run",
      description = "Rebuild and prove in a scratch file; leave nothing behind")
  boolean dryRun;

  @Option(
      names = "--accept-missing",
      description =
          "Go on without what cannot be had from anywhere, and name it; such a database is for"
              + " looking at")
  boolean acceptMissing;

  @Option(
      names = "--overrides",
      paramLabel = "FILE",
      description =
          "Decisions about single rows, carried out when service resumes: a line by|NAME, then"
              + " lines such as set|TABLE|KEY|COLUMN|VALUE|WHY, drop|TABLE|KEY|WHY,"
              + " keep|TABLE|KEY|WHY")
  Optional<Path> overrides = Optional.empty();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RecoverCommand() {}

  @Override
  public CommandResult call() throws IOException {
    long started = root().terminal.nanoTime().getAsLong();
    PostRecovery.Outlook[] ahead = new PostRecovery.Outlook[1];
    Recovery recovery =
        new Recovery(
            root().archivePath(),
            root().databasePath(),
            root().progress(),
            root().now(),
            view -> ahead[0] = PostRecovery.outlook(view, root().clock.instant()));
    Optional<OverridesFile> decisions =
        overrides.isPresent() ? Optional.of(OverridesFile.read(overrides.get())) : Optional.empty();
    Recovery.Result result =
        recovery.run(
            new Recovery.Plan(until(), groups(), replace, dryRun, acceptMissing, decisions));
    PostRecovery.Outlook outlook = Objects.requireNonNull(ahead[0]);
    double seconds = (root().terminal.nanoTime().getAsLong() - started) / 1e9;
    CommandResult outcome =
        new CommandResult()
            .put("changes", result.changes())
            .put("rows", result.rows())
            .put("tables", result.tables())
            .put("digest", result.digest().hex())
            .put("seq", result.seq())
            .put("rows_per_second", Math.round(result.rows() / Math.max(seconds, 1e-3)))
            .put("proven", result.proven())
            .put("withheld", result.withheld())
            .put(
                "defaults_used",
                Stream.concat(result.defaults().stream(), outlook.defaults().stream()).toList())
            .put("decisions", outlook.decisions())
            .put("advice", outlook.advice())
            .put("dry_run", dryRun)
            .put("kept_aside", result.keptAside().map(Object::toString))
            .find(result.findings(), Map.of());
    outcome.say(
        (dryRun ? "Would recover " : "Recovered ")
            + "%,d rows from %,d changes in %.1f s."
                .formatted(result.rows(), result.changes(), seconds));
    boolean isAnythingLost =
        result.findings().stream().anyMatch(finding -> finding.code().equals(Recovery.LOST));
    outcome.say(
        "Digest "
            + result.digest().hex()
            + (result.proven()
                ? ": the one that the archive recorded."
                : isAnythingLost
                    ? ": nothing proves it, since something is lost."
                    : ": as of change "
                        + result.seq()
                        + "; the archive recorded none for that moment."));
    result
        .keptAside()
        .ifPresent(path -> outcome.say("The database that stood there is kept as " + path + "."));
    result
        .withheld()
        .forEach((what, count) -> outcome.say("Never in the archive: " + count + " " + what + "."));
    result.defaults().forEach(text -> outcome.say("Default: " + text + "."));
    say(outcome, outlook);
    List<String> toProvide = only.isEmpty() ? toProvide(outcome) : List.of();
    outcome.put("must_provide", toProvide);
    toProvide.forEach(outcome::say);
    if (until.isPresent()) {
      outcome.say("It shows the past; nothing may be written to it.");
    }
    return outcome;
  }

  /** What follows, by whom. */
  private void say(CommandResult outcome, PostRecovery.Outlook outlook) {
    outlook.decisions().forEach(line -> outcome.say("When service resumes, as decided: " + line));
    outlook.defaults().forEach(text -> outcome.say("When service resumes: " + text + "."));
    if (until.isEmpty()) {
      outlook.advice().forEach(outcome::say);
    }
  }

  /** What is no part of any archive, or belonged to the machine that is gone. */
  private List<String> toProvide(CommandResult outcome) {
    List<Finding> unread = new ArrayList<>();
    Configuration configuration =
        root().configuration().with(ArchivedSettings.look(root().archivePath(), unread));
    outcome.find(unread, Map.of());
    return configuration.toProvide();
  }

  private PointInTime until() {
    if (until.isEmpty()) {
      return PointInTime.NOW;
    }
    String text = until.get();
    try {
      return TimeArgument.until(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--until: " + e.getMessage(), e);
    }
  }

  private Set<RecoveryGroup> groups() {
    Set<RecoveryGroup> groups = EnumSet.noneOf(RecoveryGroup.class);
    for (String word : only) {
      groups.add(
          RecoveryGroup.of(word.strip())
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--only: expected some of users, prayers, auth, roles, invites, system,"
                              + " found "
                              + word)));
    }
    return groups;
  }
}
