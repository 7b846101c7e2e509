package org.thywill.legacy.importer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.SkippedItem;
import org.thywill.legacy.schema.SqliteValue;
import org.thywill.legacy.schema.TableShape;
import org.thywill.legacy.source.CommunityRows;
import org.thywill.legacy.source.IdMapping;
import org.thywill.legacy.source.RowKeys;
import org.thywill.legacy.source.Secrets;
import org.thywill.legacy.source.SourceDatabase;
import org.thywill.legacy.source.SourceIndex;
import org.thywill.legacy.source.SourceScan;
import org.thywill.legacy.source.SourceTable;
import org.thywill.legacy.text.TextArchives;
import org.thywill.legacy.text.merge.TextReport;
import org.thywill.operations.ArchiveFolders;
import org.thywill.progress.ProgressListener;

/**
 * Takes over databases of the Python original: replays their history in the order in which it
 * happened, one fact for each row.
 *
 * <p>First a {@link SourceIndex} of all files, then one pass over all rows, merged by time; rows of
 * tables that the original never had, and how all tables were made, come last. Nothing of a row is
 * lost: what ours cannot say exactly goes beside it as a {@code legacy_values} row. Secrets are
 * hidden before anything else sees them.
 */
public final class LegacyImport {
  private static final String REASON = "import";
  private static final long PROGRESS_ROWS = 1_000;

  private final List<Path> databases;
  private final Optional<Path> emailDatabase;
  private final InstantSource clock;
  private final RowSink sink;
  private Optional<CommunityRows> existing = Optional.empty();
  private CommunityExporter existingExporter = target -> {};
  private ProgressListener progress = ProgressListener.NONE;
  private TextArchiveOptions texts = TextArchiveOptions.NONE;
  private Optional<TextReport> textReport = Optional.empty();

  private final ImportFindings findings = new ImportFindings();
  private final Map<String, Long> tables = new LinkedHashMap<>();
  private final List<SkippedItem> notCarried = new ArrayList<>();
  private long done;
  private long total;

  /**
   * An import of some files; where two of them have the same row, the first one's is taken.
   *
   * @param clock tells which tokens could sign somebody in now
   */
  public LegacyImport(
      List<Path> databases, Optional<Path> emailDatabase, InstantSource clock, RowSink sink) {
    this.databases = List.copyOf(databases);
    this.emailDatabase = emailDatabase;
    this.clock = clock;
    this.sink = sink;
  }

  /** Takes over text archives too; where a database states the same, it wins. */
  public LegacyImport with(TextArchiveOptions archives) {
    texts = archives;
    return this;
  }

  /**
   * Adds only what is not there yet: members are known again by their exact name, everything else
   * by its key.
   */
  public LegacyImport into(CommunityRows community, CommunityExporter exporter) {
    existing = Optional.of(community);
    existingExporter = exporter;
    return this;
  }

  public LegacyImport reporting(ProgressListener to) {
    progress = to;
    return this;
  }

  /**
   * Does it, once.
   *
   * @throws LegacyException if a file is no database of the original, or a database or a ZIP that
   *     cannot be read
   * @throws IOException if the sink fails
   */
  public ImportReport run() throws IOException {
    List<SourceDatabase> sources = new ArrayList<>();
    Optional<Path> scratch = Optional.empty();
    try {
      for (Path file : databases) {
        sources.add(SourceDatabase.open(file));
        require(
            sources.getLast(),
            file,
            "a database of the original: it has neither a table user nor a table prayer",
            LegacyLayout.USER,
            LegacyLayout.PRAYER);
      }
      if (!texts.isEmpty() || existing.isPresent() && !databases.isEmpty()) {
        scratch = Optional.of(Files.createTempDirectory("thywill-import"));
        sources.add(readTexts(sources, scratch.get()));
      }
      if (emailDatabase.isPresent()) {
        sources.add(SourceDatabase.open(emailDatabase.get()));
        require(
            sources.getLast(),
            emailDatabase.get(),
            "the original's database of e-mail addresses: it has no table user_email",
            LegacyLayout.USER_EMAIL);
      }
      return run(sources);
    } catch (ZipException e) {
      throw new LegacyException(e.getMessage() + ".");
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    } catch (SQLException e) {
      throw new LegacyException("The import failed: " + e.getMessage() + ".", e);
    } finally {
      for (SourceDatabase source : sources) {
        source.close();
      }
      if (scratch.isPresent()) {
        ArchiveFolders.delete(scratch.get());
      }
    }
  }

  /**
   * Makes a database of the archives, which is then taken over like the others. A community that is
   * there takes part as a database of its own; without any archives, only to find which of its rows
   * the databases have under other ids.
   */
  private SourceDatabase readTexts(List<SourceDatabase> databases, Path folder)
      throws IOException, SQLException {
    Map<String, Connection> known = new LinkedHashMap<>();
    for (SourceDatabase database : databases) {
      known.put(
          known.containsKey(database.name())
              ? database.name() + " (" + (known.size() + 1) + ")"
              : database.name(),
          database.connection());
    }
    Optional<SourceDatabase> present = Optional.empty();
    if (existing.isPresent()) {
      Path file = folder.resolve("community");
      existingExporter.exportTo(file);
      present = Optional.of(SourceDatabase.open(file));
    }
    try {
      Path made = folder.resolve("text archives");
      TextReport report =
          new TextArchives(
                  texts.sources(),
                  present.map(SourceDatabase::connection),
                  known,
                  LegacyLayout.newestDdl(),
                  texts.zone(),
                  texts.hideUnmoderated())
              .into(made, files -> progress.report("rows", files, 0));
      textReport = texts.isEmpty() ? Optional.empty() : Optional.of(report);
      return SourceDatabase.open(made);
    } finally {
      if (present.isPresent()) {
        present.get().close();
      }
    }
  }

  private static void require(SourceDatabase source, Path file, String what, String... anyOf)
      throws LegacyException {
    for (String table : anyOf) {
      if (source.table(table).isPresent()) {
        return;
      }
    }
    throw new LegacyException(file + " is not " + what + ".");
  }

  private ImportReport run(List<SourceDatabase> sources) throws IOException, SQLException {
    long now = Timestamps.micros(clock.instant());
    for (SourceDatabase source : sources) {
      SourceScan.teach(source.connection(), now);
    }
    List<LegacySchema.Entry> there = existingSchema();
    LegacySchema schema = schema(there, sources);
    Secrets secrets = Secrets.of(sources, existing, now);
    count(sources);
    try (IdMapping twins =
        IdMapping.of(sources.stream().filter(SourceDatabase::holdsTexts).findFirst())) {
      replay(
          sources,
          schema,
          new SourceIndex(sources, secrets, schema, existing, twins, now),
          secrets,
          now);
    }
    addSchema(schema, there, sources, now);
    addUnknownTables(sources, secrets, now);
    progress.report("rows", done, total);
    sources.forEach(source -> notCarried.addAll(source.notCarried()));
    notCarried.addAll(schema.refused());
    return report(sources);
  }

  private List<LegacySchema.Entry> existingSchema() throws IOException {
    List<Row> rows = new ArrayList<>();
    if (existing.isPresent()) {
      existing.get().forEach(Catalog.LEGACY_SCHEMA, rows::add);
    }
    rows.sort(Comparator.comparing(row -> row.get(Catalog.LegacySchema.POSITION).orElse(0L)));
    return rows.stream().map(LegacySchema.Entry::of).toList();
  }

  private static LegacySchema schema(List<LegacySchema.Entry> there, List<SourceDatabase> sources)
      throws SQLException {
    List<LegacySchema.Entry> entries = new ArrayList<>(there);
    Map<String, String> plain = new HashMap<>();
    for (SourceDatabase source : sources) {
      for (LegacySchema.Entry entry : source.schema()) {
        // Texts say nothing of how a database was made; a table is there for the rows that they
        // give it.
        if (!source.holdsTexts()
            || entry.kind().equals(LegacySchema.TABLE) && rows(source, entry.name()) > 0) {
          entries.add(entry);
        }
      }
      for (SourceTable table : source.tables()) {
        plain.putIfAbsent(
            table.name(),
            table.shape().columnNames().stream()
                .map(TableShape::quoted)
                .collect(
                    Collectors.joining(
                        ", ", "CREATE TABLE " + TableShape.quoted(table.name()) + " (", ")")));
      }
    }
    return LegacySchema.of(entries, plain);
  }

  private void count(List<SourceDatabase> sources) throws SQLException {
    for (SourceDatabase source : sources) {
      for (SourceTable table : source.tables()) {
        total += rows(source, table.name());
        tables.put(table.name(), 0L);
      }
    }
  }

  private static long rows(SourceDatabase source, String table) throws SQLException {
    try (Statement ask = source.connection().createStatement();
        ResultSet rows =
            ask.executeQuery("SELECT count(*) FROM main." + TableShape.quoted(table))) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /**
   * Rows of all tables that we know, merged by time; facts of one instant in the order of the
   * catalog.
   */
  private void replay(
      List<SourceDatabase> sources,
      LegacySchema schema,
      SourceIndex survey,
      Secrets secrets,
      long now)
      throws IOException, SQLException {
    PriorityQueue<SourceStream> next = new PriorityQueue<>();
    List<SourceStream> open = new ArrayList<>();
    try {
      for (SourceDatabase source : sources) {
        for (SourceTable table : source.tables()) {
          if (table.legacy().isPresent()) {
            LegacyTable legacy = table.legacy().get();
            SourceStream stream =
                new SourceStream(
                    table,
                    legacy,
                    open.size(),
                    survey.keys(table, legacy),
                    new RowTranslator(table, legacy, schema, survey, secrets, findings),
                    SourceScan.of(table, now));
            open.add(stream);
            if (stream.next()) {
              next.add(stream);
            }
          }
        }
      }
      for (SourceStream stream = next.poll(); stream != null; stream = next.poll()) {
        take(stream);
        if (stream.next()) {
          next.add(stream);
        }
      }
    } finally {
      for (SourceStream stream : open) {
        stream.close();
      }
    }
  }

  private void take(SourceStream stream) throws IOException, SQLException {
    RowKeys.Given given = stream.key();
    if (given.isThere()) {
      findings.note(
          "already-there", stream.table(), "row " + stream.number() + " is there already");
      if (existing.isPresent()) {
        new Differences(existing.get(), findings)
            .look(stream.table(), stream.number(), stream.wouldBe(given.key()));
      }
      step();
    } else {
      Change.Cause cause = stream.cause();
      carry(stream.table(), stream.facts(given.key(), cause), stream.at(), cause);
    }
  }

  private void addSchema(
      LegacySchema schema, List<LegacySchema.Entry> there, List<SourceDatabase> sources, long now)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    long position = there.size();
    for (LegacySchema.Entry entry : schema.entries()) {
      if (there.stream().noneMatch(known -> known.id().equalsIgnoreCase(entry.id()))) {
        rows.add(entry.row(++position));
      }
    }
    // Where no database of the original was ever seen, its last layout is assumed, and need not be
    // kept.
    boolean isAssumed = there.isEmpty() && sources.stream().allMatch(SourceDatabase::holdsTexts);
    if (!rows.isEmpty() && !isAssumed) {
      sink.add(rows, now, cause(sources.getFirst().name() + ":sqlite_master"));
    }
  }

  private void addUnknownTables(List<SourceDatabase> sources, Secrets secrets, long now)
      throws IOException, SQLException {
    Map<String, KeySet> seen = new HashMap<>();
    for (SourceDatabase source : sources) {
      for (SourceTable table : source.tables()) {
        if (table.legacy().isEmpty()) {
          addUnknownTable(
              table,
              secrets,
              seen.containsKey(table.lowerName()),
              seen.computeIfAbsent(table.lowerName(), _ -> new KeySet()),
              sources,
              now);
        }
      }
    }
  }

  /**
   * Carries each row as a list of all its values. Where two sources have such a table, a row that
   * both have is taken once.
   */
  private void addUnknownTable(
      SourceTable table,
      Secrets secrets,
      boolean isSecond,
      KeySet seen,
      List<SourceDatabase> sources,
      long now)
      throws IOException, SQLException {
    boolean isShared =
        sources.stream().filter(source -> source.table(table.lowerName()).isPresent()).count() > 1;
    List<String> names = table.shape().columnNames();
    List<Secrets.Policy> policies =
        names.stream().map(name -> Secrets.policy(table, name, null)).toList();
    Change.Cause cause = cause(table.source());
    try (SourceScan scan = SourceScan.of(table, now)) {
      while (scan.next()) {
        List<SqliteValue> cells = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
          SqliteValue cell = scan.cells()[i];
          SqliteValue hidden = secrets.hide(policies.get(i), cell);
          if (!hidden.equals(cell)) {
            findings.withheld(table, names.get(i));
          }
          cells.add(hidden);
        }
        String values = SqliteValue.spellAll(cells);
        String id =
            String.format(
                    Locale.ROOT,
                    "%s-%019d",
                    ContentHash.of(table.lowerName()).substring(0, 8),
                    scan.number())
                + (isSecond ? "-" + ContentHash.of(values) : "");
        boolean isNew = !isShared || seen.add(scan.number() + " " + values) || !isSecond;
        boolean isThere =
            !isNew
                || existing.isPresent() && existing.get().find(Catalog.LEGACY_ROWS, id).isPresent();
        if (isThere) {
          findings.note("already-there", table, "row " + scan.number() + " is there already");
          step();
        } else {
          carry(
              table,
              List.of(
                  Row.in(Catalog.LEGACY_ROWS)
                      .set(Catalog.LegacyRows.LEGACY_TABLE, table.name())
                      .set(Catalog.LegacyRows.ROW_VALUES, values)
                      .set(Catalog.LegacyRows.ID, id)
                      .build()),
              now,
              cause);
        }
      }
    }
  }

  private void carry(SourceTable table, List<Row> rows, long at, Change.Cause cause)
      throws IOException {
    sink.add(rows, at, cause);
    tables.merge(table.name(), 1L, Long::sum);
    step();
  }

  private void step() {
    if (++done % PROGRESS_ROWS == 0) {
      progress.report("rows", done, total);
    }
  }

  private ImportReport report(List<SourceDatabase> sources) {
    List<String> unknownTables = new ArrayList<>();
    List<String> unknownColumns = new ArrayList<>();
    Map<String, String> dialects = new LinkedHashMap<>();
    for (SourceDatabase source : sources) {
      if (source.holdsTexts()) {
        textReport.ifPresent(
            report ->
                report
                    .dialects()
                    .forEach(
                        (name, found) ->
                            dialects.put(
                                name,
                                found.entrySet().stream()
                                    .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                                    .collect(Collectors.joining(", ")))));
      } else {
        dialects.put(source.name(), source.dialect());
      }
      for (SourceTable table : source.tables()) {
        if (table.legacy().isEmpty() && !table.lowerName().equals(SourceTable.SEQUENCE)) {
          unknownTables.add(table.name());
          findings.note(
              "unknown-table",
              table,
              "the original has no table "
                  + LegacyFinding.shown(table.name())
                  + "; carried as it is");
        }
        unknownColumns(table)
            .forEach(
                column -> {
                  unknownColumns.add(table.name() + "." + column);
                  findings.note(
                      "unknown-column",
                      table,
                      "the original has no column "
                          + LegacyFinding.shown(column)
                          + "; carried as it is");
                });
      }
    }
    long rows = tables.values().stream().mapToLong(Long::longValue).sum();
    return new ImportReport(
        rows,
        tables,
        notCarried,
        findings.withheld(),
        dialects,
        unknownTables,
        unknownColumns,
        allFindings(),
        counts(),
        textReport);
  }

  /** What was found in texts comes first: it names lines. */
  private List<LegacyFinding> allFindings() {
    List<LegacyFinding> all = new ArrayList<>();
    textReport.ifPresent(
        report ->
            report
                .findings()
                .forEach(
                    finding ->
                        all.add(
                            new LegacyFinding(
                                finding.code(),
                                finding.isWarning() ? "warning" : "note",
                                finding.file(),
                                finding.line(),
                                finding.message()))));
    all.addAll(findings.kept());
    return all;
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>(findings.byCode());
    textReport.ifPresent(
        report ->
            report.findingsByCode().forEach((code, count) -> counts.merge(code, count, Long::sum)));
    return counts;
  }

  private static List<String> unknownColumns(SourceTable table) {
    if (table.legacy().isEmpty()) {
      return List.of();
    }
    List<String> unknown = new ArrayList<>();
    @Nullable LegacyColumn[] known = table.known();
    for (int i = 0; i < known.length; i++) {
      if (known[i] == null) {
        unknown.add(table.shape().columns().get(i).name());
      }
    }
    return unknown;
  }

  static Change.Cause cause(String source) {
    return Change.Cause.by(HandleNormalizer.SYSTEM).because(REASON).from(source);
  }
}
