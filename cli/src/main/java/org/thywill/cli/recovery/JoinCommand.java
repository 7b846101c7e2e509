package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.access.Ids;
import org.thywill.operations.recovery.HistoryJoin;
import org.thywill.operations.recovery.PlaceGuard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings two histories of one community together. */
@Command(
    name = "join",
    description =
        "Take into the archive what another archive of the community has that went its own way:"
            + " each of its changes is made again as a new one. A row that both have changed in"
            + " different ways needs a decision; without it nothing is changed. The archive as it"
            + " was is kept.")
public final class JoinCommand extends WritingSubcommand {
  private static final int SHOWN_MAX = 20;

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      required = true,
      description = "The folder of the other archive; it is only read")
  Path from = Path.of("");

  @Option(
      names = "--overrides",
      paramLabel = "FILE",
      description =
          "Decisions about rows: a line by|NAME, then lines such as keep|TABLE|KEY|WHY (as it is"
              + " here), take|TABLE|KEY|WHY (as it is there), as|TABLE|KEY|NEW|WHY (both, the other"
              + " one under a new key); * for KEY stands for all rows of the table")
  @Nullable Path overrides;

  @Option(
      names = "--dry-run",
      description = "Try it in a copy, say what comes of it; leave no file")
  boolean dryRun;

  @Override
  protected boolean addsChanges() {
    return !dryRun;
  }

  @Override
  protected PlaceGuard guard() {
    return super.guard().except(from);
  }

  @Override
  protected CommandResult write() throws IOException {
    Ids ids = new Ids(new SecureRandom());
    HistoryJoin.Result result =
        new HistoryJoin(
                context().archivePath(),
                context().databasePath(),
                context().clock(),
                context().progress(),
                ids::hexId)
            .run(from, overrides, dryRun);
    CommandResult outcome =
        new CommandResult()
            .put("from", from.toString())
            .put("dry_run", dryRun)
            .put("common_seq", result.common())
            .put("ours", result.ours())
            .put("theirs", result.theirs())
            .put("collisions", result.collisions().stream().map(JoinCommand::json).toList());
    HistoryJoin.Joined joined = result.joined();
    if (joined != null) {
      return describe(outcome, result, joined);
    }
    if (result.collisions().isEmpty()) {
      String what = new PlaceGuard.Answer(from, result.state(), 0, null).sentence();
      return outcome.say("There is nothing to join: " + from + " " + what + ".");
    }
    return refuse(outcome, result);
  }

  private CommandResult describe(
      CommandResult outcome, HistoryJoin.Result result, HistoryJoin.Joined joined) {
    outcome
        .put("joined", joined.seq())
        .put("taken", joined.taken())
        .put("not_taken", joined.leftOut())
        .put("changes", joined.report().changes())
        .put("sound", joined.report().sound())
        .put("kept_aside", joined.keptAside() == null ? null : joined.keptAside().toString())
        .find(joined.report().findings(), joined.report().findingsByCode())
        .say(
            "Both have the changes up to %,d; after it %,d are only here, %,d only in %s."
                .formatted(result.common(), result.ours(), result.theirs(), from))
        .say(
            "%s: %,d made again as new changes; %,d not, each of which has a line in operations/."
                .formatted(
                    dryRun ? "Would be joined" : "Joined", joined.taken(), joined.leftOut()));
    if (dryRun) {
      return outcome.say("Nothing was changed. Run: thywill join --from " + from + decided());
    }
    return outcome
        .say("Change " + joined.seq() + " in operations/ records both heads.")
        .say("The archive as it was is kept as " + joined.keptAside() + ".")
        .say("Put " + from + " aside, keep it, and copy the archive there again.");
  }

  private String decided() {
    return overrides == null ? "" : " --overrides " + overrides;
  }

  /** Lists what needs a decision. A dry run has done what was asked; a real one was refused. */
  private CommandResult refuse(CommandResult outcome, HistoryJoin.Result result) {
    List<HistoryJoin.Collision> collisions = result.collisions();
    outcome.say(
        "%,d %s a decision, and nothing was changed:"
            .formatted(collisions.size(), collisions.size() == 1 ? "row needs" : "rows need"));
    collisions.stream()
        .limit(SHOWN_MAX)
        .forEach(
            each ->
                outcome
                    .say("  " + each.table() + "/" + each.key() + " " + each.what())
                    .say("    " + String.join("WHY, or ", each.decisions()) + "WHY"));
    if (collisions.size() > SHOWN_MAX) {
      outcome.say(
          "  and %,d more; --json has all of them".formatted(collisions.size() - SHOWN_MAX));
    }
    outcome.say(
        "Write a line by|NAME and one of these lines for each into a file. Next: thywill join"
            + " --from "
            + from
            + " --overrides FILE");
    return dryRun ? outcome.wrong() : outcome.refused();
  }

  private static Map<String, Object> json(HistoryJoin.Collision collision) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", collision.table());
    json.put("key", collision.key());
    json.put("what", collision.what());
    json.put("decisions", collision.decisions());
    return json;
  }
}
