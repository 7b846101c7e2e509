package org.thywill.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Properties;

/**
 * When the program was built: the time that a reproducible build gives to all its files.
 *
 * <p>No clock that shows an earlier time is right.
 */
final class BuildDate {
  private static final String FILE = "build.properties";

  /** From the property {@code project.build.outputTimestamp}, in UTC. */
  static final Instant INSTANT = read();

  private BuildDate() {}

  private static Instant read() {
    Properties build = new Properties();
    try (InputStream in =
        Objects.requireNonNull(BuildDate.class.getResourceAsStream(FILE), FILE + " is missing")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Instant.parse(Objects.requireNonNull(build.getProperty("built"), "built"));
  }
}
