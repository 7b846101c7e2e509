package org.thywill.operations.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.operations.ArchiveFolders;

/**
 * The settings that an archive has: the rows of {@code settings} and {@code feature_flags}.
 *
 * <p>A feature flag has no column for its origin. The words {@code origin: …} in its details say
 * it, and a flag without them was set by an admin.
 *
 * @param byName in the order of the names
 */
public record ArchivedSettings(Map<String, Remembered> byName) {
  /** Those of an archive without settings. */
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
   * @param value null for a secret, and for a setting without a value
   * @param origin where it came from, in the words of the archive
   */
  public record Remembered(@Nullable String value, String origin) {
    /** Whether it was given at a start of the server. */
    boolean wasGiven() {
      return origin.equals(ENVIRONMENT) || origin.equals(EARLIER) || origin.equals(COMMAND_LINE);
    }
  }

  /**
   * Reads the settings of an archive.
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
            apply(change, settings);
            return true;
          });
    }
    archive.tail().forEach(change -> apply(change, settings));
    return new ArchivedSettings(settings);
  }

  /**
   * Reads the settings of the archive in a folder.
   *
   * @param findings to which it adds why they cannot be read
   * @return {@link #NONE} if there is no archive, or it cannot be read
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

  private static void apply(Change change, Map<String, Remembered> settings) {
    if (change.table() != Catalog.SETTINGS && change.table() != Catalog.FEATURE_FLAGS) {
      return;
    }
    if (change.operation() == Operation.REMOVED) {
      settings.remove(change.row().key());
    } else {
      settings.put(change.row().key(), of(change.row()));
    }
  }

  /** The setting of a row of one of the two tables. */
  static Remembered of(Row row) {
    if (row.table() == Catalog.FEATURE_FLAGS) {
      String details = row.get(Catalog.FeatureFlags.DETAILS).orElse("");
      return new Remembered(
          Boolean.toString(row.is(Catalog.FeatureFlags.ENABLED)),
          details.startsWith(ORIGIN) ? details.substring(ORIGIN.length()) : ADMIN);
    }
    return new Remembered(
        row.get(Catalog.Settings.VALUE).orElse(null),
        row.get(Catalog.Settings.ORIGIN).orElse(DEFAULT));
  }

  /** The details of a feature flag of an origin. */
  static String details(String origin) {
    return ORIGIN + origin;
  }

  /**
   * Whether an admin may take a setting back to its default.
   *
   * @param row of one of the two tables
   */
  public static boolean mayBeTakenBack(Row row) {
    String origin = of(row).origin();
    return origin.equals(ADMIN) || origin.equals(EARLIER);
  }

  /**
   * Whether a setting comes from the server's environment or command line, and is changed there.
   *
   * @param row of one of the two tables
   */
  public static boolean isHeldByEnvironment(Row row) {
    String origin = of(row).origin();
    return origin.equals(ENVIRONMENT) || origin.equals(COMMAND_LINE);
  }
}
