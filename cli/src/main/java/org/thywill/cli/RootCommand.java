package org.thywill.cli;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.thywill.cli.legacy.ExportOriginalCommand;
import org.thywill.cli.legacy.ImportCommand;
import org.thywill.cli.recovery.AcceptGapCommand;
import org.thywill.cli.recovery.AsOfCommand;
import org.thywill.cli.recovery.CompareCommand;
import org.thywill.cli.recovery.CorrectTimesCommand;
import org.thywill.cli.recovery.DigestCommand;
import org.thywill.cli.recovery.JoinCommand;
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
import org.thywill.cli.terminal.CommandContext;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.ExitCode;
import org.thywill.cli.terminal.ResultPrinter;
import org.thywill.cli.terminal.Terminal;
import org.thywill.cli.terminal.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program itself: lists all commands. */
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
      JoinCommand.class,
      AcceptGapCommand.class,
      CorrectTimesCommand.class,
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
final class RootCommand extends CommandContext implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RootCommand(Terminal terminal, InstantSource clock) {
    super(terminal, clock);
  }

  /** Prints the help, and the JSON object if asked for; the command line names no command. */
  @Override
  public Integer call() {
    spec.commandLine().usage(terminal().err());
    if (isJson()) {
      CommandResult result = new CommandResult().put("error", "no command was named");
      new ResultPrinter(this).printJson("", result, ExitCode.USAGE);
    }
    return ExitCode.USAGE.number();
  }
}
