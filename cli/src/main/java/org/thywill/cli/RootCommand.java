package org.thywill.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.thywill.cli.legacy.ExportOriginalCommand;
import org.thywill.cli.legacy.ImportCommand;
import org.thywill.cli.recovery.AcceptGapCommand;
import org.thywill.cli.recovery.AsOfCommand;
import org.thywill.cli.recovery.CompareCommand;
import org.thywill.cli.recovery.DigestCommand;
import org.thywill.cli.recovery.MigrateCommand;
import org.thywill.cli.recovery.RecoverCommand;
import org.thywill.cli.recovery.RecoveryReportCommand;
import org.thywill.cli.recovery.RepairArchivesCommand;
import org.thywill.cli.recovery.ResumeCommand;
import org.thywill.cli.recovery.SealCommand;
import org.thywill.cli.recovery.TestRecoveryCommand;
import org.thywill.cli.recovery.ValidateArchivesCommand;
import org.thywill.cli.serving.AdminLinkCommand;
import org.thywill.cli.serving.ConfigCommand;
import org.thywill.cli.serving.ServeCommand;
import org.thywill.cli.serving.SignInLinkCommand;
import org.thywill.cli.terminal.Terminal;
import org.thywill.cli.terminal.Version;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.view.DatabaseUrl;
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
public final class RootCommand {
  @Option(
      names = "--archive",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The archive; default $TEXT_ARCHIVE_BASE_DIR, else ./text_archives")
  public Optional<String> archive = Optional.empty();

  @Option(
      names = "--db",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "The view: sqlite:FILE or a file; default $DATABASE_URL, else sqlite:community.db")
  public Optional<String> database = Optional.empty();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Exactly one JSON object on standard output")
  public boolean json;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "No progress, and only what matters")
  boolean quiet;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colours")
  public boolean noColor;

  public final Terminal terminal;
  public final InstantSource clock;

  RootCommand(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  public Configuration configuration() {
    Map<String, String> options = new HashMap<>();
    archive.ifPresent(value -> options.put(Configuration.ARCHIVE, value));
    database.ifPresent(value -> options.put(Configuration.DATABASE, value));
    return new Configuration(terminal.environment(), options);
  }

  public Path archivePath() {
    return Path.of(configuration().value(Configuration.ARCHIVE));
  }

  public Path databasePath() {
    return DatabaseUrl.file(configuration().value(Configuration.DATABASE));
  }

  public ProgressListener progress() {
    return terminal.progress(quiet);
  }

  public String now() {
    return clock.instant().toString();
  }
}
