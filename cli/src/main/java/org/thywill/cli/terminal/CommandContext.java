package org.thywill.cli.terminal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.ledger.MachineClock;
import org.thywill.operations.recovery.MachineMemory;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.view.DatabaseUrl;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What all commands share: the global options, the terminal and the clock. */
public abstract class CommandContext {
  @Option(
      names = "--archive",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The archive; default $TEXT_ARCHIVE_BASE_DIR, else ./text_archives")
  private @Nullable String archive;

  @Option(
      names = "--db",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "The view: sqlite:FILE or a file; default $DATABASE_URL, else sqlite:community.db")
  private @Nullable String database;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Exactly one JSON object on standard output")
  private boolean json;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "No progress, and only what matters")
  private boolean quiet;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours")
  private boolean noColor;

  @Option(
      names = "--clock-is-right",
      scope = ScopeType.INHERIT,
      description = "Write by the clock of this machine, although it is far from the last change")
  private boolean clockIsRight;

  private final Terminal terminal;
  private final InstantSource clock;
  private final long startedNanos;

  /** A context whose commands begin now. */
  protected CommandContext(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
    this.startedNanos = terminal.nanoTime().getAsLong();
  }

  /** Where commands print. */
  public final Terminal terminal() {
    return terminal;
  }

  /** The time of day, with the operator's word about it. */
  public final MachineClock clock() {
    return new MachineClock(clock, BuildDate.INSTANT, clockIsRight);
  }

  /** The present time in UTC, in ISO 8601. */
  public final String now() {
    return clock.instant().toString();
  }

  /** Whether the result is printed as one JSON object. */
  public final boolean isJson() {
    return json;
  }

  /** Whether the operator wants less output. */
  final boolean isQuiet() {
    return quiet;
  }

  /** Whether findings are printed in colour to one of the streams of the terminal. */
  public final boolean isColoured(PrintWriter stream) {
    return terminal.isColoured(stream, noColor);
  }

  /** Whether the command line names an archive and no database. */
  public final boolean isArchiveWithoutDatabase() {
    return archive != null && database == null;
  }

  /** The settings of this command: global options first, then the environment, then defaults. */
  public final Configuration configuration() {
    Map<String, String> options = new HashMap<>();
    if (archive != null) {
      options.put(Configuration.ARCHIVE, archive);
    }
    if (database != null) {
      options.put(Configuration.DATABASE, database);
    }
    return new Configuration(terminal.environment(), options);
  }

  /**
   * The folder of the archive; it need not exist.
   *
   * @throws Configuration.Invalid if a setting forbids to go on
   */
  public final Path archivePath() {
    return Path.of(configuration().value(Configuration.ARCHIVE));
  }

  /**
   * The file of the view; it need not exist.
   *
   * @throws DatabaseUrl.Unusable if the setting names no SQLite file
   */
  public final Path databasePath() {
    return DatabaseUrl.file(configuration().value(Configuration.DATABASE));
  }

  /** What this machine remembers of archives, outside of them. */
  public final MachineMemory machineMemory() {
    return MachineMemory.of(terminal.environment());
  }

  /** Shows progress on the terminal, if there is one and the operator wants it. */
  public final ProgressListener progress() {
    return terminal.progress(quiet);
  }

  /** The seconds since the command began. */
  public final double seconds() {
    return (terminal.nanoTime().getAsLong() - startedNanos) / 1e9;
  }
}
