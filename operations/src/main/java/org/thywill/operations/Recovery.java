package org.thywill.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.Finding;
import org.thywill.archive.disk.RealDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Table;
import org.thywill.database.SqliteReader;
import org.thywill.ledger.ViewHome;
import org.thywill.rebuild.Progress;
import org.thywill.rebuild.Rebuild;
import org.thywill.rebuild.Until;

/** Builds the database of a community from its archive alone: beside, proven, then swapped in; what stood there before is kept. */
public final class Recovery {
  private final Path archive;
  private final ViewHome home;
  private final Progress progress;
  private final String now;

  /**
   * What is to be recovered.
   *
   * @param until up to where
   * @param only the groups to bring back into a database that exists; empty for a whole new one
   * @param replace whether a database that exists may be put aside
   * @param dryRun whether to prove only, and to leave nothing behind
   */
  public record Plan(Until until, Set<RecoveryGroup> only, boolean replace, boolean dryRun) {}

  /**
   * What was recovered.
   *
   * @param rows in all tables
   * @param tables rows by table
   * @param withheld what the archive deliberately does not hold, with how often: members provide it anew
   * @param proven whether the digest is the one that the archive recorded
   * @param keptAside where the database is that stood there before
   */
  public record Result(long changes, long seq, long rows, Map<String, Long> tables, Digest digest, Map<String, Long> withheld, boolean proven,
      Optional<Path> keptAside, List<Finding> findings) {}

  /**
   * @param now for the message to whoever finds the archive held
   */
  public Recovery(Path archive, Path database, Progress progress, String now) {
    this.archive = archive;
    this.home = new ViewHome(database);
    this.progress = progress;
    this.now = now;
  }

  /**
   * Recovers.
   *
   * @throws Refused if the plan would put something at risk
   * @throws org.thywill.archive.DamagedArchive if the archive is not what was written
   */
  public Result run(Plan plan) throws IOException {
    RealDisk disk = Places.archive(archive);
    if (!plan.dryRun()) {
      Places.requireNotHeld(archive, now);
    }
    return plan.only().isEmpty() ? whole(disk, plan) : part(disk, plan);
  }

  private Result whole(RealDisk disk, Plan plan) throws IOException {
    if (home.exists() && !plan.replace() && !plan.dryRun()) {
      throw new Refused(home.file() + " exists. Add --replace to put it aside, or name another with --db");
    }
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    requireReachable(reader, plan.until());
    Path scratch = home.scratch();
    try {
      Rebuild.Result built = Rebuild.into(scratch, reader, plan.until(), progress);
      return install(scratch, plan, built, reader.findings());
    } finally {
      home.deleteScratch(scratch);
    }
  }

  private static void requireReachable(ArchiveReader reader, Until until) throws Refused {
    if (until.seq() != Long.MAX_VALUE && until.seq() > reader.lastSeq()) {
      throw new Refused("the archive ends with change " + reader.lastSeq() + "; it cannot be rebuilt until change " + until.seq());
    }
    if (until.at() < reader.identity().createdAt() && reader.lastSeq() == 0) {
      throw new Refused("the archive holds nothing yet");
    }
  }

  private Result part(RealDisk disk, Plan plan) throws IOException {
    if (!plan.until().equals(Until.NOW)) {
      throw new Refused("--only brings groups to the database's own state; it does not go with --until");
    }
    if (!home.exists()) {
      throw new Refused(home.file() + " does not exist; --only brings groups back into a database that does. Run: thywill recover");
    }
    List<Table> tables = Catalog.TABLES.stream().filter(table -> plan.only().contains(table.group())).toList();
    Path scratch = home.scratch();
    try {
      long held;
      try (SqliteReader database = SqliteReader.open(home.file())) {
        requireSameCommunity(disk, database);
        held = database.state().seq();
        database.copyTo(scratch);
      }
      ArchiveReader reader = ArchiveReader.open(disk, held);
      Rebuild.Result built = Rebuild.tables(scratch, reader, tables, progress);
      return install(scratch, plan, built, reader.findings());
    } finally {
      home.deleteScratch(scratch);
    }
  }

  private static void requireSameCommunity(RealDisk disk, SqliteReader database) throws IOException {
    String community = org.thywill.archive.Identity.read(disk).community();
    if (!database.state().community().equals(community)) {
      throw new Refused("the database belongs to community " + database.state().community() + ", the archive to " + community);
    }
  }

  private Result install(Path scratch, Plan plan, Rebuild.Result built, List<Finding> findings) throws IOException {
    Map<String, Long> tables = new LinkedHashMap<>();
    Map<String, Long> withheld;
    try (SqliteReader view = SqliteReader.open(scratch)) {
      for (Table table : Catalog.TABLES) {
        tables.put(table.name(), view.exists(table) ? view.count(table) : 0);
      }
      withheld = Withheld.count(view);
    }
    Optional<Path> aside = Optional.empty();
    if (!plan.dryRun()) {
      if (Files.exists(home.file())) {
        aside = Optional.of(home.setAside("replaced"));
      }
      home.install(scratch);
    }
    long rows = tables.values().stream().mapToLong(Long::longValue).sum();
    return new Result(built.changes(), built.seq(), rows, tables, built.digest(), withheld, built.proven(), aside, findings);
  }
}
