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

/** The main class of a process that runs tests and writes their results into a file. */
final class SuiteRunner {
  private SuiteRunner() {}

  /**
   * Runs the tests; the file gets a line for each when all have ended.
   *
   * @param arguments the file for the results, then tests as {@link Mutant#caughtBy} names them
   */
  public static void main(String[] arguments) throws Exception {
    List<String> results = new ArrayList<>();
    for (String test : Arrays.asList(arguments).subList(1, arguments.length)) {
      results.add(test + "\t" + run(method(test)).format());
    }
    Files.write(Path.of(arguments[0]), results);
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
    return listener.result;
  }

  /** Keeps the first failure, since a test may run with several parameters. */
  private static final class Listener implements TestExecutionListener {
    private MutantResult result = MutantResult.NONE;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult execution) {
      switch (execution.getStatus()) {
        case SUCCESSFUL -> {
          if (test.isTest() && result.equals(MutantResult.NONE)) {
            result = MutantResult.PASSED;
          }
        }
        case FAILED, ABORTED -> {
          if (result.equals(MutantResult.NONE) || result.isPassed()) {
            result = MutantResult.failed(execution.getThrowable().orElseThrow());
          }
        }
      }
    }
  }
}
