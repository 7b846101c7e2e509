package org.thywill.web.console;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.thywill.community.access.InvalidInputException;
import org.thywill.progress.ProgressListener;

/**
 * Long work of one kind that operators start from the console: one at a time, beside the serving,
 * and what came of the last one since the server started.
 */
public final class BackgroundJob<R> {
  private final String name;
  private final InstantSource clock;
  private final AtomicReference<State<R>> state = new AtomicReference<>(new None<>());

  BackgroundJob(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  public sealed interface State<R> {}

  public record None<R>() implements State<R> {}

  public record Running<R>(String by, Instant since, String part, long done, long total)
      implements State<R> {}

  public record Done<R>(String by, Instant until, R result) implements State<R> {}

  public record Failed<R>(String by, Instant until, String message) implements State<R> {}

  @FunctionalInterface
  interface Job<R> {
    R run(ProgressListener progress) throws IOException;
  }

  State<R> state() {
    return Objects.requireNonNull(state.get());
  }

  /**
   * Begins.
   *
   * @throws InvalidInputException if one is running already
   */
  void start(String by, Instant since, Job<R> job) {
    State<R> before =
        state.getAndUpdate(
            now -> now instanceof Running<R> ? now : new Running<>(by, since, "", 0, 0));
    if (before instanceof Running<R>) {
      throw new InvalidInputException("A " + name + " is running already.");
    }
    Thread.ofPlatform().name(name).daemon().start(() -> run(by, since, job));
  }

  private void run(String by, Instant since, Job<R> job) {
    try {
      R result =
          job.run((part, done, total) -> state.set(new Running<>(by, since, part, done, total)));
      state.set(new Done<>(by, clock.instant(), result));
    } catch (IOException | RuntimeException e) {
      state.set(new Failed<>(by, clock.instant(), String.valueOf(e.getMessage())));
    }
  }
}
