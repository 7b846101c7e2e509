package org.thywill.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.DiskFull;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.cli.terminal.ExitCode;
import org.thywill.community.access.InvalidInputException;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.StartRefusedException;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.DatabaseUrl;
import org.thywill.view.ViewException;
import org.thywill.view.rebuild.DigestMismatchException;
import picocli.CommandLine.IExitCodeExceptionMapper;
import picocli.CommandLine.ParameterException;

/** Chooses the exit code of a command that failed, by its exception. */
final class ExitCodeMapper implements IExitCodeExceptionMapper {
  private static final int CAUSES_MAX = 20;

  @Override
  public int getExitCode(Throwable failure) {
    return exitCode(decisive(failure)).number();
  }

  /** What decides the exit code: a lack of memory, also where another exception wraps it. */
  static Throwable decisive(Throwable failure) {
    // A chain of causes may be a circle.
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof OutOfMemoryError) {
        return cause;
      }
      cause = cause.getCause();
    }
    return failure;
  }

  /** The exit code for an exception; one that no rule names is a defect of this program. */
  static ExitCode exitCode(Throwable failure) {
    if (DiskFull.isCauseOf(failure)) {
      return ExitCode.ENVIRONMENT;
    }
    return switch (failure) {
      case ParameterException _ -> ExitCode.USAGE;
      case OperationRefusedException _ -> ExitCode.REFUSED;
      case StartRefusedException _ -> ExitCode.REFUSED;
      case DamagedArchiveException _ -> ExitCode.REFUSED;
      case NotAnArchiveException _ -> ExitCode.REFUSED;
      case ArchiveLock.Held _ -> ExitCode.REFUSED;
      case DigestMismatchException _ -> ExitCode.REFUSED;
      case LegacyException legacy ->
          legacy.isOfTheEnvironment() ? ExitCode.ENVIRONMENT : ExitCode.REFUSED;
      case InvalidInputException _ -> ExitCode.REFUSED;
      case ConstraintViolationException _ -> ExitCode.REFUSED;
      case ViewException view -> view.isDamaged() ? ExitCode.REFUSED : ExitCode.ENVIRONMENT;
      case IOException _, UncheckedIOException _, OutOfMemoryError _ -> ExitCode.ENVIRONMENT;
      case Configuration.Invalid _ -> ExitCode.USAGE;
      case DatabaseUrl.Unusable _, InvalidPathException _ -> ExitCode.USAGE;
      default -> ExitCode.DEFECT;
    };
  }
}
