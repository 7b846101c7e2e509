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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command line of the measurements: each is made in turn with its peer, so that both see the
 * same machine.
 */
@Command(
    name = "bench/run",
    description = "Measure ThyWill beside its peers, in one run.",
    mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
  private static final long SEED = 20_240_101;
  private static final double HALF = 0.5;
  private static final int LOG_RATE = 300;
  private static final int PAGE_RATE = 20_000;
  private static final long IMPORT_ROWS_MAX = 1_000_000;
  private static final int WRITERS = 8;
  private static final long TEXT_FILES = 100_000;
  private static final long CROWD_ROWS = 2_500_000; // 100,000 prayers and 1,000,000 marks
  private static final Duration CROWD_WARM_UP = Duration.ofSeconds(20);
  private static final int WARM_ROUNDS =
      3; // the first finds the files cold, the next the program not yet compiled

  @Option(
      names = "--generate",
      paramLabel = "DIR",
      description = "Only write an invented archive (and its view) to this folder")
  Optional<Path> generate = Optional.empty();

  @Option(
      names = "--load",
      description =
          "Only let a crowd come to the server of a large community, and measure what its members"
              + " wait for")
  boolean load;

  @Option(
      names = "--community",
      paramLabel = "DIR",
      description =
          "With --load: serve what --generate wrote to this folder, where nobody has joined since;"
              + " default a new one of "
              + CROWD_ROWS
              + " rows")
  Optional<Path> community = Optional.empty();

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "With --load: how many come at once; default ${DEFAULT-VALUE}")
  int members = 50;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "With --load: how long it counts; default ${DEFAULT-VALUE}")
  int seconds = 60;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "How many rows; may be given several times; default 1000000 and 5000000")
  List<Long> rows = List.of();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "How often each side takes its turn; default ${DEFAULT-VALUE}")
  int runs = 3;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "An empty folder on the disk to be measured; default a temporary one, removed at the end")
  Optional<Path> folder = Optional.empty();

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
    if (generate.isPresent()) {
      generate(generate.get(), sizes().getFirst());
      return 0;
    }
    Path work =
        folder.isPresent()
            ? Files.createDirectories(folder.get())
            : Files.createTempDirectory("thywill-bench");
    try {
      if (load) {
        return crowd(work);
      }
      for (long size : sizes()) {
        Path place = work.resolve("rows-" + size);
        Generator generator = generate(place, size);
        recover(generator, place, size);
        validate(generator, size);
        start(generator, size);
        if (size <= IMPORT_ROWS_MAX) {
          takeOver(generator, place, size);
        }
        delete(place);
      }
      takeOverTexts(work);
      durableWrites(work);
    } finally {
      if (folder.isEmpty()) {
        delete(work);
      }
    }
    if (!noWrite) {
      table.writeInto(root.resolve("docs/PERFORMANCE.md"), machine());
    }
    return 0;
  }

  private int crowd(Path work) throws IOException, InterruptedException {
    Path place = community.orElse(work.resolve("crowd"));
    if (community.isEmpty()) {
      generate(place, rows.isEmpty() ? CROWD_ROWS : rows.getFirst());
    }
    String tables =
        new LoadTest(root, out(), members, CROWD_WARM_UP, Duration.ofSeconds(seconds))
            .measure(place);
    say(tables);
    if (!noWrite) {
      ResultTable.write(root.resolve("docs/PERFORMANCE.md"), "crowd", machine() + "\n\n" + tables);
    }
    return tables.contains("**no**") || tables.contains("**missed**") ? 1 : 0;
  }

  private Generator generate(Path place, long size) throws IOException {
    Generator generator = new Generator(place);
    long began = System.nanoTime();
    generator.generate(size, SEED);
    out()
        .printf(
            Locale.ROOT,
            "Wrote %s and %s in %.1f s.%n",
            generator.archive(),
            generator.view(),
            (System.nanoTime() - began) / 1e9);
    out().flush();
    return generator;
  }

  private void recover(Generator generator, Path place, long size) throws Exception {
    Path dump = place.resolve("dump.sql");
    Processes.run(
        List.of("sqlite3", generator.view().toString(), ".dump"),
        Optional.empty(),
        Optional.of(dump));
    List<Double> ours = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    long megabytes = 0;
    for (int run = 0; run < runs; run++) {
      Path rebuilt = place.resolve("rebuilt.db");
      Path loaded = place.resolve("loaded.db");
      Processes.Run recovery =
          Processes.run(program("recover", generator, rebuilt), Optional.empty(), Optional.empty());
      megabytes = Math.max(megabytes, recovery.megabytes());
      ours.add(recovery.seconds());
      peer.add(
          Processes.run(List.of("sqlite3", loaded.toString()), Optional.of(dump), Optional.empty())
              .seconds());
      Files.delete(rebuilt);
      Files.delete(loaded);
    }
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    ResultTable.Series them = new ResultTable.Series(peer, "s");
    double ratio = ResultTable.ratio(us, them);
    say(
        table.add(
            "`recover`, digest included; at most " + megabytes + " MB resident",
            rows(size),
            us,
            "`sqlite3 new.db < dump.sql`",
            them.toString(),
            two(ratio),
            "≤ " + HALF,
            ratio <= HALF));
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
          Processes.run(
                  program("validate-archives", generator, generator.view()),
                  Optional.empty(),
                  Optional.empty())
              .seconds();
      double them =
          Processes.run(
                  List.of(
                      "sh",
                      "-c",
                      "find \"$0\" -type f -print0 | xargs -0 sha256sum",
                      generator.archive().toString()),
                  Optional.empty(),
                  Optional.empty())
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
            "`validate-archives`, warm files: logs, journal, seals, pages, snapshots",
            rows(size),
            us,
            "`sha256sum` of all files",
            them.toString(),
            two(ResultTable.ratio(us, them)),
            "",
            true));
    ResultTable.Series logRate = new ResultTable.Series(logs, "MB/s");
    say(
        table.add(
            "the same within a running program: logs",
            rows(size),
            logRate,
            "",
            "",
            "",
            "≥ " + LOG_RATE + " MB/s",
            logRate.median() >= LOG_RATE));
    ResultTable.Series pageRate = new ResultTable.Series(pages, "/s");
    say(
        table.add(
            "the same within a running program: pages",
            rows(size),
            pageRate,
            "",
            "",
            "",
            "≥ " + PAGE_RATE + " a second",
            pageRate.median() >= PAGE_RATE));
  }

  private void start(Generator generator, long size) throws IOException {
    List<Double> ours = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      long began = System.nanoTime();
      Ledger.open(
              generator.archive(), generator.view(), InstantSource.system(), ProgressListener.NONE)
          .close();
      ours.add((System.nanoTime() - began) / 1e9);
    }
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    say(
        table.add(
            "opening a community with a current database, and closing it",
            rows(size),
            us,
            "",
            "",
            "",
            "< 1 s",
            us.median() < 1));
  }

  /** Takes over a database of the Python original, which is made from the archive first. */
  private void takeOver(Generator generator, Path place, long size) throws Exception {
    Path original = place.resolve("original.db");
    List<String> export = new ArrayList<>(program("export-original", generator, generator.view()));
    export.addAll(List.of("--to", original.toString()));
    Processes.run(export, Optional.empty(), Optional.empty());
    List<Double> ours = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Path target = Files.createDirectory(place.resolve("import-" + run));
      ours.add(
          Processes.run(
                  List.of(
                      root.resolve("thywill").toString(),
                      "import",
                      "--from-database",
                      original.toString(),
                      "--archive",
                      target.resolve("text_archives").toString(),
                      "--db",
                      target.resolve("community.db").toString(),
                      "--quiet"),
                  Optional.empty(),
                  Optional.empty())
              .seconds());
      delete(target);
    }
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    say(
        table.add(
            "`import --from-database`: archive and database, proven equal",
            rows(size),
            us,
            "",
            "",
            "",
            "< 60 s",
            us.median() < 60));
  }

  /** Takes over text archives of the Python original, one file for each prayer. */
  private void takeOverTexts(Path work) throws Exception {
    Path texts = work.resolve("original_archives");
    OriginalArchives.write(texts, TEXT_FILES, SEED);
    List<Double> ours = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Path target = Files.createDirectory(work.resolve("texts-" + run));
      ours.add(
          Processes.run(
                  List.of(
                      root.resolve("thywill").toString(),
                      "import",
                      "--from-archives",
                      texts.toString(),
                      "--archive",
                      target.resolve("text_archives").toString(),
                      "--db",
                      target.resolve("community.db").toString(),
                      "--quiet"),
                  Optional.empty(),
                  Optional.empty())
              .seconds());
      delete(target);
    }
    delete(texts);
    ResultTable.Series us = new ResultTable.Series(ours, "s");
    say(
        table.add(
            "`import --from-archives`: archive and database, proven equal",
            String.format(Locale.ROOT, "%,d prayer files", TEXT_FILES),
            us,
            "",
            "",
            "",
            "< 120 s",
            us.median() < 120));
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
            "durable writes, one row each",
            WRITERS + " writers",
            us,
            "SQLite, WAL, `synchronous=FULL`",
            them.toString(),
            two(ratio),
            "≥ 1.0",
            ratio >= 1));
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

  private static String two(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
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
