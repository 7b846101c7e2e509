package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.access.Ids;
import org.thywill.operations.recovery.ArchiveRepair;
import org.thywill.operations.settings.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Restores damaged files of the archive to the byte, from where their content is kept, too. */
@Command(
    name = "repair-archives",
    description =
        "Say what is damaged and can be restored exactly, and from where; with --apply, do it.")
public final class RepairArchivesCommand extends Subcommand {
  private static final int SOURCES_SHOWN = 3;

  @Option(
      names = "--apply",
      description =
          "Restore; the damaged bytes are kept in quarantine/. Without it nothing is changed")
  boolean apply;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description =
          "A copy of the archive, of any age and in any state; may be given more than once."
              + " Default: the places in ARCHIVE_LOCATIONS")
  List<Path> from = List.of();

  @Override
  protected CommandResult execute() throws IOException {
    String named = context().configuration().value(Configuration.LOCATIONS);
    List<Path> places =
        from.isEmpty() ? ArchiveRepair.usable(named, context().archivePath()) : from;
    ArchiveRepair repair =
        new ArchiveRepair(
            context().archivePath(),
            context().databasePath(),
            places,
            named,
            context().clock(),
            context().progress());
    ArchiveRepair.Result result =
        apply ? repair.apply(new Ids(new SecureRandom()).hexId()) : repair.plan();
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
                outcome.put("recorded", seq).say("Recorded in operations/ as change " + seq + "."));
    ArchiveRepair.Extension extension = result.extension();
    if (extension != null) {
      outcome.put("extended", json(extension)).say(sentence(extension));
    }
    if (extension == null || !result.mended().isEmpty() || !left.isEmpty()) {
      outcome.say(summary(result, left.size(), places));
    }
    return apply
        ? outcome
            .find(result.after().findings(), result.after().findingsByCode())
            .find(result.notes(), Map.of())
        : outcome
            .find(result.before().findings(), result.before().findingsByCode())
            .find(result.notes(), Map.of());
  }

  private String sentence(ArchiveRepair.Extension extension) {
    String changes =
        "changes %d to %d, from %s"
            .formatted(extension.first(), extension.last(), extension.from());
    return apply
        ? "Extended: " + changes + ", byte for byte."
        : "Can be extended: "
            + changes
            + ". Run: thywill repair-archives --from "
            + extension.from()
            + " --apply";
  }

  private static Map<String, Object> json(ArchiveRepair.Extension extension) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", extension.from().toString());
    json.put("first", extension.first());
    json.put("last", extension.last());
    return json;
  }

  private String summary(ArchiveRepair.Result result, int left, List<Path> places) {
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
          + (places.isEmpty()
              ? " With a copy of the archive: thywill repair-archives --from DIR"
              : "")
          + " What is lost for good can be accepted: thywill accept-gap";
    }
    boolean isExact =
        result.mended().stream().noneMatch(each -> each.action().equals(ArchiveRepairer.IN_PART));
    String how = isExact ? "to the byte" : "as far as their lines are anywhere";
    String done =
        apply
            ? "%d %s restored %s; the damaged bytes are kept in quarantine/."
            : "%d %s can be restored %s. Run: thywill repair-archives --apply";
    return done.formatted(files, files == 1 ? "file" : "files", how) + rest;
  }

  private static String shown(List<String> sources) {
    return sources.size() <= SOURCES_SHOWN
        ? String.join(", ", sources)
        : String.join(", ", sources.subList(0, SOURCES_SHOWN))
            + " and "
            + (sources.size() - SOURCES_SHOWN)
            + " more";
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
