package org.thywill.web.console;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.thywill.community.access.InvalidInputException;
import org.thywill.progress.ProgressListener;
import org.thywill.web.http.BackgroundTasks;

/**
 * Long work of one kind that operators start from the console: at most one run at a time. Keeps the
 * result of the last run since the server started.
 */
final class BackgroundJob<R> {
  private final String name;
  private final InstantSource clock;
  private final BackgroundTasks tasks;
  private final AtomicReference<State<R>> state = new AtomicReference<>(new None<>());

  BackgroundJob(String name, InstantSource clock, BackgroundTasks tasks) {
    this.name = name;
    this.clock = clock;
    this.tasks = tasks;
  }

  /** What a page shows of the job. */
  sealed interface State<R> {}

  /** It has not been started since the server started. */
  record None<R>() implements State<R> {}

  /**
   * It is running.
   *
   * @param by the handle of the operator who started it
   * @param part what it does now
   * @param total how much the part has to do; 0 where that is not known
   */
  record Running<R>(String by, Instant since, String part, long done, long total)
      implements State<R> {}

  /** It ended with a result. */
  record Done<R>(String by, Instant until, R result) implements State<R> {}

  /** It ended with an exception. */
  record Failed<R>(String by, Instant until, String message) implements State<R> {}

  /** The work. */
  @FunctionalInterface
  interface Work<R> {
    R run(ProgressListener progress) throws IOException;
  }

  State<R> state() {
    return Objects.requireNonNull(state.get());
  }

  /**
   * Starts a run.
   *
   * @throws InvalidInputException if one is running already
   */
  void start(String by, Instant since, Work<R> work) {
    State<R> before =
        state.getAndUpdate(
            now -> now instanceof Running<R> ? now : new Running<>(by, since, "", 0, 0));
    if (before instanceof Running<R>) {
      throw new InvalidInputException("A " + name + " is running already.");
    }
    tasks.start(() -> run(by, since, work));
  }

  private void run(String by, Instant since, Work<R> work) {
    try {
      R result =
          work.run((part, done, total) -> state.set(new Running<>(by, since, part, done, total)));
      state.set(new Done<>(by, clock.instant(), result));
    } catch (IOException | RuntimeException e) {
      state.set(new Failed<>(by, clock.instant(), String.valueOf(e.getMessage())));
    }
  }
}
