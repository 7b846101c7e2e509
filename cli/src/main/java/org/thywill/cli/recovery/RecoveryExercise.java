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
import org.thywill.progress.ProgressListener;
import org.thywill.view.Comparison;

/**
 * A way to break a demonstration on purpose, for the exercises in docs/EXERCISES.md.
 *
 * <p>The file exercise.txt in the folder keeps the name of the exercise and the digest from before,
 * so that the result can be checked.
 */
public enum RecoveryExercise {
  LOST_DATABASE("the database was deleted"),
  DAMAGED_FILE("a line of one file of the archive was changed by hand"),
  LOST_LINE(
      "a line was removed from the archive in all its places; an older copy of the archive is in"
          + " the folder copy");

  private static final String NOTES = "exercise.txt";
  private final String what;

  RecoveryExercise(String what) {
    this.what = what;
  }

  /** What happened to the demonstration, in a clause. */
  public String what() {
    return what;
  }

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The exercise with a label; none if no exercise has it. */
  public static Optional<RecoveryExercise> of(String label) {
    return Arrays.stream(values()).filter(exercise -> exercise.label().equals(label)).findFirst();
  }

  /** All labels, for messages. */
  public static String labels() {
    return Arrays.stream(values()).map(RecoveryExercise::label).collect(Collectors.joining(", "));
  }

  /** Notes the digest of the demonstration in a folder, then breaks it. */
  public void begin(Path folder) throws IOException {
    try (CommunitySource source = CommunitySource.database(database(folder))) {
      Files.writeString(
          folder.resolve(NOTES), label() + "\n" + source.view().computeDigest().hex() + "\n");
    }
    switch (this) {
      case LOST_DATABASE -> deleteDatabase(database(folder));
      case DAMAGED_FILE -> {
        Path log = last(archive(folder).resolve("users"));
        Files.writeString(log, Files.readString(log).replaceFirst("\\|added\\|", "|addde|"));
      }
      case LOST_LINE -> {
        copy(archive(folder), folder.resolve("copy"));
        removeLastMark(archive(folder));
      }
    }
  }

  /** Deletes an SQLite database with the files that SQLite keeps beside it. */
  public static void deleteDatabase(Path database) throws IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(database.resolveSibling(database.getFileName() + suffix));
    }
  }

  /**
   * Removes a line that nothing in the archive can restore. A month that has not ended has no
   * parity, so the line is lost once it is in no log, journal or page.
   */
  private static void removeLastMark(Path archive) throws IOException {
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
   * Checks whether an operator did the exercise in a folder right.
   *
   * @return what is still wrong, in sentences
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
              + labels());
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
