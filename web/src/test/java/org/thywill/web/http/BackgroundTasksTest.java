package org.thywill.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.thywill.simulation.Await;

/** Tasks run in the background, and closing waits for what must not be interrupted. */
class BackgroundTasksTest {
  private final BackgroundTasks tasks = new BackgroundTasks();

  @Test
  void start_runsTheTaskOnce_andNothingAfterClosing() {
    AtomicInteger runs = new AtomicInteger();
    tasks.start(runs::incrementAndGet);
    Await.until(() -> runs.get() == 1);
    tasks.close();
    assertThatThrownBy(() -> tasks.start(runs::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(runs).hasValue(1);
  }

  @Test
  void repeat_runsRoundsUntilClosing() {
    AtomicInteger rounds = new AtomicInteger();
    tasks.repeat(Duration.ofMillis(1), rounds::incrementAndGet);
    Await.until(() -> rounds.get() > 2);
    tasks.close();
    int afterClosing = rounds.get();
    tasks.close();
    assertThat(rounds).hasValue(afterClosing);
  }

  @Test
  void close_waitsForTheRoundThatIsRunning() throws InterruptedException {
    CountDownLatch isRunning = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicBoolean hasEnded = new AtomicBoolean();
    tasks.repeat(
        Duration.ofDays(1),
        () -> {
          isRunning.countDown();
          awaitUninterrupted(mayEnd);
          hasEnded.set(true);
        });
    isRunning.await();
    AtomicBoolean hadEndedAtClosing = new AtomicBoolean();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  tasks.close();
                  hadEndedAtClosing.set(hasEnded.get());
                });
    Await.until(() -> closer.getState() == Thread.State.BLOCKED);
    mayEnd.countDown();
    closer.join();
    assertThat(hadEndedAtClosing).isTrue();
  }

  @Test
  void close_waitsForASingleTaskThatSoonEnds() {
    CountDownLatch isRunning = new CountDownLatch(1);
    AtomicBoolean hasEnded = new AtomicBoolean();
    tasks.start(
        () -> {
          isRunning.countDown();
          LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
          hasEnded.set(true);
        });
    awaitUninterrupted(isRunning);
    tasks.close();
    assertThat(hasEnded).isTrue();
  }

  @Test
  void close_doesNotWaitLongForASingleTask() {
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch isRunning = new CountDownLatch(1);
    tasks.start(
        () -> {
          isRunning.countDown();
          awaitUninterrupted(mayEnd);
        });
    awaitUninterrupted(isRunning);
    tasks.close();
    assertThat(mayEnd.getCount()).as("the task is still running").isEqualTo(1);
    mayEnd.countDown();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
