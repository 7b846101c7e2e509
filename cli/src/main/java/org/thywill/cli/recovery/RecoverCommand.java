package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Timestamps;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.cli.terminal.TimeArgument;
import org.thywill.community.PostRecovery;
import org.thywill.operations.recovery.CutTransaction;
import org.thywill.operations.recovery.OlderArchiveException;
import org.thywill.operations.recovery.OverridesFile;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.operations.recovery.Recovery;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Builds the database from the archive. */
@Command(
    name = "recover",
    description = "Build the database from the archive only, and prove that it is the same.")
public final class RecoverCommand extends Subcommand {
  @Option(
      names = "--until",
      paramLabel = "TIME|SEQ",
      description =
          "Rebuild as of a time (2024-01-15T10:30:00Z, or a day, then its end in UTC) or a"
              + " change")
  @Nullable String until;

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
      names = "--older",
      description = "With --replace: also put aside a database with more changes than the archive")
  boolean older;

  @Option(names = "--dry-run", description = "Rebuild and prove in a scratch file; leave no file")
  boolean dryRun;

  @Option(
      names = "--accept-missing",
      description =
          "Leave out the changes that are nowhere to be found, and name them; such a database is"
              + " for looking at")
  boolean acceptMissing;

  @Option(
      names = "--overrides",
      paramLabel = "FILE",
      description =
          "Decisions about single rows, carried out when service resumes: a line by|NAME, then"
              + " lines such as set|TABLE|KEY|COLUMN|VALUE|WHY, drop|TABLE|KEY|WHY,"
              + " keep|TABLE|KEY|WHY")
  @Nullable Path overrides;

  @Override
  protected CommandResult execute() throws IOException {
    OutlookReader outlookReader = new OutlookReader(context().clock().instant());
    Recovery recovery =
        new Recovery(
            context().archivePath(),
            context().databasePath(),
            context().progress(),
            context().now(),
            outlookReader);
    OverridesFile overridesFile = overrides == null ? null : OverridesFile.read(overrides);
    Recovery.Result result =
        recovery.run(
            new Recovery.Plan(
                until(), groups(), replace, dryRun, acceptMissing, older, overridesFile));
    PostRecovery.Outlook outlook = outlookReader.outlook();
    double seconds = context().seconds();
    CommandResult outcome =
        new CommandResult()
            .put("changes", result.changes())
            .put("rows", result.rows())
            .put("tables", result.tables())
            .put("digest", result.digest().hex())
            .put("seq", result.seq())
            .put("rows_per_second", Math.round(result.rows() / Math.max(seconds, 1e-3)))
            .put("proven", result.proven())
            .put("equal", result.equal())
            .put("withheld", result.withheld())
            .put(
                "defaults_used",
                Stream.concat(result.defaults().stream(), outlook.defaults().stream()).toList())
            .put("decisions", outlook.decisions())
            .put("advice", outlook.advice())
            .put("dry_run", dryRun)
            .put("kept_aside", Optional.ofNullable(result.keptAside()).map(Object::toString))
            .find(result.findings(), Map.of());
    List<PlaceGuard.Answer> places =
        new PlaceGuard(context().archivePath())
            .remembering(context().machineMemory(), context().clock().instant())
            .ask(context().configuration().value(Configuration.LOCATIONS));
    try {
      context().machineMemory().requireNotOlder(context().archivePath());
    } catch (OlderArchiveException e) {
      String message = String.valueOf(e.getMessage());
      outcome.find(
          Finding.warning("archive-older", ".", 0, message)
              .next("thywill repair-archives --from COPY"));
    }
    outcome.put("places", places.stream().map(RecoverCommand::json).toList());
    places.stream().map(PlaceGuard.Answer::objection).forEach(found -> add(outcome, found));
    outcome.say(
        (dryRun ? "Would recover " : "Recovered ")
            + "%,d rows from %,d changes in %.1f s."
                .formatted(result.rows(), result.changes(), seconds));
    places.forEach(each -> outcome.say("The copy " + each.place() + " " + each.sentence() + "."));
    outcome.say("Digest " + result.digest().hex() + ": " + proof(result) + ".");
    if (result.keptAside() != null) {
      outcome.say("The old database is kept as " + result.keptAside() + ".");
    }
    result
        .withheld()
        .forEach((what, count) -> outcome.say("Never in the archive: " + count + " " + what + "."));
    result.defaults().forEach(text -> outcome.say("Default: " + text + "."));
    say(outcome, outlook);
    List<String> toProvide = only.isEmpty() ? toProvide(outcome) : List.of();
    outcome.put("must_provide", toProvide);
    toProvide.forEach(outcome::say);
    if (until != null) {
      CutTransaction.at(context().archivePath(), until()).ifPresent(outcome::say);
      outcome.say("It shows the past, up to " + shown(until()) + "; nothing may be written to it.");
    }
    return outcome;
  }

  private static void add(CommandResult outcome, @Nullable Finding finding) {
    if (finding != null) {
      outcome.find(finding);
    }
  }

  private static Map<String, Object> json(PlaceGuard.Answer answer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", answer.place().toString());
    json.put("state", answer.state().label());
    json.put("sentence", answer.sentence());
    return json;
  }

  /** Reads from a recovered view what is still to be done. */
  private static final class OutlookReader implements Recovery.Inspection {
    private final Instant now;
    private PostRecovery.@Nullable Outlook outlook;

    private OutlookReader(Instant now) {
      this.now = now;
    }

    @Override
    public void inspect(ViewReader view) throws IOException {
      outlook = PostRecovery.outlook(view, now);
    }

    /** What was read; a recovery that succeeded has shown its view. */
    private PostRecovery.Outlook outlook() {
      return Objects.requireNonNull(outlook);
    }
  }

  private static String proof(Recovery.Result result) {
    if (result.equal()) {
      return "the one that the archive recorded";
    }
    if (result.findings().stream().anyMatch(Recovery::isAboutTheDigest)) {
      return "not the one that the archive recorded";
    }
    if (result.findings().stream().anyMatch(Recovery::isAboutTheHead)) {
      return "no head is left that proves it";
    }
    if (result.proven()) {
      return "not the one that the archive recorded, only the recovered groups are";
    }
    boolean isAnythingLost =
        result.findings().stream().anyMatch(finding -> finding.code().equals(Recovery.LOST));
    return isAnythingLost
        ? "nothing proves it, since something is lost"
        : "as of change " + result.seq() + "; the archive recorded none for that moment";
  }

  /** Says what is still to be done: by the program when service resumes, and by the operator. */
  private void say(CommandResult outcome, PostRecovery.Outlook outlook) {
    outlook.decisions().forEach(line -> outcome.say("When service resumes, as decided: " + line));
    outlook.defaults().forEach(text -> outcome.say("When service resumes: " + text + "."));
    if (until == null) {
      outlook.advice().forEach(outcome::say);
    }
  }

  /** What the operator has to provide, since no archive has it; findings go to the result. */
  private List<String> toProvide(CommandResult outcome) {
    List<Finding> unread = new ArrayList<>();
    Configuration configuration =
        context().configuration().with(ArchivedSettings.look(context().archivePath(), unread));
    outcome.find(unread, Map.of());
    return configuration.toProvide();
  }

  /** A point in time as it was understood: a change, or an instant in UTC. */
  private static String shown(PointInTime end) {
    return end.atMicros() == Long.MAX_VALUE
        ? "change " + end.seq()
        : Timestamps.format(end.atMicros());
  }

  private PointInTime until() {
    if (until == null) {
      return PointInTime.NOW;
    }
    try {
      return TimeArgument.until(until);
    } catch (IllegalArgumentException e) {
      throw wrongUsage("--until: " + e.getMessage(), e);
    }
  }

  private Set<RecoveryGroup> groups() {
    Set<RecoveryGroup> groups = EnumSet.noneOf(RecoveryGroup.class);
    for (String word : only) {
      groups.add(
          RecoveryGroup.of(word.strip())
              .orElseThrow(
                  () ->
                      wrongUsage(
                          "--only: expected some of users, prayers, auth, roles, invites, system,"
                              + " found "
                              + word)));
    }
    return groups;
  }
}
