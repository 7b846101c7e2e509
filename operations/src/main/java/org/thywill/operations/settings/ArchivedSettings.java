package org.thywill.operations.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.operations.ArchiveFolders;

/**
 * What an archive remembers of the settings: the rows of {@code settings} and {@code
 * feature_flags}. A feature flag has no column for where it came from; the words {@code origin: …}
 * in its details say so, and a flag without them is an admin's.
 *
 * @param byName in the order of the names
 */
public record ArchivedSettings(Map<String, Remembered> byName) {
  /** Nothing is remembered. */
  public static final ArchivedSettings NONE = new ArchivedSettings(Map.of());

  static final String ENVIRONMENT = "environment";
  static final String EARLIER = "earlier environment";
  static final String DEFAULT = "default";
  static final String COMMAND_LINE = "command line";
  static final String NOT_SET = "not set";
  static final String ADMIN = "admin";
  private static final String ORIGIN = "origin: ";

  public ArchivedSettings {
    byName = Collections.unmodifiableMap(new TreeMap<>(byName));
  }

  /**
   * A setting as the archive has it.
   *
   * @param value empty for a secret, and for what had no value
   * @param origin where it came from, in the words of the archive
   */
  public record Remembered(Optional<String> value, String origin) {
    /** Whether it was given at a start of the server, and not made up by the program. */
    boolean wasGiven() {
      return origin.equals(ENVIRONMENT) || origin.equals(EARLIER) || origin.equals(COMMAND_LINE);
    }
  }

  /**
   * Reads them.
   *
   * @throws org.thywill.archive.format.DamagedArchiveException if their logs are not what was
   *     written
   */
  public static ArchivedSettings read(ArchiveReader archive) throws IOException {
    Map<String, Remembered> settings = new TreeMap<>();
    for (Table table : new Table[] {Catalog.SETTINGS, Catalog.FEATURE_FLAGS}) {
      archive.forEach(
          table,
          new BitSet(),
          change -> {
            take(change, settings);
            return true;
          });
    }
    archive.tail().forEach(change -> take(change, settings));
    return new ArchivedSettings(settings);
  }

  /**
   * Reads those of the archive in a folder, if there is one; what keeps them from being read
   * becomes a finding.
   */
  public static ArchivedSettings look(Path archive, List<Finding> findings) {
    if (!Files.exists(archive)) {
      return NONE;
    }
    try {
      return read(ArchiveReader.open(ArchiveFolders.archive(archive), 0));
    } catch (IOException e) {
      findings.add(
          Finding.warning(
              "settings-unread",
              ".",
              0,
              "what the archive remembers of the settings cannot be read: " + e.getMessage()));
      return NONE;
    }
  }

  private static void take(Change change, Map<String, Remembered> settings) {
    if (change.table() != Catalog.SETTINGS && change.table() != Catalog.FEATURE_FLAGS) {
      return;
    }
    if (change.operation() == Operation.REMOVED) {
      settings.remove(change.row().key());
    } else {
      settings.put(change.row().key(), of(change.row()));
    }
  }

  /** A row of one of the two tables. */
  static Remembered of(Row row) {
    if (row.table() == Catalog.FEATURE_FLAGS) {
      String details = row.text("details").orElse("");
      return new Remembered(
          Optional.of(Boolean.toString(row.is("enabled"))),
          details.startsWith(ORIGIN) ? details.substring(ORIGIN.length()) : ADMIN);
    }
    return new Remembered(row.text("value"), row.text("origin").orElse(DEFAULT));
  }

  /** What the details of a feature flag say that came from there. */
  static String details(String origin) {
    return ORIGIN + origin;
  }

  /**
   * Whether a row of one of the two tables says what somebody decided once, so that an admin may go
   * back to the default.
   */
  public static boolean mayBeTakenBack(Row row) {
    String origin = of(row).origin();
    return origin.equals(ADMIN) || origin.equals(EARLIER);
  }

  /**
   * Whether a row of one of the two tables says what the server's environment says, so that it is
   * to be changed there.
   */
  public static boolean isHeldByEnvironment(Row row) {
    String origin = of(row).origin();
    return origin.equals(ENVIRONMENT) || origin.equals(COMMAND_LINE);
  }
}
