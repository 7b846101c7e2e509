package org.thywill.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command line of the benchmarks.
 *
 * <p>Each measurement takes turns with its peer, so that both run on the same machine at the same
 * time of day.
 */
@Command(
    name = "bench/run",
    description = "Measure ThyWill beside its peers, in one run.",
    mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
  private static final long SEED = 20_240_101;
  private static final double RECOVER_RATIO_MAX = 0.5;
  private static final int LOG_RATE_MIN = 300;
  private static final int PAGE_RATE_MIN = 20_000;
  private static final long IMPORT_ROWS_MAX = 1_000_000;
  private static final int WRITERS = 8;
  private static final long TEXT_FILES = 100_000;

  /** The rows of a community with 100,000 prayers and 1,000,000 marks. */
  private static final long LOAD_ROWS = 2_500_000;

  /** The rows of the community that hostile requests are sent to. */
  private static final long HOSTILE_ROWS = 20_000;

  private static final Duration LOAD_WARM_UP = Duration.ofSeconds(20);

  /** The first round reads the files from the disk; in the next the program is not yet compiled. */
  private static final int WARM_ROUNDS = 3;

  @Option(
      names = "--generate",
      paramLabel = "DIR",
      description = "Only write an invented archive (and its view) to this folder")
  @Nullable Path generate;

  @Option(
      names = "--load",
      description =
          "Only run the load test: many members at once use the server of a large community")
  boolean load;

  @Option(
      names = "--hostile",
      paramLabel = "KIND",
      description =
          "Only send hostile requests: slow (many clients that send slowly, for a minute) or flood"
              + " (many requests, for three minutes)")
  @Nullable String hostile;

  @Option(
      names = "--community",
      paramLabel = "DIR",
      description =
          "With --load: serve what --generate wrote to this folder, where no member has joined"
              + " since; default a new one of "
              + LOAD_ROWS
              + " rows")
  @Nullable Path community;

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "With --load: how many use it at once; default ${DEFAULT-VALUE}")
  int members = 50;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "With --load: how long to measure; default ${DEFAULT-VALUE}")
  int seconds = 60;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "How many rows; may be given several times; default 1000000 and 5000000")
  List<Long> rows = List.of();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "How often to measure each side; default ${DEFAULT-VALUE}")
  int runs = 3;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "An empty folder on the disk to be measured; default a temporary one, removed at the end")
  @Nullable Path folder;

  @Option(names = "--no-write", description = "Leave docs/PERFORMANCE.md as it is")
  boolean noWrite;

  @Spec private CommandSpec spec;
  private final Path root = Path.of(System.getProperty("thywill.root", "."));
  private final ResultTable table = new ResultTable();

  @SuppressWarnings("NullAway.Init")
  Bench() {}

  /** Measures, and ends the process. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (generate != null) {
      generate(generate, sizes().getFirst());
      return 0;
    }
    Path work =
        folder == null
            ? Files.createTempDirectory("thywill-bench")
            : Files.createDirectories(folder);
    try {
      if (load) {
        return loadTest(work);
      }
      if (hostile != null) {
        return hostileLoad(work, hostile);
      }
      for (long size : sizes()) {
        Path scratch = work.resolve("rows-" + size);
        Generator generator = generate(scratch, size);
        recover(generator, scratch, size);
        validate(generator, size);
        start(generator, size);
        if (size <= IMPORT_ROWS_MAX) {
          importDatabase(generator, scratch, size);
        }
        delete(scratch);
      }
      importArchives(work);
      durableWrites(work);
    } finally {
      if (folder == null) {
        delete(work);
      }
    }
    if (!noWrite) {
      table.writeInto(root.resolve("docs/PERFORMANCE.md"), machine());
    }
    return 0;
  }

  private int loadTest(Path work) throws IOException, InterruptedException {
    Path served = community == null ? work.resolve("crowd") : community;
    if (community == null) {
      generate(served, rows.isEmpty() ? LOAD_ROWS : rows.getFirst());
    }
    String tables =
        new LoadTest(root, out(), members, LOAD_WARM_UP, Duration.ofSeconds(seconds))
            .measure(served);
    say(tables);
    if (!noWrite) {
      ResultTable.write(root.resolve("docs/PERFORMANCE.md"), "crowd", machine() + "\n\n" + tables);
    }
    return tables.contains("**no**") || tables.contains("**missed**") ? 1 : 0;
  }

  private int hostileLoad(Path work, String kind) throws IOException, InterruptedException {
    Path served = work.resolve("community");
    generate(served, HOSTILE_ROWS);
    HostileLoad test = new HostileLoad(root, out(), served);
    boolean isWithinLimits = kind.equals("slow") ? test.slowClients() : test.flood();
    return isWithinLimits ? 0 : 1;
  }

  private Generator generate(Path target, long size) throws IOException {
    Generator generator = new Generator(target);
    long startedNanos = System.nanoTime();
    generator.generate(size, SEED);
    out()
        .printf(
            Locale.ROOT,
            "Wrote %s and %s in %.1f s.%n",
            generator.archive(),
            generator.view(),
            (System.nanoTime() - startedNanos) / 1e9);
    out().flush();
    return generator;
  }

  private void recover(Generator generator, Path scratch, long size) throws Exception {
    Path dump = scratch.resolve("dump.sql");
    Processes.run(List.of("sqlite3", generator.view().toString(), ".dump"), null, dump);
    List<Double> ours = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    long megabytes = 0;
    for (int run = 0; run < runs; run++) {
      Path rebuilt = scratch.resolve("rebuilt.db");
      Path loaded = scratch.resolve("loaded.db");
      Processes.Run recovery = Processes.run(program("recover", generator, rebuilt));
      megabytes = Math.max(megabytes, recovery.megabytes());
      ours.add(recovery.seconds());
      peer.add(Processes.run(List.of("sqlite3", loaded.toString()), dump, null).seconds());
      Files.delete(rebuilt);
      Files.delete(loaded);
    }
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    ResultTable.Series them = new ResultTable.Series(peer, "s");
    double ratio = ResultTable.ratio(us, them);
    say(
        table.add(
            new ResultTable.Entry(
                "`recover`, digest included; at most " + megabytes + " MB resident",
                rows(size),
                us,
                new ResultTable.Peer("`sqlite3 new.db < dump.sql`", them),
                new ResultTable.Target("≤ " + RECOVER_RATIO_MAX, ratio <= RECOVER_RATIO_MAX))));
  }

  private void validate(Generator generator, long size) throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    List<Double> logs = new ArrayList<>();
    List<Double> pages = new ArrayList<>();
    for (int round = 0; round < WARM_ROUNDS; round++) {
      CheckRates.measure(generator.archive());
    }
    for (int run = 0; run < runs; run++) {
      double us =
          Processes.run(program("validate-archives", generator, generator.view())).seconds();
      double them =
          Processes.run(
                  List.of(
                      "sh",
                      "-c",
                      "find \"$0\" -type f -print0 | xargs -0 sha256sum",
                      generator.archive().toString()))
              .seconds();
      CheckRates rates = CheckRates.measure(generator.archive());
      ours.add(us);
      peer.add(them);
      logs.add(rates.logMegabytes());
      pages.add(rates.pages());
    }
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    ResultTable.Series them = new ResultTable.Series(peer, "s");
    say(
        table.add(
            new ResultTable.Entry(
                "`validate-archives`, warm files: logs, journal, seals, pages, snapshots",
                rows(size),
                us,
                new ResultTable.Peer("`sha256sum` of all files", them),
                ResultTable.Target.NONE)));
    ResultTable.Series logRate = new ResultTable.Series(logs, "MB/s");
    say(
        table.add(
            new ResultTable.Entry(
                "the same within a running program: logs",
                rows(size),
                logRate,
                null,
                new ResultTable.Target(
                    "≥ " + LOG_RATE_MIN + " MB/s", logRate.median() >= LOG_RATE_MIN))));
    ResultTable.Series pageRate = new ResultTable.Series(pages, "/s");
    say(
        table.add(
            new ResultTable.Entry(
                "the same within a running program: pages",
                rows(size),
                pageRate,
                null,
                new ResultTable.Target(
                    "≥ " + PAGE_RATE_MIN + " a second", pageRate.median() >= PAGE_RATE_MIN))));
  }

  private void start(Generator generator, long size) throws IOException {
    List<Double> ours = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      long startedNanos = System.nanoTime();
      Ledger.open(
              generator.archive(), generator.view(), InstantSource.system(), ProgressListener.NONE)
          .close();
      ours.add((System.nanoTime() - startedNanos) / 1e9);
    }
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    say(
        table.add(
            new ResultTable.Entry(
                "opening a community with a current database, and closing it",
                rows(size),
                us,
                null,
                new ResultTable.Target("< 1 s", us.median() < 1))));
  }

  /** Imports a database of the Python original, which is exported first. */
  private void importDatabase(Generator generator, Path scratch, long size) throws Exception {
    Path original = scratch.resolve("original.db");
    List<String> export = new ArrayList<>(program("export-original", generator, generator.view()));
    export.addAll(List.of("--to", original.toString()));
    Processes.run(export);
    ResultTable.Series us = importTimes("--from-database", original, scratch);
    say(
        table.add(
            new ResultTable.Entry(
                "`import --from-database`: archive and database, proven equal",
                rows(size),
                us,
                null,
                new ResultTable.Target("< 60 s", us.median() < 60))));
  }

  /** Imports text archives of the Python original, one file for each prayer. */
  private void importArchives(Path work) throws Exception {
    Path texts = work.resolve("original_archives");
    OriginalArchives.write(texts, TEXT_FILES, SEED);
    ResultTable.Series us = importTimes("--from-archives", texts, work);
    delete(texts);
    say(
        table.add(
            new ResultTable.Entry(
                "`import --from-archives`: archive and database, proven equal",
                String.format(Locale.ROOT, "%,d prayer files", TEXT_FILES),
                us,
                null,
                new ResultTable.Target("< 120 s", us.median() < 120))));
  }

  /** Measures the import of one source, each time into a new folder. */
  private ResultTable.Series importTimes(String option, Path source, Path scratch)
      throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Path target = Files.createDirectory(scratch.resolve("import-" + run));
      List<String> command =
          List.of(
              root.resolve("thywill").toString(),
              "import",
              option,
              source.toString(),
              "--archive",
              target.resolve("text_archives").toString(),
              "--db",
              target.resolve("community.db").toString(),
              "--quiet");
      seconds.add(Processes.run(command).seconds());
      delete(target);
    }
    return new ResultTable.Series(seconds, "s");
  }

  private void durableWrites(Path work) throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      peer.add(DurableWrites.plain(Files.createTempDirectory(work, "plain"), WRITERS));
      ours.add(DurableWrites.ledger(Files.createTempDirectory(work, "ledger"), WRITERS));
    }
    ResultTable.Series us = new ResultTable.Series(ours, "/s");
    ResultTable.Series them = new ResultTable.Series(peer, "/s");
    double ratio = ResultTable.ratio(us, them);
    say(
        table.add(
            new ResultTable.Entry(
                "durable writes, one row each",
                WRITERS + " writers",
                us,
                new ResultTable.Peer("SQLite, WAL, `synchronous=FULL`", them),
                new ResultTable.Target("≥ 1.0", ratio >= 1))));
  }

  private List<String> program(String command, Generator generator, Path database) {
    return List.of(
        root.resolve("thywill").toString(),
        command,
        "--archive",
        generator.archive().toString(),
        "--db",
        database.toString(),
        "--quiet");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String machine() {
    return "Measured on "
        + LocalDate.now(ZoneOffset.UTC)
        + ": "
        + Runtime.getRuntime().availableProcessors()
        + " processors, "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + ", Java "
        + Runtime.version().feature()
        + ".";
  }

  private static String rows(long size) {
    return String.format(Locale.ROOT, "%,d rows", size);
  }

  private void say(String line) {
    out().println(line);
    out().flush();
  }

  private List<Long> sizes() {
    return rows.isEmpty() ? List.of(1_000_000L, 5_000_000L) : rows;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
