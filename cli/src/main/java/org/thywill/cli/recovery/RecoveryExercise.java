package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.CommunitySource;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.Comparison;
import org.thywill.progress.ProgressListener;

/**
 * A way to break a demonstration on purpose, so that a new operator can practise what
 * docs/EXERCISES.md guides through. What was there before is written down beside it, to judge the
 * outcome by.
 */
public enum RecoveryExercise {
  LOST_DATABASE("the database was deleted"),
  DAMAGED_FILE("a line of one file of the archive was changed by hand"),
  LOST_LINE(
      "a line was taken out of the archive wherever it stood; an older copy of the archive lies in"
          + " the folder copy");

  private static final String NOTES = "exercise.txt";
  private final String what;

  RecoveryExercise(String what) {
    this.what = what;
  }

  public String what() {
    return what;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<RecoveryExercise> of(String word) {
    return Arrays.stream(values()).filter(exercise -> exercise.label().equals(word)).findFirst();
  }

  public static String words() {
    return Arrays.stream(values()).map(RecoveryExercise::label).collect(Collectors.joining(", "));
  }

  /** Breaks the demonstration in a folder, after it has written down what is there. */
  public void breakIt(Path folder) throws IOException {
    try (CommunitySource source = CommunitySource.database(database(folder))) {
      Files.writeString(
          folder.resolve(NOTES), label() + "\n" + source.view().computeDigest().hex() + "\n");
    }
    switch (this) {
      case LOST_DATABASE -> {
        for (String side : List.of("", "-wal", "-shm")) {
          Files.deleteIfExists(folder.resolve("community.db" + side));
        }
      }
      case DAMAGED_FILE -> {
        Path log = last(archive(folder).resolve("users"));
        Files.writeString(log, Files.readString(log).replaceFirst("\\|added\\|", "|addde|"));
      }
      case LOST_LINE -> {
        copy(archive(folder), folder.resolve("copy"));
        loseALine(archive(folder));
      }
    }
  }

  /**
   * A month that has not ended has no parity: what is gone from its log, from the journal and from
   * the page of the prayer is gone from the archive.
   */
  private static void loseALine(Path archive) throws IOException {
    Path log = last(archive.resolve("prayers/marks"));
    String line = Files.readAllLines(log, StandardCharsets.ISO_8859_1).getLast() + "\n";
    try (var files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String without = text.replace((file.equals(log) ? "" : "marks|") + line, "");
        if (!without.equals(text)) {
          Files.writeString(file, without, StandardCharsets.ISO_8859_1);
        }
      }
    }
  }

  private static Path last(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .sorted()
          .reduce((_, later) -> later)
          .orElseThrow(
              () ->
                  new OperationRefusedException(
                      folder + " is empty; play a demonstration with more members and prayers"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /**
   * What is still wrong in a folder, in sentences; empty if the operator got it right.
   *
   * @throws OperationRefusedException if no exercise was begun there
   */
  public static List<String> check(Path folder, ProgressListener progress) throws IOException {
    Path notes = folder.resolve(NOTES);
    if (!Files.exists(notes)) {
      throw new OperationRefusedException(
          "no exercise was begun in "
              + folder
              + ". Run: thywill demo --dir "
              + folder
              + " --break KIND, with one of "
              + words());
    }
    List<String> lines = Files.readAllLines(notes);
    RecoveryExercise exercise =
        of(lines.getFirst())
            .orElseThrow(
                () ->
                    new OperationRefusedException(
                        notes + " names no exercise: " + lines.getFirst()));
    List<String> wrong = new ArrayList<>();
    CheckReport report =
        new ArchiveChecker(ArchiveFolders.archiveAsItIs(archive(folder)))
            .check(ArchiveChecker.Mode.FULL, progress);
    if (!report.sound()) {
      wrong.add(
          "The archive is not sound: "
              + report.findings().getFirst()
              + ". Look with: thywill validate-archives");
      return wrong;
    }
    if (exercise != LOST_DATABASE && !Files.isDirectory(archive(folder).resolve("quarantine"))) {
      wrong.add(
          "The archive is sound, but nothing of it is in quarantine: it was put back or edited, not"
              + " repaired. What was written since a copy was made would be lost that way.");
    }
    if (!Files.exists(database(folder))) {
      wrong.add("There is no database " + database(folder) + ". Build it with: thywill recover");
      return wrong;
    }
    try (CommunitySource text = CommunitySource.archive(archive(folder), progress);
        CommunitySource view = CommunitySource.database(database(folder))) {
      if (!text.view().computeDigest().hex().equals(lines.get(1))) {
        wrong.add("The archive does not hold what the community had before.");
      }
      Comparison.of(text.view(), view.view())
          .counts()
          .forEach(
              (table, count) ->
                  wrong.add(
                      "The database differs from the archive in "
                          + count
                          + " rows or cells of "
                          + table
                          + "."));
    }
    return wrong;
  }

  private static Path archive(Path folder) {
    return folder.resolve("text_archives");
  }

  private static Path database(Path folder) {
    return folder.resolve("community.db");
  }
}
