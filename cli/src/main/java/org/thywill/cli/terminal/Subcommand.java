package org.thywill.cli.terminal;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.thywill.cli.Main;
import org.thywill.cli.RootCommand;
import picocli.CommandLine.ParentCommand;

/**
 * One command: says what it does by returning an {@link CommandResult}, which {@link Main} prints.
 */
public abstract class Subcommand implements Callable<CommandResult> {
  @ParentCommand private RootCommand root;

  /** Made by the parser, which fills in the rest. */
  @SuppressWarnings("NullAway.Init")
  public Subcommand() {}

  public final RootCommand root() {
    return root;
  }

  @Override
  public abstract CommandResult call() throws IOException;
}
