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
import org.thywill.legacy.text.dialect.Assertion.RowStated;
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
import org.thywill.legacy.text.merge.DatabaseStatements;
import org.thywill.legacy.text.merge.LossyEquality;
import org.thywill.legacy.text.merge.Merge;
import org.thywill.legacy.text.merge.TextReport;

/**
 * Text archives of the original, from all their sources at once, made into one database of its last
 * layout.
 *
 * <p>Files are read one at a time, by the first dialect that recognises them; those whose lines can
 * only be cut when all names are known, last. Then prayers that lost their ids get them back,
 * entries are understood, and all that was stated is merged.
 */
public final class TextArchives {
  private static final List<Dialect> DIALECTS = dialects();
  private static final long PROGRESS_FILES = 500;

  private final List<Path> sources;
  private final Optional<Connection> community;
  private final Map<String, Connection> databases;
  private final List<String> ddl;
  private final Optional<ZoneId> zone;
  private final boolean hideUnmoderated;
  private final TextReport report = new TextReport();

  /**
   * Archives to read.
   *
   * @param sources folders, ZIPs, and single files
   * @param community what is added to, as an open database of the original: nothing of it is told
   *     again
   * @param databases name → an open database that wins where it speaks
   * @param ddl the statements that make the original's tables
   * @param zone of the server's clock, if the operator knows it
   * @param hideUnmoderated whether prayers of which no file says that they are not flagged are
   *     imported hidden
   */
  public TextArchives(
      List<Path> sources,
      Optional<Connection> community,
      Map<String, Connection> databases,
      List<String> ddl,
      Optional<ZoneId> zone,
      boolean hideUnmoderated) {
    this.sources = List.copyOf(sources);
    this.community = community;
    this.databases = databases;
    this.ddl = List.copyOf(ddl);
    this.zone = zone;
    this.hideUnmoderated = hideUnmoderated;
  }

  /** The names of all layouts that are known, in the order in which they are tried. */
  public static List<String> layouts() {
    return DIALECTS.stream().map(Dialect::name).toList();
  }

  /**
   * Reads everything into a new database.
   *
   * @param target a file that does not exist yet
   * @param progress told how many files were read
   * @throws IOException if a source cannot be read
   * @throws SQLException if the database cannot be written
   */
  public TextReport into(Path target, LongConsumer progress) throws IOException, SQLException {
    Path beside = target.resolveSibling(target.getFileName() + ".staging");
    try (AssertionStore staging = new AssertionStore(beside, report);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + target)) {
      try (Statement sql = connection.createStatement()) {
        sql.execute("PRAGMA journal_mode = OFF");
        sql.execute("PRAGMA synchronous = OFF");
        for (String statement : ddl) {
          sql.execute(statement);
        }
      }
      connection.setAutoCommit(false);
      if (community.isPresent()) {
        DatabaseStatements.ofCommunity(community.get()).to(staging);
      }
      for (Map.Entry<String, Connection> database : databases.entrySet()) {
        DatabaseStatements.of(database.getKey(), database.getValue()).to(staging);
      }
      read(staging, progress);
      staging.sort();
      knowPrayersAgain(staging);
      namePlaceholders(staging);
      ZoneId clock = clock(staging);
      understand(staging, clock);
      new Merge(staging, connection, report, clock, hideUnmoderated).run();
      connection.commit();
      return report;
    } catch (UncheckedSqlException e) {
      throw e.sqlException();
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private void read(AssertionStore staging, LongConsumer progress) throws IOException {
    List<TextTree> trees = new ArrayList<>();
    try {
      List<Runnable> later = new ArrayList<>();
      for (Path source : sources) {
        TextTree tree = TextTree.open(source);
        trees.add(tree);
        nameDoubled(tree);
        for (String name : tree.files()) {
          Optional<TextTree> within = within(tree, name);
          within.ifPresent(trees::add);
          within.ifPresent(this::nameDoubled);
          for (String each : within.map(TextTree::files).orElse(List.of(name))) {
            recognise(
                String.valueOf(source.getFileName()), within.orElse(tree), each, staging, later);
            if (report.files() % PROGRESS_FILES == 0) {
              progress.accept(report.files());
            }
          }
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

  private void nameDoubled(TextTree tree) {
    if (tree instanceof ZipTree zip) {
      zip.doubled()
          .forEach(
              name ->
                  report.find(
                      "zip-name-twice",
                      true,
                      new SourceLocation(zip.shown(name), 1),
                      "the ZIP has several files of this name, and only the last is read; unpack it"
                          + " with a program that keeps all, and name the folder instead"));
    }
  }

  /** A ZIP that lies in a folder, as a source of its own. */
  private Optional<TextTree> within(TextTree tree, String name) {
    if (name.isEmpty() || !FolderTree.isCalledZip(name) || !(tree instanceof FolderTree folder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(folder.within(name));
    } catch (IOException | RuntimeException e) {
      report.find(
          "zip-not-read",
          true,
          new SourceLocation(tree.shown(name), 1),
          "a ZIP that cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private void recognise(
      String source, TextTree tree, String name, AssertionStore staging, List<Runnable> later)
      throws IOException {
    if (!name.isEmpty() && FolderTree.isCalledZip(name)) {
      if (tree instanceof ZipTree) { // left alone, so that none is read for ever
        report.find(
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
      content.doubt().ifPresent(doubt -> report.find("zip-damaged", true, file.at(1), doubt));
    } catch (TextTree.Unread e) {
      report.file(source, "not read");
      report.take(new Assertion.NotUnderstood(new SourceLocation(tree.shown(name), 1), e.why()));
      return;
    }
    if (!file.isUtf8() && !file.text().startsWith("SQLite format 3")) {
      report.find(
          "not-utf8", true, file.at(1), "not valid UTF-8; bytes that are no text stand as U+FFFD");
    }
    Dialect dialect =
        DIALECTS.stream().filter(one -> one.recognises(file)).findFirst().orElse(null);
    report.file(source, dialect == null ? "not recognised" : dialect.name());
    if (dialect == null) {
      notRecognised(file);
    } else if (dialect.needsNames()) {
      later.add(() -> read(dialect, tree, name, staging));
    } else {
      read(dialect, file, staging);
    }
  }

  private static void read(Dialect dialect, TextFile file, AssertionStore staging) {
    LineCoverage account = new LineCoverage(file, staging);
    dialect.read(file, account);
    account.close(dialect.name());
  }

  private void read(Dialect dialect, TextTree tree, String name, AssertionStore staging) {
    try {
      read(dialect, tree.read(name).file(), staging);
    } catch (TextTree.Unread e) {
      report.take(new Assertion.NotUnderstood(new SourceLocation(tree.shown(name), 1), e.why()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void notRecognised(TextFile file) {
    int lines = file.lines().size();
    report.take(
        new Assertion.NotUnderstood(
            file.at(1),
            "the content is that of no file of the original: lines 1 to "
                + lines
                + " were not read"));
  }

  /**
   * A crash left the word temp where the id belongs. The prayer stands elsewhere with its id, or
   * the activity names it, or it gets a new one.
   */
  private void namePlaceholders(AssertionStore staging) throws SQLException {
    Set<String> authors = new TreeSet<>();
    staging.placeholders.forEach(
        row -> authors.add(String.valueOf(row.values().get("author_username"))));
    Map<String, Map<String, Map<String, @Nullable String>>> known =
        authors.isEmpty() ? Map.of() : staging.prayersOf(authors);
    for (RowStated row : List.copyOf(staging.placeholders)) {
      String author = String.valueOf(row.values().get("author_username"));
      String at = String.valueOf(row.values().get("created_at"));
      Optional<String> twin =
          known.getOrDefault(author, Map.of()).entrySet().stream()
              .filter(entry -> isSame(row, entry.getValue()))
              .map(Map.Entry::getKey)
              .findFirst();
      Set<String> submitted =
          twin.isPresent() ? Set.of() : staging.submittedWithoutText(author, at);
      submitted =
          twin.isEmpty() && submitted.isEmpty()
              ? staging.toldAlike(row.key().getFirst())
              : submitted;
      boolean isTold = submitted.size() == 1;
      String id =
          twin.orElse(
              isTold
                  ? submitted.iterator().next()
                  : SyntheticIds.prayer(author, at, row.values().get("text")));
      boolean isNew = twin.isEmpty() && !isTold;
      report.find(
          isNew ? "id-made" : "id-found",
          isNew,
          row.place(),
          isNew
              ? "the file lost the prayer's id, and nothing else tells it; it has a new one"
              : "the file lost the prayer's id; it is "
                  + id
                  + (twin.isPresent()
                      ? ", as the same prayer says elsewhere"
                      : ", as the activity of that minute says"));
      RowStated named =
          new RowStated(
              row.table(),
              List.of(id),
              row.origin(),
              row.trust(),
              row.place(),
              row.values(),
              row.approximate(),
              row.inferred());
      staging.add(named);
      staging.rename(row.key().getFirst(), id);
    }
    for (String lost : staging.submissionsWithoutText()) {
      report.find(
          "prayer-lost",
          true,
          staging.submission(lost),
          "prayer " + lost + " was submitted, but no file has its text");
    }
  }

  /**
   * A prayer whose id was made at an earlier import, and that something tells with an id now, keeps
   * the one that it has.
   */
  private static void knowPrayersAgain(AssertionStore staging) throws SQLException {
    Set<String> authors = new TreeSet<>();
    staging.madePrayers.forEach(
        row -> authors.add(String.valueOf(row.values().get("author_username"))));
    Map<String, Map<String, Map<String, @Nullable String>>> known =
        authors.isEmpty() ? Map.of() : staging.prayersOf(authors);
    for (RowStated made : staging.madePrayers) {
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

  private static boolean isSame(RowStated row, Map<String, @Nullable String> other) {
    String text = row.values().get("text");
    String its = other.get("text");
    return text != null
        && its != null
        && LossyEquality.alike("text", text, its)
        && LossyEquality.alike(
            "created_at",
            String.valueOf(row.values().get("created_at")),
            String.valueOf(other.get("created_at")));
  }

  private ZoneId clock(AssertionStore staging) {
    if (zone.isPresent()) {
      report.offset(zone.get() + ", as given");
      return zone.get();
    }
    Optional<ZoneOffset> agreed = staging.offsets.agreed();
    report.offset(
        agreed
            .map(
                offset ->
                    ClockOffsetEstimator.shown(offset)
                        + ", concluded from events that both clocks stamped")
            .orElse(
                "UTC, since "
                    + staging.offsets.why()
                    + "; give --offset if the server did not run in UTC"));
    return agreed.map(ZoneId.class::cast).orElse(ZoneOffset.UTC);
  }

  private void understand(AssertionStore staging, ZoneId clock) throws SQLException {
    List<Assertion> found = new ArrayList<>();
    ActivityInterpreter acts = new ActivityInterpreter(staging.names(), clock, found::add);
    staging.forEachPrayer(
        (prayer, all) -> {
          acts.of(prayer, all);
          found.forEach(staging::add);
          found.clear();
        });
    staging
        .members
        .values()
        .forEach(
            seen -> {
              if (!PrayerFile.NOBODY.contains(seen.name())) {
                staging.add(
                    RowStated.of(
                            "user", "deeds", SourcePriority.INFERRED, seen.place(), seen.name())
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
