package org.thywill.defects;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a test ended.
 *
 * @param kinds {@code passed}; or the simple names of what it failed with and of that class's
 *     ancestors; or {@code unlinked}, if classes did not fit together, which says nothing of the
 *     test; or {@code none}, if it did not run
 * @param message of the failure, on one line
 */
record MutantResult(String kinds, String message) {
  static final MutantResult NONE = new MutantResult("none", "");
  static final MutantResult PASSED = new MutantResult("passed", "");
  private static final int MESSAGE_MAX = 300;

  static MutantResult failed(Throwable failure) {
    if (causes(failure).anyMatch(LinkageError.class::isInstance)) {
      return new MutantResult(
          "unlinked",
          oneLine(
              causes(failure).filter(LinkageError.class::isInstance).findFirst().orElseThrow()));
    }
    String kinds =
        Stream.<Class<?>>iterate(
                failure.getClass(), type -> type != Object.class, Class::getSuperclass)
            .map(Class::getSimpleName)
            .collect(Collectors.joining(" "));
    return new MutantResult(
        kinds, causes(failure).map(MutantResult::oneLine).collect(Collectors.joining(" <- ")));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static String oneLine(Throwable failure) {
    String text = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
    return text.length() <= MESSAGE_MAX ? text : text.substring(0, MESSAGE_MAX) + "…";
  }

  boolean isPassed() {
    return equals(PASSED);
  }

  /** Whether the test failed with this class or a class that extends it. */
  boolean isFailedWith(String failure) {
    return Arrays.asList(kinds.split(" ")).contains(failure);
  }

  String spell() {
    return kinds + "\t" + message;
  }

  static MutantResult parse(String spelled) {
    int tab = spelled.indexOf('\t');
    return new MutantResult(spelled.substring(0, tab), spelled.substring(tab + 1));
  }
}
