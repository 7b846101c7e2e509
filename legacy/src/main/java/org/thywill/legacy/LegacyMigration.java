package org.thywill.legacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.BulkLedger;
import org.thywill.ledger.Ledger;
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
 * Takes over a community of the Python original: into a new archive, which is written beside and
 * named when it is whole, or into one that is there, through its ledger. The database is then built
 * from the archive, like any other.
 */
public final class LegacyMigration {
  private final Path archive;
  private final ViewFile home;
  private final InstantSource clock;
  private final String community;
  private final ProgressListener progress;

  /**
   * What to take over.
   *
   * @param texts text archives
   * @param replace whether an archive and a database that exist may be put aside
   * @param dryRun whether to read and report only
   */
  public record Plan(
      List<Path> databases,
      TextArchiveOptions texts,
      Optional<Path> emailDatabase,
      boolean replace,
      boolean dryRun) {}

  /**
   * What came of it.
   *
   * @param digest of the community afterwards; empty after a dry run
   */
  public record Result(ImportReport report, Optional<String> digest) {}

  /**
   * @param community the random id of a new community
   */
  public LegacyMigration(
      Path archive,
      Path database,
      InstantSource clock,
      String community,
      ProgressListener progress) {
    this.archive = archive;
    this.home = new ViewFile(database);
    this.clock = clock;
    this.community = community;
    this.progress = progress;
  }

  /**
   * Takes over.
   *
   * @throws OperationRefusedException if a target exists or is a source; nothing was changed
   * @throws LegacyException if a source is no database of the original; nothing was changed
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
    if (plan.emailDatabase().isPresent()) {
      requireNoTarget(plan.emailDatabase().get());
    }
    boolean free = ArchiveFolders.isFree(archive);
    if (!free && !(Files.isDirectory(archive) && ArchiveIdentity.isPresent(GzipDisk.at(archive)))) {
      throw new OperationRefusedException(
          archive + " exists and is no archive; name another folder with --archive");
    }
    if (free || plan.replace()) {
      return intoNew(plan, free);
    }
    return intoExisting(plan);
  }

  private void requireNoTarget(Path source) throws IOException {
    if (Files.exists(source) && home.exists() && Files.isSameFile(source, home.file())) {
      throw new OperationRefusedException(
          source + " is both the source and the target; name another database with --db");
    }
  }

  private Result intoNew(Plan plan, boolean free) throws IOException {
    if (plan.dryRun()) {
      return new Result(read(plan, (rows, at, cause) -> {}, Optional.empty()), Optional.empty());
    }
    if (home.exists() && !plan.replace()) {
      throw new OperationRefusedException(
          home.file() + " exists. Add --replace to put it aside, or name another with --db");
    }
    if (!free) {
      ArchiveFolders.requireNotHeld(archive, clock.instant().toString());
    }
    Path beside = archive.resolveSibling(archive.getFileName() + ".importing");
    ArchiveFolders.delete(beside);
    try {
      ImportReport report;
      try (BulkLedger history =
          new BulkLedger(GzipDisk.at(beside), community, Timestamps.micros(clock.instant()))) {
        report = read(plan, history::add, Optional.empty());
        history.finish();
      }
      putInPlace(beside, free);
      if (home.exists()) {
        home.setAside("replaced");
      }
      String digest =
          home.build(ArchiveReader.open(GzipDisk.at(archive), 0), PointInTime.NOW, progress)
              .digest()
              .hex();
      return new Result(report, Optional.of(digest));
    } finally {
      ArchiveFolders.delete(beside);
    }
  }

  private void putInPlace(Path beside, boolean free) throws IOException {
    if (free) {
      Files.deleteIfExists(archive);
      Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
      ArchiveFolders.forceNames(archive);
    } else {
      ArchiveFolders.exchange(archive, beside, "replaced");
    }
  }

  private Result intoExisting(Plan plan) throws IOException {
    try (Ledger ledger = Ledger.open(archive, home.file(), clock, progress);
        ViewReader view = ledger.read()) {
      RowSink sink =
          plan.dryRun()
              ? (rows, at, cause) -> {}
              : (rows, at, cause) ->
                  ledger.write(
                      cause,
                      transaction -> {
                        for (Row row : rows) {
                          if (transaction.find(row.table(), row.key()).isEmpty()) {
                            transaction.addImported(row);
                          }
                        }
                      });
      ImportReport report = read(plan, sink, Optional.of(new ViewRows(view)));
      return new Result(
          report, plan.dryRun() ? Optional.empty() : Optional.of(ledger.digest().hex()));
    }
  }

  private ImportReport read(Plan plan, RowSink sink, Optional<CommunityRows> existing)
      throws IOException {
    LegacyImport run =
        new LegacyImport(plan.databases(), plan.emailDatabase(), clock, sink)
            .with(plan.texts())
            .reporting(progress);
    existing.ifPresent(rows -> run.into(rows, target -> new LegacyExport(rows).to(target)));
    return run.run();
  }

  /** Writes a community as a database of the original. */
  public static ExportReport export(
      Path database, Path to, boolean replace, ProgressListener progress) throws IOException {
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
      return new LegacyExport(new ViewRows(source.view())).reporting(progress).to(to);
    }
  }

  /** A view as the legacy room wants to see it. */
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
