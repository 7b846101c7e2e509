package org.thywill.community.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Digest;
import org.thywill.community.Community;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;
import org.thywill.view.ViewState;

/**
 * Makes a demonstration: fourteen months of an invented community.
 *
 * <p>It uses the services that members use, on a clock of its own. The same options give the same
 * archive, byte for byte.
 */
public final class Demo {
  /** How long the demonstration lasts. */
  static final Duration SPAN = Duration.ofDays(425);

  private final Path archive;
  private final Path database;
  private final Options options;

  /**
   * What to make.
   *
   * @param members how many people the community has in the end, at least 1
   * @param prayers how many prayers they ask for; each is prayed about ten times
   * @param seed another one gives another community
   * @param end when the demonstration ends
   */
  public record Options(int members, int prayers, long seed, Instant end) {
    private static final int COUNT_MAX = 1_000_000;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of bounds
     */
    public Options {
      if (members < 1 || members > COUNT_MAX) {
        throw new IllegalArgumentException(
            "a community has 1 to " + COUNT_MAX + " members, not " + members);
      }
      if (prayers < 0 || prayers > COUNT_MAX) {
        throw new IllegalArgumentException(
            "a demonstration has 0 to " + COUNT_MAX + " prayers, not " + prayers);
      }
    }

    /** Twelve members, forty prayers, ending with October 2026. */
    public static final Options DEFAULT =
        new Options(12, 40, 1, Instant.parse("2026-10-31T20:00:00Z"));

    public Options withMembers(int count) {
      return new Options(count, prayers, seed, end);
    }

    public Options withPrayers(int count) {
      return new Options(members, count, seed, end);
    }

    public Options withSeed(long other) {
      return new Options(members, prayers, other, end);
    }

    public Options withEnd(Instant other) {
      return new Options(members, prayers, seed, other);
    }
  }

  /**
   * What was made.
   *
   * @param digest of the community
   * @param changes how many there are
   * @param rows how many rows each table has
   * @param pages the files of a few prayers worth looking at, relative to the archive
   */
  public record Result(Digest digest, long changes, Map<String, Long> rows, List<String> pages) {}

  /**
   * Prepares a demonstration.
   *
   * @param archive a folder that does not exist yet
   * @param database a file that does not exist yet
   */
  public Demo(Path archive, Path database, Options options) {
    this.archive = archive;
    this.database = database;
    this.options = options;
  }

  /**
   * Makes the archive and the view, and closes the ledger: all files are complete when this
   * returns.
   *
   * @throws IOException if they cannot be written; what exists then is incomplete
   */
  public Result play(ProgressListener progress) throws IOException {
    SplittableRandom random = new SplittableRandom(options.seed());
    Ids ids = new Ids(random.split());
    byte[] serverKey = new byte[32];
    random.nextBytes(serverKey);
    SettableClock clock = new SettableClock(options.end().minus(SPAN));
    Ledger.found(archive, ids.id(), clock);
    ViewState end;
    List<String> notable;
    try (Ledger ledger = Ledger.openAt(archive, database, clock, progress)) {
      Community community = new Community(ledger, ids, serverKey);
      try (ViewReader view = ledger.read()) {
        DemoScenario scenario =
            new DemoScenario(
                community,
                view,
                DemoTexts.read(),
                random,
                new DemoSchedule(clock, options.end(), progress));
        notable = scenario.play(options.members(), options.prayers());
        end = view.state();
      }
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    end.digest().tables().forEach((table, entry) -> rows.put(table, entry.rows()));
    return new Result(end.digest(), end.seq(), rows, pages(notable));
  }

  /** The files of some prayers. */
  private List<String> pages(List<String> prayers) throws IOException {
    List<String> all = new FileSystemDisk(archive).list("prayers");
    return prayers.stream()
        .flatMap(prayer -> all.stream().filter(file -> file.endsWith("_" + prayer + ".txt")))
        .toList();
  }
}
