package org.thywill.defects;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The result of a test that ran with a defect in the program.
 *
 * @param kinds {@code passed}; or the simple names of the failure's class and its superclasses; or
 *     {@code unlinked}, if classes did not fit together, which says nothing about the test; or
 *     {@code none}, if it did not run
 * @param message of the failure, on one line; empty if there is none
 */
record MutantResult(String kinds, String message) {
  static final MutantResult NONE = new MutantResult("none", "");
  static final MutantResult PASSED = new MutantResult("passed", "");
  private static final int MESSAGE_MAX = 300;

  /** The result of a test that failed. */
  static MutantResult failed(Throwable failure) {
    Optional<Throwable> unlinked =
        causes(failure).filter(LinkageError.class::isInstance).findFirst();
    if (unlinked.isPresent()) {
      return new MutantResult("unlinked", oneLine(unlinked.get()));
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

  /** Whether the test passed. */
  boolean isPassed() {
    return equals(PASSED);
  }

  /** Whether the test failed with this class or a class that extends it. */
  boolean isFailedWith(String failure) {
    return Arrays.asList(kinds.split(" ")).contains(failure);
  }

  /** The result as one line of text. */
  String format() {
    return kinds + "\t" + message;
  }

  /** Reads what {@link #format} wrote. */
  static MutantResult parse(String line) {
    int tab = line.indexOf('\t');
    return new MutantResult(line.substring(0, tab), line.substring(tab + 1));
  }
}
