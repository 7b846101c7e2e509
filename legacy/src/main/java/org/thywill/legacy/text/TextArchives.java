package org.thywill.legacy.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.UncheckedSqlException;
import org.thywill.legacy.text.dialect.ActivityInterpreter;
import org.thywill.legacy.text.dialect.Assertion;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.DatabaseExports;
import org.thywill.legacy.text.dialect.Dialect;
import org.thywill.legacy.text.dialect.EventLog;
import org.thywill.legacy.text.dialect.ExportTables;
import org.thywill.legacy.text.dialect.IgnoredFiles;
import org.thywill.legacy.text.dialect.JsonFiles;
import org.thywill.legacy.text.dialect.LineCoverage;
import org.thywill.legacy.text.dialect.LiveTables;
import org.thywill.legacy.text.dialect.MembershipApplication;
import org.thywill.legacy.text.dialect.MonthlyActivity;
import org.thywill.legacy.text.dialect.PrayerFile;
import org.thywill.legacy.text.dialect.ReconstructionPlanTables;
import org.thywill.legacy.text.dialect.SessionSnapshot;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.dialect.SpacedSignInRequests;
import org.thywill.legacy.text.dialect.SyntheticIds;
import org.thywill.legacy.text.dialect.UserAttributes;
import org.thywill.legacy.text.dialect.UsersFile;
import org.thywill.legacy.text.file.FolderTree;
import org.thywill.legacy.text.file.SourceLocation;
import org.thywill.legacy.text.file.TextFile;
import org.thywill.legacy.text.file.TextTree;
import org.thywill.legacy.text.file.ZipTree;
import org.thywill.legacy.text.merge.AssertionStore;
import org.thywill.legacy.text.merge.ClockOffsetEstimator;
import org.thywill.legacy.text.merge.DatabaseAssertions;
import org.thywill.legacy.text.merge.LossyEquality;
import org.thywill.legacy.text.merge.Merge;
import org.thywill.legacy.text.merge.TextReport;

/**
 * Reads text archives of the original, from all their sources at once, into one database.
 *
 * <p>Files are read one at a time, by the first dialect that recognises them. Files whose lines can
 * be split only when all names are known are read last. Then prayers that lost their ids get them
 * back, the entries of their activity are interpreted, and all assertions are merged into rows of
 * the original's last layout.
 */
public final class TextArchives {
  private static final List<Dialect> DIALECTS = dialects();
  private static final long PROGRESS_FILES = 500;

  private final List<Path> sources;
  private final List<String> ddl;
  private @Nullable Connection community;
  private Map<String, Connection> databases = Map.of();
  private @Nullable ZoneId zone;
  private boolean hideUnmoderated;
  private long understoodFiles;
  private final TextReport report = new TextReport();

  /**
   * Archives to read.
   *
   * @param sources folders, ZIP files, and single files
   * @param ddl the statements that create the original's tables
   */
  public TextArchives(List<Path> sources, List<String> ddl) {
    this.sources = List.copyOf(sources);
    this.ddl = List.copyOf(ddl);
  }

  /** Names the community that is added to, as an open database of the original; null is none. */
  public TextArchives community(@Nullable Connection database) {
    community = database;
    return this;
  }

  /** Names open databases of the original, by name; where they state a value, it is taken. */
  public TextArchives databases(Map<String, Connection> byName) {
    databases = byName;
    return this;
  }

  /** Sets the zone of the server's clock; null is not known. */
  public TextArchives zone(@Nullable ZoneId ofServer) {
    zone = ofServer;
    return this;
  }

  /** Sets whether a prayer is hidden if no file says whether it was reported. */
  public TextArchives hideUnmoderated(boolean isHidden) {
    hideUnmoderated = isHidden;
    return this;
  }

  /** The names of all layouts that are known, in the order in which they are tried. */
  public static List<String> layouts() {
    return DIALECTS.stream().map(Dialect::name).toList();
  }

  /**
   * Reads everything into a new database.
   *
   * <p>After a failure, the file may exist without all rows.
   *
   * @param target a file that does not exist yet
   * @param progress gets the number of files read so far
   * @throws IOException if a source cannot be read
   * @throws SQLException if the database cannot be written
   */
  public TextReport writeTo(Path target, LongConsumer progress) throws IOException, SQLException {
    Path stagingFile = target.resolveSibling(target.getFileName() + ".staging");
    try (AssertionStore staging = new AssertionStore(stagingFile, report);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + target)) {
      try (Statement sql = connection.createStatement()) {
        sql.execute("PRAGMA journal_mode = OFF");
        sql.execute("PRAGMA synchronous = OFF");
        for (String statement : ddl) {
          sql.execute(statement);
        }
      }
      connection.setAutoCommit(false);
      if (community != null) {
        DatabaseAssertions.ofCommunity(community).addTo(staging);
      }
      for (Map.Entry<String, Connection> database : databases.entrySet()) {
        DatabaseAssertions.of(database.getKey(), database.getValue()).addTo(staging);
      }
      read(staging, progress);
      staging.createIndexes();
      uniteKnownPrayers(staging);
      assignPlaceholderIds(staging);
      ZoneId clock = clock(staging);
      interpretActivity(staging, clock);
      new Merge(staging, connection, report, clock, hideUnmoderated).run();
      connection.commit();
      return report;
    } catch (UncheckedSqlException e) {
      throw e.sqlException();
    } finally {
      Files.deleteIfExists(stagingFile);
    }
  }

  private void read(AssertionStore staging, LongConsumer progress) throws IOException {
    List<TextTree> trees = new ArrayList<>();
    try {
      List<Runnable> later = new ArrayList<>();
      for (Path source : sources) {
        TextTree tree = TextTree.open(source);
        trees.add(tree);
        reportDuplicateNames(tree);
        long understoodBefore = understoodFiles;
        for (String name : tree.files()) {
          Optional<TextTree> within = within(tree, name);
          within.ifPresent(trees::add);
          within.ifPresent(this::reportDuplicateNames);
          for (String each : within.map(TextTree::files).orElse(List.of(name))) {
            recognise(
                String.valueOf(source.getFileName()), within.orElse(tree), each, staging, later);
            if (report.files() % PROGRESS_FILES == 0) {
              progress.accept(report.files());
            }
          }
        }
        if (understoodFiles == understoodBefore) {
          report.addUnknownSource(source);
        }
      }
      later.forEach(Runnable::run);
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    } finally {
      for (TextTree tree : trees) {
        tree.close();
      }
    }
  }

  private void reportDuplicateNames(TextTree tree) {
    if (tree instanceof ZipTree zip) {
      zip.duplicateNames()
          .forEach(
              name ->
                  report.addFinding(
                      "zip-name-twice",
                      true,
                      new SourceLocation(zip.shown(name), 1),
                      "the ZIP has several files of this name, and only the last is read; unpack it"
                          + " with a program that keeps all, and name the folder instead"));
    }
  }

  /** A ZIP file within a folder, as a source of its own; empty for any other file. */
  private Optional<TextTree> within(TextTree tree, String name) {
    if (name.isEmpty() || !FolderTree.isCalledZip(name) || !(tree instanceof FolderTree folder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(folder.within(name));
    } catch (IOException | RuntimeException e) {
      report.addFinding(
          "zip-not-read",
          true,
          new SourceLocation(tree.shown(name), 1),
          "a ZIP that cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Reads a file by the first dialect that recognises it.
   *
   * @param later gets the reading of a file that needs all names
   */
  private void recognise(
      String source, TextTree tree, String name, AssertionStore staging, List<Runnable> later)
      throws IOException {
    if (!name.isEmpty() && FolderTree.isCalledZip(name)) {
      if (tree instanceof ZipTree) { // not opened: ZIP files could be nested without end
        report.addFinding(
            "zip-not-read",
            true,
            new SourceLocation(tree.shown(name), 1),
            "a ZIP within a ZIP; unpack it, and name it with a --from-archives of its own if it"
                + " holds anything that is lacking");
      }
      return;
    }
    TextFile file;
    try {
      TextTree.Content content = tree.read(name);
      file = content.file();
      if (content.doubt() != null) {
        report.addFinding("zip-damaged", true, file.at(1), content.doubt());
      }
    } catch (TextTree.UnreadFileException e) {
      report.countFile(source, "not read");
      report.take(new Assertion.UnreadableLine(new SourceLocation(tree.shown(name), 1), e.why()));
      return;
    }
    if (!file.text().startsWith("SQLite format 3")) {
      file.encodingRemarks()
          .forEach(
              remark ->
                  report.addFinding(remark.code(), true, file.at(remark.line()), remark.message()));
    }
    Dialect dialect =
        DIALECTS.stream().filter(one -> one.recognises(file)).findFirst().orElse(null);
    report.countFile(source, dialect == null ? "not recognised" : dialect.name());
    if (dialect != null && !(dialect instanceof IgnoredFiles)) {
      understoodFiles++;
    }
    if (dialect == null) {
      notRecognised(file);
    } else if (dialect.needsNames()) {
      later.add(() -> read(dialect, tree, name, staging));
    } else {
      read(dialect, file, staging);
    }
  }

  private static void read(Dialect dialect, TextFile file, AssertionStore staging) {
    LineCoverage coverage = new LineCoverage(file, staging);
    dialect.read(file, coverage);
    coverage.close(dialect.name());
  }

  private void read(Dialect dialect, TextTree tree, String name, AssertionStore staging) {
    try {
      read(dialect, tree.read(name).file(), staging);
    } catch (TextTree.UnreadFileException e) {
      report.take(new Assertion.UnreadableLine(new SourceLocation(tree.shown(name), 1), e.why()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void notRecognised(TextFile file) {
    int lines = file.lines().size();
    report.take(
        new Assertion.UnreadableLine(
            file.at(1),
            "the content is that of no file of the original: lines 1 to "
                + lines
                + " were not read"));
  }

  /**
   * Gives each prayer an id whose file lost it: a crash left the word temp in its place.
   *
   * <p>The id is that of the same prayer in another file, or the one that the activity names, or a
   * new one.
   */
  private void assignPlaceholderIds(AssertionStore staging) throws SQLException {
    Set<String> authors = new TreeSet<>();
    staging.placeholders.forEach(
        row -> authors.add(String.valueOf(row.values().get("author_username"))));
    Map<String, Map<String, Map<String, @Nullable String>>> known =
        authors.isEmpty() ? Map.of() : staging.prayersOf(authors);
    for (RowAssertion row : List.copyOf(staging.placeholders)) {
      String author = String.valueOf(row.values().get("author_username"));
      String id = idOfPlaceholder(staging, row, known.getOrDefault(author, Map.of()));
      staging.add(
          new RowAssertion(
              row.table(),
              List.of(id),
              row.origin(),
              row.priority(),
              row.location(),
              row.values(),
              row.approximate(),
              row.inferred()));
      staging.rename(row.key().getFirst(), id);
    }
    for (String lost : staging.submissionsWithoutText()) {
      report.addFinding(
          "prayer-lost",
          true,
          staging.submission(lost),
          "prayer " + lost + " was submitted, but no file has its text");
    }
  }

  /**
   * Finds or makes the id of a prayer whose file lost it, and reports which of them.
   *
   * @param known id → values of the prayers that its author is known to have written
   */
  private String idOfPlaceholder(
      AssertionStore staging, RowAssertion row, Map<String, Map<String, @Nullable String>> known)
      throws SQLException {
    String author = String.valueOf(row.values().get("author_username"));
    String at = String.valueOf(row.values().get("created_at"));
    Optional<String> same =
        known.entrySet().stream()
            .filter(entry -> isSame(row, entry.getValue()))
            .map(Map.Entry::getKey)
            .findFirst();
    if (same.isPresent()) {
      reportFoundId(row, same.get(), "as the same prayer says elsewhere");
      return same.get();
    }
    Set<String> submitted = staging.submittedWithoutText(author, at);
    if (submitted.isEmpty()) {
      submitted = staging.submissionsWithSameEntries(row.key().getFirst());
    }
    if (submitted.size() == 1) {
      String id = submitted.iterator().next();
      reportFoundId(row, id, "as the activity of that minute says");
      return id;
    }
    report.addFinding(
        "id-made",
        true,
        row.location(),
        "the file lost the prayer's id, and no other file has it; it has a new one");
    return SyntheticIds.prayer(author, at, row.values().get("text"));
  }

  private void reportFoundId(RowAssertion row, String id, String how) {
    report.addFinding(
        "id-found",
        false,
        row.location(),
        "the file lost the prayer's id; it is " + id + ", " + how);
  }

  /**
   * Keeps the ids that an earlier import made for prayers, where a source now states another id.
   */
  private static void uniteKnownPrayers(AssertionStore staging) throws SQLException {
    Set<String> authors = new TreeSet<>();
    staging.syntheticPrayers.forEach(
        row -> authors.add(String.valueOf(row.values().get("author_username"))));
    Map<String, Map<String, Map<String, @Nullable String>>> known =
        authors.isEmpty() ? Map.of() : staging.prayersOf(authors);
    for (RowAssertion made : staging.syntheticPrayers) {
      String id = made.key().getFirst();
      for (Map.Entry<String, Map<String, @Nullable String>> other :
          known
              .getOrDefault(String.valueOf(made.values().get("author_username")), Map.of())
              .entrySet()) {
        if (!other.getKey().equals(id) && isSame(made, other.getValue())) {
          staging.unite(other.getKey(), id);
        }
      }
    }
  }

  private static boolean isSame(RowAssertion row, Map<String, @Nullable String> other) {
    String text = row.values().get("text");
    String its = other.get("text");
    return text != null
        && its != null
        && LossyEquality.mayBeEqual("text", text, its)
        && LossyEquality.mayBeEqual(
            "created_at",
            String.valueOf(row.values().get("created_at")),
            String.valueOf(other.get("created_at")));
  }

  private ZoneId clock(AssertionStore staging) {
    if (zone != null) {
      report.describeOffset(zone + ", as given");
      return zone;
    }
    Optional<ZoneOffset> agreedOffset = staging.clockOffset.agreedOffset();
    report.describeOffset(
        agreedOffset
            .map(
                offset ->
                    ClockOffsetEstimator.shown(offset)
                        + ", concluded from events that both clocks stamped")
            .orElse(
                "UTC, since "
                    + staging.clockOffset.why()
                    + "; give --offset if the server did not run in UTC"));
    return agreedOffset.map(ZoneId.class::cast).orElse(ZoneOffset.UTC);
  }

  private void interpretActivity(AssertionStore staging, ZoneId clock) throws SQLException {
    List<Assertion> found = new ArrayList<>();
    ActivityInterpreter interpreter = new ActivityInterpreter(staging.names(), clock, found::add);
    staging.forEachPrayer(
        (prayer, all) -> {
          interpreter.interpretAll(prayer, all);
          found.forEach(staging::add);
          found.clear();
        });
    staging
        .memberEvidence
        .values()
        .forEach(
            seen -> {
              if (!PrayerFile.UNKNOWN_AUTHORS.contains(seen.name())) {
                staging.add(
                    RowAssertion.of(
                            "user", "deeds", SourcePriority.INFERRED, seen.location(), seen.name())
                        .inferred("created_at", seen.at().column()));
              }
            });
  }

  private static List<Dialect> dialects() {
    List<Dialect> all =
        new ArrayList<>(
            List.of(
                new PrayerFile(),
                new MonthlyActivity(),
                new UsersFile(),
                new UserAttributes(),
                new MembershipApplication(),
                new SessionSnapshot(),
                new SpacedSignInRequests(),
                new EventLog()));
    all.addAll(LiveTables.all());
    all.addAll(ExportTables.all());
    all.addAll(DatabaseExports.all());
    all.addAll(ReconstructionPlanTables.all());
    all.add(new IgnoredFiles());
    all.add(new JsonFiles());
    return List.copyOf(all);
  }
}
