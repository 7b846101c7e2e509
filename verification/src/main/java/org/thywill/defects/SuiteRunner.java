package org.thywill.defects;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The process that runs tests of the suite and writes how each of them ended into a file. */
final class SuiteRunner {
  private SuiteRunner() {}

  /**
   * Runs them.
   *
   * @param arguments the file for the verdicts, then the tests as {@link Mutant#caughtBy} names
   *     them
   */
  public static void main(String[] arguments) throws Exception {
    List<String> verdicts = new ArrayList<>();
    for (String test : Arrays.asList(arguments).subList(1, arguments.length)) {
      verdicts.add(test + "\t" + run(method(test)).spell());
    }
    Files.write(Path.of(arguments[0]), verdicts);
  }

  private static Method method(String test) throws ClassNotFoundException {
    String[] parts = test.split("#", 2);
    List<Method> methods =
        Arrays.stream(Class.forName("org.thywill." + parts[0]).getDeclaredMethods())
            .filter(each -> each.getName().equals(parts[1]))
            .toList();
    if (methods.size() != 1) {
      throw new IllegalArgumentException(
          methods.size() + " tests are called " + test + "; expected one");
    }
    return methods.getFirst();
  }

  private static MutantResult run(Method test) {
    Listener listener = new Listener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(test.getDeclaringClass(), test))
                .build(),
            listener);
    return listener.verdict;
  }

  /** Takes the first failure for that of the test, which may be run with several parameters. */
  private static final class Listener implements TestExecutionListener {
    private MutantResult verdict = MutantResult.NONE;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      switch (result.getStatus()) {
        case SUCCESSFUL ->
            verdict =
                test.isTest() && verdict.equals(MutantResult.NONE) ? MutantResult.PASSED : verdict;
        case FAILED, ABORTED -> {
          if (verdict.equals(MutantResult.NONE) || verdict.isPassed()) {
            verdict = MutantResult.failed(result.getThrowable().orElseThrow());
          }
        }
      }
    }
  }
}
