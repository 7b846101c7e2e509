package org.thywill.legacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.BulkLedger;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.MachineClock;
import org.thywill.ledger.ViewFile;
import org.thywill.legacy.exporter.ExportReport;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.importer.RowSink;
import org.thywill.legacy.importer.TextArchiveOptions;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.source.CommunityRows;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.CommunitySource;
import org.thywill.operations.OperationRefusedException;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;

/**
 * Imports a community of the Python original, and exports one as a database of the original.
 *
 * <p>An import makes a new archive, which is written unfinished its place and gets its name once it
 * is complete, or adds to an archive that exists, through its ledger. The view is then built from
 * the archive like any other.
 */
public final class LegacyMigration {
  private final Path archive;
  private final ViewFile view;
  private final InstantSource clock;
  private final String community;
  private final ProgressListener progress;

  /**
   * What to import.
   *
   * @param databases the original's databases; a row that several have is taken from the first
   * @param texts text archives
   * @param emailDatabase the original's database of e-mail addresses, or null
   * @param replace whether an archive and a view that exist may be set aside
   * @param dryRun whether to read and report only
   */
  public record Plan(
      List<Path> databases,
      TextArchiveOptions texts,
      @Nullable Path emailDatabase,
      boolean replace,
      boolean dryRun) {}

  /**
   * The result of an import.
   *
   * @param digestAfter the digest of the community afterwards; null after a dry run
   */
  public record Result(ImportReport report, @Nullable String digestAfter) {
    /** The digest of the community afterwards; empty after a dry run. */
    public Optional<String> digest() {
      return Optional.ofNullable(digestAfter);
    }
  }

  /**
   * A migration into an archive.
   *
   * @param database the file of the view
   * @param community the random id of a new community
   */
  public LegacyMigration(
      Path archive,
      Path database,
      InstantSource clock,
      String community,
      ProgressListener progress) {
    this.archive = archive;
    this.view = new ViewFile(database);
    this.clock = clock;
    this.community = community;
    this.progress = progress;
  }

  /**
   * Runs the import.
   *
   * @throws OperationRefusedException if a target exists or is a source; nothing was changed
   * @throws LegacyException if a source is no database of the original; nothing was changed, except
   *     that rows read before the failure stay in an archive that existed before
   * @throws IOException if the archive or the view cannot be written
   */
  public Result run(Plan plan) throws IOException {
    for (Path source : plan.databases()) {
      requireNoTarget(source);
    }
    for (Path source : plan.texts().sources()) {
      if (Files.exists(source) && Files.exists(archive) && Files.isSameFile(source, archive)) {
        throw new OperationRefusedException(
            source + " is both the source and the target; name another folder with --archive");
      }
    }
    if (plan.emailDatabase() != null) {
      requireNoTarget(plan.emailDatabase());
    }
    boolean isFree = ArchiveFolders.isFree(archive);
    if (!isFree
        && !(Files.isDirectory(archive) && ArchiveIdentity.isPresent(GzipDisk.at(archive)))) {
      throw new OperationRefusedException(
          archive + " exists and is no archive; name another folder with --archive");
    }
    return isFree || plan.replace() ? importIntoNew(plan, isFree) : importIntoExisting(plan);
  }

  private void requireNoTarget(Path source) throws IOException {
    if (Files.exists(source) && view.exists() && Files.isSameFile(source, view.file())) {
      throw new OperationRefusedException(
          source + " is both the source and the target; name another database with --db");
    }
  }

  private Result importIntoNew(Plan plan, boolean isFree) throws IOException {
    if (plan.dryRun()) {
      return new Result(read(plan, (rows, atMicros, cause) -> {}, null), null);
    }
    if (view.exists() && !plan.replace()) {
      throw new OperationRefusedException(
          view.file() + " exists. Add --replace to put it aside, or name another with --db");
    }
    ArchiveFolders.requireOutside(view.file(), archive, "--db");
    MachineClock.of(clock).requirePlausible();
    if (!isFree) {
      ArchiveFolders.requireNotHeld(archive, clock.instant().toString());
    }
    Path unfinished = archive.resolveSibling(archive.getFileName() + ".importing");
    ArchiveFolders.delete(unfinished);
    try {
      ImportReport report;
      try (BulkLedger history =
          new BulkLedger(GzipDisk.at(unfinished), community, Timestamps.micros(clock.instant()))) {
        report = read(plan, history::add, null);
        history.finish();
      }
      moveIntoPlace(unfinished, isFree);
      if (view.exists()) {
        view.setAside("replaced");
      }
      String digest =
          view.build(ArchiveReader.open(GzipDisk.at(archive), 0), PointInTime.NOW, progress)
              .digest()
              .hex();
      return new Result(report, digest);
    } finally {
      ArchiveFolders.delete(unfinished);
    }
  }

  private void moveIntoPlace(Path unfinished, boolean isFree) throws IOException {
    if (isFree) {
      Files.deleteIfExists(archive);
      Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
      ArchiveFolders.forceNames(archive);
    } else {
      ArchiveFolders.exchange(archive, unfinished, "replaced");
    }
  }

  private Result importIntoExisting(Plan plan) throws IOException {
    try (Ledger ledger = Ledger.open(archive, view.file(), clock, progress);
        ViewReader reader = ledger.read()) {
      RowSink sink =
          plan.dryRun()
              ? (rows, atMicros, cause) -> {}
              : (rows, atMicros, cause) ->
                  ledger.write(
                      cause,
                      transaction -> {
                        for (Row row : rows) {
                          if (transaction.find(row.table(), row.key()).isEmpty()) {
                            transaction.addImported(row);
                          }
                        }
                      });
      ImportReport report = read(plan, sink, new ViewRows(reader));
      return new Result(report, plan.dryRun() ? null : ledger.digest().hex());
    }
  }

  /**
   * Reads the sources.
   *
   * @param existing the community that is added to, or null
   */
  private ImportReport read(Plan plan, RowSink sink, @Nullable CommunityRows existing)
      throws IOException {
    LegacyImport run =
        new LegacyImport(plan.databases(), clock, sink)
            .with(plan.texts())
            .withEmailDatabase(plan.emailDatabase())
            .beside(archive)
            .reporting(progress);
    if (existing != null) {
      run.into(existing, target -> new LegacyExport(existing).allowingPowerfulNames().to(target));
    }
    return run.run();
  }

  /**
   * Writes the community of a view as a database of the original.
   *
   * @param database the file of the view
   * @param replace whether a file that exists may be set aside
   * @param allowPowerfulNames whether names that give rights in the original are written as they
   *     are
   * @throws OperationRefusedException if the target exists, or is the view; nothing was changed
   * @throws LegacyException if the target cannot be written; a file that was there is set aside
   */
  public static ExportReport export(
      Path database,
      Path to,
      boolean replace,
      boolean allowPowerfulNames,
      ProgressListener progress)
      throws IOException {
    if (Files.exists(to) && Files.exists(database) && Files.isSameFile(to, database)) {
      throw new OperationRefusedException(
          to + " is both the source and the target; name another file with --to");
    }
    if (Files.exists(to) && !replace) {
      throw new OperationRefusedException(
          to + " exists. Add --replace to put it aside, or name another file");
    }
    try (CommunitySource source = CommunitySource.database(database)) {
      if (Files.exists(to)) {
        Files.move(to, ArchiveFolders.aside(to, "replaced"), StandardCopyOption.ATOMIC_MOVE);
      }
      LegacyExport export = new LegacyExport(new ViewRows(source.view())).reporting(progress);
      return allowPowerfulNames ? export.allowingPowerfulNames().to(to) : export.to(to);
    }
  }

  /** The rows of a view. */
  private record ViewRows(ViewReader view) implements CommunityRows {
    @Override
    public Optional<Row> find(Table table, String key) throws IOException {
      return view.find(table, key);
    }

    @Override
    public void forEach(Table table, Consumer<Row> each) throws IOException {
      view.forEach(table, each::accept);
    }

    @Override
    public <T> List<Row> findBy(Column<T> column, T value) throws IOException {
      return view.findBy(column, value);
    }
  }
}
