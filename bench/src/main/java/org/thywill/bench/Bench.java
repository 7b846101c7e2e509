package org.thywill.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the measurements. */
@Command(name = "bench/run", description = "Measure ThyWill beside its peers, in one run.", mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
  private static final long SEED = 20_240_101;

  @Option(names = "--generate", paramLabel = "DIR", description = "Only write an invented archive (and its view) to this folder")
  Optional<Path> generate = Optional.empty();

  @Option(names = "--rows", paramLabel = "N", description = "How many rows; may be given several times; default 1000000 and 5000000")
  List<Long> rows = List.of();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  Bench() {}

  /** Measures, and ends the process. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    if (generate.isPresent()) {
      Generator generator = new Generator(generate.get());
      long started = System.nanoTime();
      generator.generate(sizes().getFirst(), SEED);
      out().printf("Wrote %s and %s in %.1f s.%n", generator.archive(), generator.view(), (System.nanoTime() - started) / 1e9);
    }
    return 0;
  }

  private List<Long> sizes() {
    return rows.isEmpty() ? List.of(1_000_000L, 5_000_000L) : rows;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
