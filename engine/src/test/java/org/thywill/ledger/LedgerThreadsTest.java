package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.MemoryFolder;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/** Many threads use one ledger: each gets its outcome, whatever the others do. */
@Timeout(60)
class LedgerThreadsTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));

  /** How long a slow transaction takes, during which two threads close the ledger. */
  private static final int SLOW_MILLIS = 300;

  private static final Change.Cause SYSTEM = Change.Cause.by("system");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  private Ledger open() throws IOException {
    return Ledger.open(
        folder.resolve("archive"), folder.resolve("community.db"), CLOCK, ProgressListener.NONE);
  }

  private Ledger founded() throws IOException {
    Ledger.found(folder.resolve("archive"), "c0ffee", CLOCK);
    return open();
  }

  private static Row flag(String name) {
    return Row.in(Catalog.FEATURE_FLAGS)
        .set(Catalog.FeatureFlags.NAME, name)
        .set(Catalog.FeatureFlags.ENABLED, true)
        .build();
  }

  private static <T> List<Future<T>> together(int threads, Callable<T> task, ExecutorService pool) {
    CountDownLatch start = new CountDownLatch(threads);
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      futures.add(
          pool.submit(
              () -> {
                start.countDown();
                start.await();
                return task.call();
              }));
    }
    return futures;
  }

  @Test
  void write_byManyThreads_allAreAcknowledgedWithSeqsOfTheirOwn() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8);
        Ledger ledger = founded()) {
      var futures =
          together(
              8,
              () -> {
                List<Long> seqs = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                  String name = Thread.currentThread().threadId() + "-" + i;
                  seqs.add(ledger.write(SYSTEM, tx -> tx.add(flag(name))).last());
                }
                return seqs;
              },
              pool);
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> future : futures) {
        all.addAll(future.get(30, TimeUnit.SECONDS));
      }
      assertThat(all).doesNotHaveDuplicates().hasSize(400).contains(1L, 400L);
    }
  }

  @Test
  void checkpoint_byManyThreadsAtOnce_allReturn() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8);
        Ledger ledger = founded()) {
      for (int round = 0; round < 30; round++) {
        String name = "f" + round;
        ledger.write(SYSTEM, tx -> tx.add(flag(name)));
        for (Future<Boolean> future :
            together(
                8,
                () -> {
                  ledger.checkpoint();
                  return true;
                },
                pool)) {
          assertThat(future.get(10, TimeUnit.SECONDS)).isTrue();
        }
      }
    }
  }

  @Test
  void write_whileTheLedgerCloses_isAcknowledgedAndThereLater_orRefused() throws Exception {
    Ledger.found(folder.resolve("archive"), "c0ffee", CLOCK);
    List<String> acknowledged = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 20; round++) {
        int now = round;
        Ledger ledger = open();
        var futures =
            together(
                8,
                () -> {
                  List<String> mine = new ArrayList<>();
                  for (int i = 0; ; i++) {
                    String name = now + "-" + Thread.currentThread().threadId() + "-" + i;
                    try {
                      ledger.write(SYSTEM, tx -> tx.add(flag(name)));
                      mine.add(name);
                    } catch (IllegalStateException e) {
                      return mine;
                    }
                  }
                },
                pool);
        sleep(round); // so that the ledger closes earlier or later among the writes
        ledger.close();
        acknowledged.addAll(everything(futures));
      }
    }
    try (Ledger ledger = open();
        ViewReader view = ledger.read()) {
      for (String name : acknowledged) {
        assertThat(view.find(Catalog.FEATURE_FLAGS, name)).isPresent();
      }
      assertThat(view.count(Catalog.FEATURE_FLAGS)).isEqualTo(acknowledged.size());
    }
  }

  private static List<String> everything(List<Future<List<String>>> futures)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<String> all = new ArrayList<>();
    for (Future<List<String>> future : futures) {
      all.addAll(future.get(10, TimeUnit.SECONDS));
    }
    return all;
  }

  @Test
  void write_bodyThrowsAnError_reachesItsCallerAndTheNextSucceeds() throws IOException {
    try (Ledger ledger = founded()) {
      assertThatThrownBy(
              () ->
                  ledger.write(
                      SYSTEM,
                      tx -> {
                        tx.add(flag("half"));
                        throw new StackOverflowError("invented");
                      }))
          .hasRootCauseInstanceOf(StackOverflowError.class);
      assertThat(ledger.write(SYSTEM, tx -> tx.add(flag("whole"))))
          .isEqualTo(new Receipt(1, 1, false));
    }
  }

  @Test
  void close_twiceAndByAnInterruptedThread_releasesTheArchiveOnlyWhenAllIsWritten()
      throws IOException {
    Ledger ledger = founded();
    ledger.write(SYSTEM, tx -> tx.add(flag("one")));
    Thread.currentThread().interrupt();
    ledger.close();
    assertThat(Thread.interrupted()).isTrue();
    ledger.close();
    assertThatThrownBy(() -> ledger.write(SYSTEM, tx -> tx.add(flag("two"))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(ledger::checkpoint).isInstanceOf(IllegalStateException.class);
    try (Ledger again = open()) {
      assertThat(again.findings()).isEmpty();
      assertThat(again.write(SYSTEM, tx -> tx.add(flag("two"))).first()).isEqualTo(2);
    }
  }

  @Test
  void close_byTwoThreads_bothReturnOnlyWhenTheArchiveIsReleased() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
      Ledger ledger = founded();
      CountDownLatch working = new CountDownLatch(1);
      Future<Receipt> slow =
          pool.submit(
              () ->
                  ledger.write(
                      SYSTEM,
                      tx -> {
                        tx.add(flag("slow"));
                        working.countDown();
                        sleep(SLOW_MILLIS);
                      }));
      working.await();
      Callable<Boolean> closing =
          () -> {
            ledger.close();
            synchronized (working) { // the two closers must not lock each other out
              ArchiveLock.acquire(folder.resolve("archive"), "now").close();
            }
            return true;
          };
      for (Future<Boolean> free : together(2, closing, pool)) {
        assertThat(free.get(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(new Receipt(1, 1, false));
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void write_bodyInterruptsItsThread_otherWritesSucceed() throws IOException {
    try (Ledger ledger = founded()) {
      ledger.write(
          SYSTEM,
          tx -> {
            tx.add(flag("one"));
            Thread.currentThread().interrupt();
          });
      assertThat(ledger.write(SYSTEM, tx -> tx.add(flag("two"))))
          .isEqualTo(new Receipt(2, 2, false));
    }
  }

  @Test
  void bodyThatCallsTheLedger_isRefusedInsteadOfWaitingForItself() throws IOException {
    try (Ledger ledger = founded()) {
      for (TransactionBody body :
          List.<TransactionBody>of(
              tx -> ledger.write(SYSTEM, inner -> inner.add(flag("inner"))),
              tx -> ledger.checkpoint(),
              tx -> closeIt(ledger))) {
        assertThatThrownBy(() -> ledger.write(SYSTEM, body))
            .isInstanceOf(IllegalStateException.class);
      }
      assertThat(ledger.write(SYSTEM, tx -> tx.add(flag("one"))))
          .isEqualTo(new Receipt(1, 1, false));
    }
  }

  private static void closeIt(Ledger ledger) throws IOException {
    ledger.close();
  }

  /** A disk on which one force of the journal throws an {@link Error}. */
  private static Disk failingDisk(Disk disk, AtomicBoolean error) {
    return proxy(
        Disk.class,
        disk,
        (method, result) ->
            method.equals("append")
                ? proxy(
                    Disk.Appender.class,
                    result,
                    (step, nothing) -> {
                      if (step.equals("force") && error.getAndSet(false)) {
                        throw new OutOfMemoryError("invented");
                      }
                      return nothing;
                    })
                : result);
  }

  private interface ResultFilter {
    @Nullable Object apply(String method, @Nullable Object result);
  }

  private static <T> T proxy(Class<T> type, @Nullable Object target, ResultFilter filter) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return filter.apply(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void writerEndsWithAnError_allCallsFailAndTheArchiveIsReleased() throws Exception {
    AtomicBoolean error = new AtomicBoolean();
    Ledger.found(folder.resolve("archive"), "c0ffee", CLOCK);
    ViewFile viewFile = new ViewFile(folder.resolve("community.db"));
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      Ledger ledger =
          Ledger.over(
              new GzipDisk(failingDisk(new FileSystemDisk(folder.resolve("archive")), error)),
              ArchiveLock.acquire(folder.resolve("archive"), "now"),
              viewFile,
              CLOCK,
              ProgressListener.NONE);
      ledger.write(SYSTEM, tx -> tx.add(flag("before")));
      error.set(true);
      List<Future<Boolean>> futures =
          new ArrayList<>(
              together(
                  4,
                  () -> {
                    String name = "f" + Thread.currentThread().threadId();
                    assertThatThrownBy(() -> ledger.write(SYSTEM, tx -> tx.add(flag(name))))
                        .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(IOException.class),
                            e -> assertThat(e).isInstanceOf(IllegalStateException.class));
                    return true;
                  },
                  pool));
      for (Future<Boolean> failed : futures) {
        assertThat(failed.get(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThatThrownBy(ledger::checkpoint).isInstanceOf(IllegalStateException.class);
      ledger.close();
    }
    try (Ledger again = open();
        ViewReader view = again.read()) {
      assertThat(view.find(Catalog.FEATURE_FLAGS, "before")).isPresent();
      assertThat(view.computeDigest()).isEqualTo(again.digest());
      again.write(SYSTEM, tx -> tx.add(flag("after")));
    }
    ArchiveReader archive = ArchiveReader.open(new FileSystemDisk(folder.resolve("archive")), 0);
    assertThat(
            Rebuild.into(
                    folder.resolve("rebuilt.db"), archive, PointInTime.NOW, ProgressListener.NONE)
                .proven())
        .isTrue();
  }

  @Test
  void checkpointFailsInItsOwnThread_theCallFailsAndWritingGoesOn() throws Exception {
    Ledger.found(folder.resolve("archive"), "c0ffee", CLOCK);
    Path log = folder.resolve("archive/system");
    try (Ledger ledger = open()) {
      ledger.write(SYSTEM, tx -> tx.add(flag("one")));
      Files.writeString(log, "a file where a folder must be");
      assertThatThrownBy(ledger::checkpoint).isInstanceOf(IOException.class);
      ledger.write(SYSTEM, tx -> tx.add(flag("two")));
      Files.delete(log);
      ledger.checkpoint();
    }
    assertThat(ArchiveProbe.wrongPagesAndSnapshots(new FileSystemDisk(folder.resolve("archive"))))
        .isEmpty();
  }
}
