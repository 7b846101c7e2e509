package org.thywill.legacy.importer;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.thywill.legacy.source.CellLimit;
import org.thywill.legacy.source.CommunityRows;
import org.thywill.legacy.source.IdMapping;
import org.thywill.legacy.source.IntegrityCheck;
import org.thywill.legacy.source.RowKeys;
import org.thywill.legacy.source.Secrets;
import org.thywill.legacy.source.SourceDatabase;
import org.thywill.legacy.source.SourceIndex;
import org.thywill.legacy.source.SourceScan;
import org.thywill.legacy.source.SourceTable;
import org.thywill.legacy.text.TextArchives;
import org.thywill.legacy.text.merge.TextReport;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;

/**
 * Imports databases and text archives of the Python original, in the order of their times.
 *
 * <p>A {@link SourceIndex} of all sources is made first. Then one pass goes over all rows, merged
 * by time, and hands each to the sink together with the values that our row cannot hold exactly
 * (table {@code legacy_values}), so that nothing of it is lost. Rows of tables that the original
 * never had, and the definitions of all tables, come last. Secrets are hidden before any other code
 * sees them.
 */
public final class LegacyImport {
  private static final String REASON = "import";
  private static final long PROGRESS_ROWS = 1_000;

  private final List<Path> databases;
  private final InstantSource clock;
  private final RowSink sink;
  private @Nullable Path emailDatabase;
  private @Nullable CommunityRows existing;
  private CommunityExporter existingExporter = target -> {};
  private ProgressListener progress = ProgressListener.NONE;
  private TextArchiveOptions texts = TextArchiveOptions.NONE;
  private @Nullable TextReport textReport;
  private Path target = Path.of("text_archives");

  private final ImportFindings findings = new ImportFindings();
  private final Map<String, Long> tables = new LinkedHashMap<>();
  private final List<SkippedItem> notCarried = new ArrayList<>();
  private long done;
  private long total;

  /**
   * An import of some databases; a row that several of them have is taken from the first.
   *
   * @param clock says which tokens are still valid
   */
  public LegacyImport(List<Path> databases, InstantSource clock, RowSink sink) {
    this.databases = List.copyOf(databases);
    this.clock = clock;
    this.sink = sink;
  }

  /** Imports text archives too; where a database states the same, the database is taken. */
  public LegacyImport with(TextArchiveOptions archives) {
    texts = archives;
    return this;
  }

  /** Imports the original's database of e-mail addresses too, unless it is null. */
  public LegacyImport withEmailDatabase(@Nullable Path database) {
    emailDatabase = database;
    return this;
  }

  /** Keeps what the import needs only while it runs in the folder of the archive to be written. */
  public LegacyImport beside(Path archive) {
    target = archive;
    return this;
  }

  /**
   * Adds only rows that the community lacks: members are compared by their exact name, all other
   * rows by their key.
   */
  public LegacyImport into(CommunityRows community, CommunityExporter exporter) {
    existing = community;
    existingExporter = exporter;
    return this;
  }

  /** Reports rows, and while texts are read files, to a listener. */
  public LegacyImport reporting(ProgressListener to) {
    progress = to;
    return this;
  }

  /**
   * Runs the import; to be called once.
   *
   * @throws LegacyException if a file is no database of the original, or a database or a ZIP file
   *     cannot be read; the sink may have rows already, unless the file could not be opened
   * @throws IOException if the sink fails
   */
  public ImportReport run() throws IOException {
    List<SourceDatabase> sources = new ArrayList<>();
    Path scratch = null;
    try {
      for (Path file : databases) {
        sources.add(SourceDatabase.open(file, target));
        require(
            sources.getLast(),
            file,
            "a database of the original: it has neither a table user nor a table prayer",
            LegacyLayout.USER,
            LegacyLayout.PRAYER);
        requireSound(sources.getLast());
      }
      if (!texts.isEmpty() || existing != null && !databases.isEmpty()) {
        scratch = ScratchFolder.create(target);
        sources.add(readTexts(sources, scratch));
      }
      if (emailDatabase != null) {
        sources.add(SourceDatabase.open(emailDatabase, target));
        require(
            sources.getLast(),
            emailDatabase,
            "the original's database of e-mail addresses: it has no table user_email",
            LegacyLayout.USER_EMAIL);
        requireSound(sources.getLast());
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
      if (scratch != null) {
        ArchiveFolders.delete(scratch);
      }
    }
  }

  /**
   * Makes a database of the text archives, which is then imported like the others.
   *
   * <p>A community that is added to takes part as a database of its own. Without any archives this
   * serves only to find the rows that the databases have under other ids than the community.
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
    SourceDatabase community = null;
    if (existing != null) {
      Path file = folder.resolve("community");
      existingExporter.exportTo(file);
      community = SourceDatabase.open(file, folder);
    }
    try {
      Path target = folder.resolve("text archives");
      TextReport report =
          new TextArchives(texts.sources(), LegacyLayout.newestDdl())
              .community(community == null ? null : community.connection())
              .databases(known)
              .zone(texts.zone())
              .hideUnmoderated(texts.hideUnmoderated())
              .writeTo(target, files -> progress.report("rows", files, 0));
      requireUnderstood(report);
      textReport = texts.isEmpty() ? null : report;
      SourceDatabase read = SourceDatabase.open(target, folder);
      try {
        CellLimit.require(read);
        return read;
      } catch (IOException | SQLException e) {
        read.close();
        throw e;
      }
    } finally {
      if (community != null) {
        community.close();
      }
    }
  }

  private static void requireUnderstood(TextReport report) throws LegacyException {
    for (Path source : report.unknownSources()) {
      throw new LegacyException(
          source
              + " is no text archive of the original: no file in it was understood. Expected its"
              + " folder text_archives, a ZIP of it, or one file such as sessions_backup.json.");
    }
  }

  /**
   * Refuses a database that is damaged or has a value that is too long; warns of one that SQLite
   * cannot check.
   */
  private void requireSound(SourceDatabase source) throws IOException, SQLException {
    CellLimit.require(source);
    IntegrityCheck.reasonNotToCheck(source)
        .ifPresent(
            reason ->
                findings.warning(
                    "integrity-not-checked",
                    source.name() + ":0",
                    "SQLite cannot check whether the database is whole: " + reason));
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
    long nowMicros = Timestamps.micros(clock.instant());
    for (SourceDatabase source : sources) {
      SourceScan.registerTimeFunction(source.connection(), nowMicros);
    }
    List<LegacySchema.Entry> existingEntries = existingSchema();
    LegacySchema schema = schema(existingEntries, sources);
    Secrets secrets = Secrets.of(sources, existing, nowMicros);
    countRows(sources);
    SourceDatabase textDatabase =
        sources.stream().filter(SourceDatabase::holdsTexts).findFirst().orElse(null);
    try (IdMapping idMapping = IdMapping.of(textDatabase)) {
      replay(
          sources,
          schema,
          new SourceIndex(sources, secrets, schema, existing, idMapping, nowMicros),
          secrets,
          nowMicros);
    }
    addSchema(schema, existingEntries, sources, nowMicros);
    addUnknownTables(sources, secrets, nowMicros);
    progress.report("rows", done, total);
    sources.forEach(source -> notCarried.addAll(source.notCarried()));
    for (SkippedItem refused : schema.refused()) {
      notCarried.add(refused);
      findings.warning(
          "schema-line-refused", "sqlite_master:0", refused.what() + ": " + refused.reason());
    }
    return report(sources);
  }

  private List<LegacySchema.Entry> existingSchema() throws IOException {
    List<Row> rows = new ArrayList<>();
    if (existing != null) {
      existing.forEach(Catalog.LEGACY_SCHEMA, rows::add);
    }
    rows.sort(Comparator.comparing(row -> row.get(Catalog.LegacySchema.POSITION).orElse(0L)));
    return rows.stream().map(LegacySchema.Entry::of).toList();
  }

  private static LegacySchema schema(
      List<LegacySchema.Entry> existingEntries, List<SourceDatabase> sources) throws SQLException {
    List<LegacySchema.Entry> entries = new ArrayList<>(existingEntries);
    Map<String, String> plain = new HashMap<>();
    for (SourceDatabase source : sources) {
      for (LegacySchema.Entry entry : source.schema()) {
        // Texts do not say how a database was made: of their tables, only those with rows are
        // needed.
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

  private void countRows(List<SourceDatabase> sources) throws SQLException {
    for (SourceDatabase source : sources) {
      for (SourceTable table : source.tables()) {
        total += rows(source, table.name());
        tables.put(table.name(), 0L);
      }
    }
  }

  private static long rows(SourceDatabase source, String table) throws SQLException {
    try (Statement query = source.connection().createStatement();
        ResultSet rows =
            query.executeQuery("SELECT count(*) FROM main." + TableShape.quoted(table))) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Imports the rows of all tables that we know, merged by time. */
  private void replay(
      List<SourceDatabase> sources,
      LegacySchema schema,
      SourceIndex index,
      Secrets secrets,
      long nowMicros)
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
                    index.keys(table, legacy),
                    new RowTranslator(table, legacy, schema, index, secrets, findings),
                    SourceScan.of(table, nowMicros));
            open.add(stream);
            if (stream.next()) {
              next.add(stream);
            }
          }
        }
      }
      for (SourceStream stream = next.poll(); stream != null; stream = next.poll()) {
        importRow(stream);
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

  private void importRow(SourceStream stream) throws IOException, SQLException {
    RowKeys.Key key = stream.key();
    if (key.isPresent()) {
      findings.note(
          "already-there", stream.table(), "row " + stream.rowNumber() + " is there already");
      if (existing != null) {
        new Differences(existing, findings)
            .report(stream.table(), stream.rowNumber(), stream.comparisonRows(key.text()));
      }
      countRow();
    } else {
      Change.Cause cause = stream.cause();
      addRows(stream.table(), stream.rows(key.text(), cause), stream.atMicros(), cause);
    }
  }

  private void addSchema(
      LegacySchema schema,
      List<LegacySchema.Entry> existingEntries,
      List<SourceDatabase> sources,
      long nowMicros)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    long position = existingEntries.size();
    for (LegacySchema.Entry entry : schema.entries()) {
      if (existingEntries.stream().noneMatch(known -> known.id().equalsIgnoreCase(entry.id()))) {
        rows.add(entry.row(++position));
      }
    }
    // Without any database of the original, an export assumes its last layout: it need not be kept.
    boolean isAssumed =
        existingEntries.isEmpty() && sources.stream().allMatch(SourceDatabase::holdsTexts);
    if (!rows.isEmpty() && !isAssumed) {
      sink.add(rows, nowMicros, cause(sources.getFirst().name() + ":sqlite_master"));
    }
  }

  private void addUnknownTables(List<SourceDatabase> sources, Secrets secrets, long nowMicros)
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
              nowMicros);
        }
      }
    }
  }

  /**
   * Adds each row as a list of all its values; a row that two sources have is added once.
   *
   * @param isSecond whether an earlier source has a table of this name
   * @param seen the rows of the earlier sources; those of this one are added
   */
  private void addUnknownTable(
      SourceTable table,
      Secrets secrets,
      boolean isSecond,
      KeySet seen,
      List<SourceDatabase> sources,
      long nowMicros)
      throws IOException, SQLException {
    boolean isShared =
        sources.stream().filter(source -> source.table(table.lowerName()).isPresent()).count() > 1;
    List<String> names = table.shape().columnNames();
    List<Secrets.Policy> policies =
        names.stream().map(name -> Secrets.policy(table, name, null)).toList();
    Change.Cause cause = cause(table.source());
    try (SourceScan scan = SourceScan.of(table, nowMicros)) {
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
                    scan.rowNumber())
                + (isSecond ? "-" + ContentHash.of(values) : "");
        boolean isNew = !isShared || seen.add(scan.rowNumber() + " " + values) || !isSecond;
        boolean isPresent =
            !isNew || existing != null && existing.find(Catalog.LEGACY_ROWS, id).isPresent();
        if (isPresent) {
          findings.note("already-there", table, "row " + scan.rowNumber() + " is there already");
          countRow();
        } else {
          addRows(
              table,
              List.of(
                  Row.in(Catalog.LEGACY_ROWS)
                      .set(Catalog.LegacyRows.LEGACY_TABLE, table.name())
                      .set(Catalog.LegacyRows.ROW_VALUES, values)
                      .set(Catalog.LegacyRows.ID, id)
                      .build()),
              nowMicros,
              cause);
        }
      }
    }
  }

  private void addRows(SourceTable table, List<Row> rows, long atMicros, Change.Cause cause)
      throws IOException {
    sink.add(rows, atMicros, cause);
    tables.merge(table.name(), 1L, Long::sum);
    countRow();
  }

  private void countRow() {
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
        if (textReport != null) {
          textReport.dialects().forEach((name, found) -> dialects.put(name, inWords(found)));
        }
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
        new ImportReport.Unknown(unknownTables, unknownColumns),
        new ImportReport.Found(allFindings(), findingsByCode()),
        textReport);
  }

  private static String inWords(Map<String, Long> filesByDialect) {
    return filesByDialect.entrySet().stream()
        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  /** All findings; those about texts come first, because they name lines. */
  private List<LegacyFinding> allFindings() {
    List<LegacyFinding> all = new ArrayList<>();
    if (textReport != null) {
      for (TextReport.Finding finding : textReport.findings()) {
        all.add(
            new LegacyFinding(
                finding.code(),
                finding.isWarning() ? "warning" : "note",
                finding.file(),
                finding.line(),
                finding.message()));
      }
    }
    all.addAll(findings.kept());
    return all;
  }

  private Map<String, Long> findingsByCode() {
    Map<String, Long> findingsByCode = new LinkedHashMap<>(findings.byCode());
    if (textReport != null) {
      textReport
          .findingsByCode()
          .forEach((code, count) -> findingsByCode.merge(code, count, Long::sum));
    }
    return findingsByCode;
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
