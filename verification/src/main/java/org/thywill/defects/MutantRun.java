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

/**
 * Runs tests of the suite in a process of their own, with one class of the program compiled anew
 * with a defect in it, or as it is.
 */
final class MutantRun {
  private static final int MINUTES_MAX = 10;

  private final Path root;
  private final Path scratch;
  private final long seed;

  /**
   * @param root of the project; its rooms are compiled, with their tests
   * @param scratch a folder for what is compiled and what is said
   * @param seed for the random tests among those that run
   */
  MutantRun(Path root, Path scratch, long seed) {
    this.root = root;
    this.scratch = scratch;
    this.seed = seed;
  }

  /** How the test that must notice a defect ends with that defect in the program. */
  MutantResult of(Mutant defect) throws IOException, InterruptedException {
    Path classes = Files.createTempDirectory(scratch, "defect");
    compile(defect, classes);
    return run(List.of(defect.caughtBy()), List.of(classes))
        .getOrDefault(defect.caughtBy(), MutantResult.NONE);
  }

  /** How tests end in the program as it is. */
  Map<String, MutantResult> ofNone(Collection<String> tests)
      throws IOException, InterruptedException {
    return run(tests, List.of());
  }

  private void compile(Mutant defect, Path classes) throws IOException {
    String content = defect.putInto(Files.readString(root.resolve(defect.path())));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath(List.of()));
    if (!compiler
        .getTask(said, null, null, options, null, List.of(source(defect, content)))
        .call()) {
      throw new IllegalStateException(
          "defect '" + defect.name() + "' does not compile, so it is none:\n" + said);
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

  private Map<String, MutantResult> run(Collection<String> tests, List<Path> before)
      throws IOException, InterruptedException {
    Path verdicts = Files.createTempFile(scratch, "verdicts", ".txt");
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
                classPath(before),
                SuiteRunner.class.getName(),
                verdicts.toString()));
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
                + " did not come to an end in "
                + MINUTES_MAX
                + " minutes, or the process failed:\n"
                + Files.readString(output));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    Map<String, MutantResult> said = new LinkedHashMap<>();
    Files.readAllLines(verdicts)
        .forEach(
            line ->
                said.put(
                    line.substring(0, line.indexOf('\t')),
                    MutantResult.parse(line.substring(line.indexOf('\t') + 1))));
    return said;
  }

  /** The mutant, then all modules with their tests, then the libraries of this process. */
  private String classPath(List<Path> before) throws IOException {
    List<String> places = new ArrayList<>(before.stream().map(Path::toString).toList());
    Path build = root.resolve("verification").relativize(classesOfThis().getParent());
    try (Stream<Path> modules = Files.list(root)) {
      modules
          .filter(module -> Files.exists(module.resolve("pom.xml")))
          .sorted()
          .forEach(
              module -> {
                places.add(module.resolve(build).resolve("test-classes").toString());
                places.add(module.resolve(build).resolve("classes").toString());
              });
    }
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(place -> place.endsWith(".jar") && !Path.of(place).startsWith(root))
        .forEach(places::add);
    return String.join(File.pathSeparator, places);
  }

  private static Path classesOfThis() throws IOException {
    URL place = MutantRun.class.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(place.toString())).toRealPath();
  }
}
