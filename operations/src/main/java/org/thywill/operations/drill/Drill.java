package org.thywill.operations.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.ledger.StartRefusedException;
import org.thywill.ledger.WritesRefusedException;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.ScratchFolder;
import org.thywill.operations.recovery.OperationLog;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.progress.ProgressListener;
import org.thywill.view.Comparison;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewState;
import org.thywill.view.rebuild.DigestMismatchException;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * Rebuilds a community into a scratch database and compares it with the live one.
 *
 * <p>So it is known, before it is needed, whether a recovery would give back what is there. Three
 * digests are compared at the same change: the one that the live database keeps with every change,
 * the one of its rows, and the one of the rebuilt rows. If the first two differ, the live database
 * was changed without the ledger. If they are equal and the third differs, the rebuild is wrong.
 */
public final class Drill {
  static final String CHANGED_BY_HAND = "live-changed-by-hand";
  static final String REBUILD_DIFFERS = "rebuild-differs";
  public static final String ARCHIVE_BEHIND = "archive-behind";
  static final String PROOF_FAILED = "proof-failed";
  static final String COPY_BEHIND = "copy-behind";
  static final String UNRECORDED = "drill-unrecorded";

  private final Path archive;
  private final Path database;
  private final LongSupplier nanoTime;
  private final ProgressListener progress;
  private final Rebuilder rebuilder;
  private final Recorder recorder;

  /** Rebuilds an archive into a file; a test replaces it to show that a wrong rebuild is found. */
  @FunctionalInterface
  interface Rebuilder {
    Rebuild.Result into(
        Path scratch, ArchiveReader archive, PointInTime until, ProgressListener progress)
        throws IOException;
  }

  /** Records the result of a drill, and returns the number of the change. */
  @FunctionalInterface
  public interface Recorder {
    long write(OperationLog.Entry entry) throws IOException;
  }

  /**
   * The result of a drill.
   *
   * @param report what the archive records of it
   * @param digestLive of the rows of the live database
   * @param digestRebuilt of the rebuilt rows; empty if the rebuild failed
   * @param equal whether the digests that were compared are equal
   * @param differences between the live side, which is {@code a}, and the rebuilt side, {@code b}
   * @param findings the causes of a red drill are errors
   * @param recorded the change that records it; empty if it could not be recorded, which a finding
   *     then says
   */
  public record Result(
      DrillReport report,
      String digestLive,
      String digestRebuilt,
      boolean equal,
      Comparison.Result differences,
      List<Finding> findings,
      OptionalLong recorded) {}

  /**
   * Creates a drill of one community.
   *
   * @param nanoTime measures how long the rebuild takes, in nanoseconds
   */
  public Drill(
      Path archive,
      Path database,
      InstantSource clock,
      LongSupplier nanoTime,
      ProgressListener progress) {
    this(archive, database, clock, nanoTime, progress, Rebuild::into);
  }

  Drill(
      Path archive,
      Path database,
      InstantSource clock,
      LongSupplier nanoTime,
      ProgressListener progress,
      Rebuilder rebuilder) {
    this(
        archive,
        database,
        nanoTime,
        progress,
        rebuilder,
        new OperationLog(archive, database, clock, progress)::write);
  }

  private Drill(
      Path archive,
      Path database,
      LongSupplier nanoTime,
      ProgressListener progress,
      Rebuilder rebuilder,
      Recorder recorder) {
    this.archive = archive;
    this.database = database;
    this.recorder = recorder;
    this.nanoTime = nanoTime;
    this.progress = progress;
    this.rebuilder = rebuilder;
  }

  /**
   * Creates a drill within a server, which holds the archive.
   *
   * @param recorder records the result through the server's own ledger
   */
  public static Drill whileServing(
      Path archive,
      Path database,
      LongSupplier nanoTime,
      ProgressListener progress,
      Recorder recorder) {
    return new Drill(archive, database, nanoTime, progress, Rebuild::into, recorder);
  }

  /**
   * Creates a drill whose result is recorded only if no copy of the archive has changes that it
   * lacks.
   *
   * @param copies folders, separated by commas
   */
  public static Drill guarded(
      Path archive,
      Path database,
      InstantSource clock,
      LongSupplier nanoTime,
      ProgressListener progress,
      String copies) {
    return whileServing(
        archive,
        database,
        nanoTime,
        progress,
        entry -> {
          new PlaceGuard(archive).require(copies);
          return new OperationLog(archive, database, clock, progress).write(entry);
        });
  }

  /**
   * Runs the drill, and records its result.
   *
   * @param location a copy of the archive to rebuild from; null for the archive itself
   * @param id a random id for the change that records it
   * @throws OperationRefusedException if there is no live database of this community and version
   */
  public Result run(@Nullable Path location, String id) throws IOException {
    Path scratch = ScratchFolder.create(database);
    Result result;
    boolean archiveDamaged;
    try (SqliteReader live = open()) {
      Attempt attempt = new Attempt(live, location, scratch);
      attempt.run();
      result = attempt.result();
      archiveDamaged = attempt.own && attempt.damaged;
    } finally {
      ArchiveFolders.delete(scratch);
    }
    return recorded(result, archiveDamaged, id);
  }

  private SqliteReader open() throws IOException {
    if (!Files.exists(database)) {
      throw new OperationRefusedException(
          database + " does not exist, so there is nothing to compare with. Run: thywill recover");
    }
    SqliteReader live = SqliteReader.open(database);
    try {
      live.pin();
      ViewState state = live.state();
      if (state.asOf()) {
        throw new OperationRefusedException(
            database
                + " was made with recover --until and shows the past. Name the live database with"
                + " --db");
      }
      if (state.catalog() != Catalog.VERSION) {
        throw new OperationRefusedException(
            database
                + " was made for another version of this program. Run: thywill recover --replace");
      }
      return live;
    } catch (IOException | RuntimeException e) {
      live.close();
      throw e;
    }
  }

  /** Records the report, unless the archive is damaged: nothing is added to a damaged archive. */
  private Result recorded(Result result, boolean archiveDamaged, String id) throws IOException {
    String cause;
    if (archiveDamaged) {
      cause =
          "the archive is damaged, and nothing is added to it before it is repaired. Then drill"
              + " again";
    } else {
      try {
        return with(
            result, result.findings(), OptionalLong.of(recorder.write(result.report().entry(id))));
      } catch (ArchiveLock.Held e) {
        cause =
            e.getMessage() + ". Stop it and drill again; the comparison above holds all the same";
      } catch (StartRefusedException
          | WritesRefusedException
          | OperationRefusedException
          | DamagedArchiveException e) {
        cause = String.valueOf(e.getMessage());
      }
    }
    List<Finding> findings = new ArrayList<>(result.findings());
    findings.add(
        Finding.warning(UNRECORDED, ".", 0, "the report of this drill was not archived: " + cause)
            .next(archiveDamaged ? "thywill repair-archives" : "thywill test-recovery"));
    return with(result, findings, OptionalLong.empty());
  }

  private static Result with(Result result, List<Finding> findings, OptionalLong recorded) {
    return new Result(
        result.report(),
        result.digestLive(),
        result.digestRebuilt(),
        result.equal(),
        result.differences(),
        List.copyOf(findings),
        recorded);
  }

  /** One rebuild and comparison. */
  private final class Attempt {
    private final SqliteReader live;
    private final Path from;
    private final boolean own;
    private final Path scratch;
    private final List<Finding> findings = new ArrayList<>();
    private final ViewState state;
    private final Digest rowsLive;
    private @Nullable Digest expected;
    private @Nullable Digest rebuilt;
    private Comparison.Result differences = new Comparison.Result(false, List.of(), Map.of());
    private double seconds;
    private long seq;
    private boolean damaged;

    Attempt(SqliteReader live, @Nullable Path location, Path scratch) throws IOException {
      this.live = live;
      this.from = location == null ? archive : location;
      this.own =
          location == null
              || Files.exists(from) && Files.exists(archive) && Files.isSameFile(from, archive);
      this.scratch = scratch;
      state = live.state();
      seq = state.seq();
      rowsLive = digestOf(live);
    }

    void run() throws IOException {
      checkLiveRows();
      ArchiveReader reader;
      try {
        reader = ArchiveReader.open(ArchiveFolders.archive(from), own ? seq : 0);
      } catch (DamagedArchiveException e) {
        damage(e.finding());
        return;
      }
      requireSameCommunity(reader);
      long held = seq;
      seq = Math.min(held, reader.lastSeq());
      if (held > seq && own) {
        damage(
            Finding.error(
                ARCHIVE_BEHIND,
                ".",
                0,
                "the archive ends with change "
                    + seq
                    + ", but the live database holds change "
                    + held));
      } else if (held > seq) {
        findings.add(
            Finding.warning(
                    COPY_BEHIND,
                    ".",
                    0,
                    from
                        + " ends with change "
                        + seq
                        + "; the live database holds change "
                        + held
                        + ", so "
                        + (held - seq)
                        + " changes are in no drill of this copy")
                .next(""));
      }
      Digest digest = rebuild(reader);
      if (digest != null) {
        rebuilt = digest;
        compare(digest, held > seq);
      }
    }

    /** The digest that the database keeps with every change must be that of its rows. */
    private void checkLiveRows() throws IOException {
      for (Table table : Catalog.TABLES) {
        if (!live.exists(table)) {
          findings.add(
              Finding.error(
                      CHANGED_BY_HAND,
                      ".",
                      0,
                      "the live database has no table " + table.name() + " any more")
                  .next(recoverOnly(table)));
        } else if (!Objects.equals(
            rowsLive.tables().get(table.name()), state.digest().tables().get(table.name()))) {
          findings.add(
              Finding.error(
                      CHANGED_BY_HAND,
                      ".",
                      0,
                      "the rows of table "
                          + table.name()
                          + " in the live database are not those that the program wrote: somebody"
                          + " changed them by hand, or the disk did")
                  .next(recoverOnly(table)));
        }
      }
    }

    private static String recoverOnly(Table table) {
      return "thywill recover --only " + table.group().label();
    }

    private void requireSameCommunity(ArchiveReader reader) throws OperationRefusedException {
      if (!reader.identity().community().equals(state.community())) {
        throw new OperationRefusedException(
            from
                + " is the archive of another community ("
                + reader.identity().community()
                + ", not "
                + state.community()
                + ")");
      }
    }

    /** The digest of the rebuilt rows; null if the rebuild failed, which a finding then says. */
    private @Nullable Digest rebuild(ArchiveReader reader) throws IOException {
      Path file = scratch.resolve("rebuilt.db");
      long started = nanoTime.getAsLong();
      try {
        rebuilder.into(file, reader, PointInTime.seq(seq), progress);
        seconds = (nanoTime.getAsLong() - started) / 1e9;
        reader
            .findings()
            .forEach(
                finding -> {
                  findings.add(finding);
                  damaged |= finding.severity() == Finding.Severity.ERROR;
                });
        try (SqliteReader view = SqliteReader.open(file)) {
          return digestOf(view);
        }
      } catch (DamagedArchiveException e) {
        damage(e.finding());
      } catch (DigestMismatchException e) {
        findings.add(Finding.error(PROOF_FAILED, ".", 0, String.valueOf(e.getMessage())));
      }
      return null;
    }

    /**
     * Compares the rebuilt rows with the live database.
     *
     * <p>A copy that lacks the newest changes is compared with the archive, rebuilt up to the same
     * change.
     */
    private void compare(Digest digest, boolean isBehind) throws IOException {
      try (SqliteReader view = SqliteReader.open(scratch.resolve("rebuilt.db"))) {
        if (isBehind) {
          if (!own) {
            compareWithArchive(digest, view);
          }
          return;
        }
        expected = rowsLive;
        differences = Comparison.of(live, view);
      }
      for (Table table : Catalog.TABLES) {
        boolean byHand =
            !Objects.equals(
                rowsLive.tables().get(table.name()), state.digest().tables().get(table.name()));
        if (!byHand
            && !Objects.equals(
                rowsLive.tables().get(table.name()), digest.tables().get(table.name()))) {
          differs(table, "the live database");
        }
      }
    }

    private void compareWithArchive(Digest digest, SqliteReader view) throws IOException {
      Path file = scratch.resolve("archive.db");
      try {
        Rebuild.into(
            file,
            ArchiveReader.open(ArchiveFolders.archive(archive), state.seq()),
            PointInTime.seq(seq),
            progress);
      } catch (DamagedArchiveException e) {
        findings.add(e.finding());
        return;
      }
      try (SqliteReader whole = SqliteReader.open(file)) {
        Digest there = digestOf(whole);
        expected = there;
        differences = Comparison.of(whole, view);
        for (Table table : Catalog.TABLES) {
          if (!Objects.equals(
              there.tables().get(table.name()), digest.tables().get(table.name()))) {
            differs(table, "this archive at change " + seq);
          }
        }
      }
    }

    private void differs(Table table, String side) {
      findings.add(
          Finding.error(
              REBUILD_DIFFERS,
              ".",
              0,
              "the rebuilt table "
                  + table.name()
                  + " differs from "
                  + side
                  + ", whose rows are those that the program wrote: what was rebuilt is wrong"));
    }

    private void damage(Finding finding) {
      findings.add(finding);
      damaged = true;
    }

    Result result() {
      boolean equal = rebuilt != null && expected != null && expected.hex().equals(rebuilt.hex());
      Set<String> causes =
          findings.stream()
              .filter(finding -> finding.severity() == Finding.Severity.ERROR)
              .map(Finding::code)
              .collect(Collectors.toCollection(LinkedHashSet::new));
      boolean green = equal && differences.equal() && causes.isEmpty();
      String digest = rebuilt == null ? "" : rebuilt.hex();
      DrillReport report =
          new DrillReport(
              green,
              own ? DrillReport.THIS_ARCHIVE : from.toString(),
              seq,
              rebuilt == null ? 0 : rebuilt.rows(),
              Math.round(seconds * 1000) / 1000.0,
              digest,
              String.join(",", causes));
      return new Result(
          report,
          (expected == null ? rowsLive : expected).hex(),
          digest,
          equal,
          differences,
          List.copyOf(findings),
          OptionalLong.empty());
    }
  }

  /** The digest of the rows; a table that is missing is left out, which changes the digest. */
  private static Digest digestOf(SqliteReader view) throws IOException {
    List<Table> there = new ArrayList<>();
    for (Table table : Catalog.TABLES) {
      if (view.exists(table)) {
        there.add(table);
      }
    }
    return view.computeDigest(there);
  }
}
