package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.cli.serving.Identities;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.recovery.ArchiveRepair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes damaged files of the archive again what they were, where the same content stands elsewhere.
 */
@Command(
    name = "repair-archives",
    description =
        "Say what is damaged and can be restored exactly, and from where; with --apply, do it.")
public final class RepairArchivesCommand extends Subcommand {
  @Option(
      names = "--apply",
      description =
          "Restore; what stood there is kept in quarantine/. Without it nothing is changed")
  boolean apply;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description =
          "A copy of the archive, of any age and in any state; may be given more than once")
  List<Path> from = List.of();

  @Override
  public CommandResult call() throws IOException {
    ArchiveRepair repair =
        new ArchiveRepair(
            root().archivePath(), root().databasePath(), from, root().clock, root().progress());
    ArchiveRepair.Result result = apply ? repair.apply(Identities.random()) : repair.plan();
    List<Finding> left =
        result.after().findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .toList();
    List<Map<String, Object>> mended =
        result.mended().stream().map(RepairArchivesCommand::json).toList();
    CommandResult outcome =
        new CommandResult()
            .put("applied", apply)
            .put("repaired", apply ? mended : List.of())
            .put("repairable", mended)
            .put("unrepairable", left.stream().map(Finding::toString).toList())
            .put(
                "sources",
                new TreeSet<>(
                    result.mended().stream().flatMap(each -> each.sources().stream()).toList()))
            .put("sound", apply ? result.after().sound() : result.before().sound());
    for (ArchiveRepairer.RepairedFile each : result.mended()) {
      outcome.say(
          (apply ? "" : "can be ")
              + each.action()
              + ": "
              + each.file()
              + (each.sources().isEmpty() ? "" : ", from " + shown(each.sources())));
    }
    result
        .recorded()
        .ifPresent(
            seq ->
                outcome
                    .put("recorded", seq)
                    .say("Written down in operations/ as change " + seq + "."));
    outcome.say(summary(result, left.size()));
    return apply
        ? outcome
            .find(result.after().findings(), result.after().findingsByCode())
            .find(result.notes(), Map.of())
        : outcome.find(result.before().findings(), result.before().findingsByCode());
  }

  private String summary(ArchiveRepair.Result result, int left) {
    int files = result.mended().size();
    if (files == 0 && left == 0) {
      return result.after().verdict() + ": there is nothing to repair.";
    }
    String rest =
        left == 0
            ? ""
            : " %d %s cannot be repaired from what is here; nothing was done about %s."
                .formatted(left, left == 1 ? "finding" : "findings", left == 1 ? "it" : "them");
    if (files == 0) {
      return "Nothing can be repaired."
          + rest
          + (from.isEmpty()
              ? " With a copy of the archive: thywill repair-archives --from DIR"
              : "")
          + " What is lost for good can be accepted: thywill accept-gap";
    }
    String done =
        apply
            ? "%d %s restored to the byte; what stood there is kept in quarantine/."
            : "%d %s can be restored to the byte. Run: thywill repair-archives --apply";
    return done.formatted(files, files == 1 ? "file" : "files") + rest;
  }

  private static String shown(List<String> sources) {
    return sources.size() <= 3
        ? String.join(", ", sources)
        : String.join(", ", sources.subList(0, 3)) + " and " + (sources.size() - 3) + " more";
  }

  private static Map<String, Object> json(ArchiveRepairer.RepairedFile mended) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", mended.file());
    json.put("action", mended.action());
    json.put("findings", mended.causes());
    json.put("sources", mended.sources());
    return json;
  }
}
