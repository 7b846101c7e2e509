package org.thywill.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/** One command: says what it does by returning an {@link Outcome}, which {@link Main} prints. */
abstract class ThyWillCommand implements Callable<Outcome> {
  @ParentCommand private ThyWill root;

  /** Made by the parser, which fills in the rest. */
  @SuppressWarnings("NullAway.Init")
  ThyWillCommand() {}

  final ThyWill root() {
    return root;
  }

  @Override
  public abstract Outcome call() throws IOException;
}
