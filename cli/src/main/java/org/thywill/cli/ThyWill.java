package org.thywill.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.DatabaseUrl;
import org.thywill.view.rebuild.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of all commands: what they share. */
@Command(
    name = "thywill",
    description = "A server for a praying community whose memory is plain text.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done; sound; equal",
      " 1:done, and something is wrong: a finding of severity error, differences",
      " 2:the command line is wrong",
      " 3:refused to protect data",
      " 4:the environment failed",
      "70:a defect of this program"
    },
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      RecoverCommand.class,
      ResumeCommand.class,
      TestRecoveryCommand.class,
      RecoveryReportCommand.class,
      ValidateArchivesCommand.class,
      RepairArchivesCommand.class,
      AcceptGapCommand.class,
      SealCommand.class,
      MigrateCommand.class,
      DigestCommand.class,
      CompareCommand.class,
      ImportCommand.class,
      ExportOriginalCommand.class,
      AsOfCommand.class,
      AdminLinkCommand.class,
      SignInLinkCommand.class,
      ConfigCommand.class
    })
final class ThyWill {
  @Option(
      names = "--archive",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The archive; default $TEXT_ARCHIVE_BASE_DIR, else ./text_archives")
  Optional<String> archive = Optional.empty();

  @Option(
      names = "--db",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "The view: sqlite:FILE or a file; default $DATABASE_URL, else sqlite:community.db")
  Optional<String> database = Optional.empty();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Exactly one JSON object on standard output")
  boolean json;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "No progress, and only what matters")
  boolean quiet;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours")
  boolean noColor;

  final Terminal terminal;
  final InstantSource clock;

  ThyWill(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  Configuration configuration() {
    Map<String, String> options = new HashMap<>();
    archive.ifPresent(value -> options.put(Configuration.ARCHIVE, value));
    database.ifPresent(value -> options.put(Configuration.DATABASE, value));
    return new Configuration(terminal.environment(), options);
  }

  Path archivePath() {
    return Path.of(configuration().value(Configuration.ARCHIVE));
  }

  Path databasePath() {
    return DatabaseUrl.file(configuration().value(Configuration.DATABASE));
  }

  Progress progress() {
    return terminal.progress(quiet);
  }

  String now() {
    return clock.instant().toString();
  }
}
