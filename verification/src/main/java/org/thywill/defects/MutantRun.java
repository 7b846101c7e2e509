package org.thywill.defects;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Runs tests in another process, with a defect compiled into one class of the program or not. */
final class MutantRun {
  private static final int MINUTES_MAX = 10;

  private final Path root;
  private final Path scratch;
  private final long seed;

  /**
   * @param root of the project, whose modules and tests are compiled
   * @param scratch a folder for classes and output
   * @param seed for random tests
   */
  MutantRun(Path root, Path scratch, long seed) {
    this.root = root;
    this.scratch = scratch;
    this.seed = seed;
  }

  /**
   * Puts a defect into the program and runs the test that must notice it.
   *
   * @throws IllegalStateException if the defect is not in the source, or does not compile, or the
   *     process fails or takes longer than 10 minutes
   */
  MutantResult runWith(Mutant defect) throws IOException, InterruptedException {
    Path classes = Files.createTempDirectory(scratch, "defect");
    compile(defect, classes);
    return run(List.of(defect.caughtBy()), List.of(classes))
        .getOrDefault(defect.caughtBy(), MutantResult.NONE);
  }

  /**
   * Runs tests in the program without a defect; returns the results by test.
   *
   * @throws IllegalStateException if the process fails or takes longer than 10 minutes
   */
  Map<String, MutantResult> runWithout(Collection<String> tests)
      throws IOException, InterruptedException {
    return run(tests, List.of());
  }

  private void compile(Mutant defect, Path classes) throws IOException {
    String content = defect.putInto(Files.readString(root.resolve(defect.path())));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath(List.of()));
    if (!compiler
        .getTask(messages, null, null, options, null, List.of(source(defect, content)))
        .call()) {
      throw new IllegalStateException(
          "defect '" + defect.name() + "' does not compile, so it is none:\n" + messages);
    }
  }

  private static JavaFileObject source(Mutant defect, String content) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + defect.path()), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return content;
      }
    };
  }

  /**
   * Runs tests in a new process.
   *
   * @param classes folders of classes that take precedence over the program's
   */
  private Map<String, MutantResult> run(Collection<String> tests, List<Path> classes)
      throws IOException, InterruptedException {
    Path results = Files.createTempFile(scratch, "results", ".txt");
    Path output = Files.createTempFile(scratch, "output", ".txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-Dthywill.seed=" + seed,
                "-cp",
                classPath(classes),
                SuiteRunner.class.getName(),
                results.toString()));
    command.addAll(tests);
    Process process =
        new ProcessBuilder(command)
            .directory(root.resolve("verification").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(
            tests
                + " did not end within "
                + MINUTES_MAX
                + " minutes, or the process failed:\n"
                + Files.readString(output));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    Map<String, MutantResult> byTest = new LinkedHashMap<>();
    for (String line : Files.readAllLines(results)) {
      int tab = line.indexOf('\t');
      byTest.put(line.substring(0, tab), MutantResult.parse(line.substring(tab + 1)));
    }
    return byTest;
  }

  /** Some folders, then all modules with their tests, then the libraries of this process. */
  private String classPath(List<Path> first) throws IOException {
    List<String> entries = new ArrayList<>(first.stream().map(Path::toString).toList());
    Path build = root.resolve("verification").relativize(ownClasses().getParent());
    try (Stream<Path> modules = Files.list(root)) {
      modules
          .filter(module -> Files.exists(module.resolve("pom.xml")))
          .sorted()
          .forEach(
              module -> {
                entries.add(module.resolve(build).resolve("test-classes").toString());
                entries.add(module.resolve(build).resolve("classes").toString());
              });
    }
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") && !Path.of(entry).startsWith(root))
        .forEach(entries::add);
    return String.join(File.pathSeparator, entries);
  }

  /** The folder of the classes of this module. */
  private static Path ownClasses() throws IOException {
    URL location = MutantRun.class.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(location.toString())).toRealPath();
  }
}
