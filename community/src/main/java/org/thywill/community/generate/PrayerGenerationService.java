package org.thywill.community.generate;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.prayer.Prayers;
import org.thywill.ledger.Ledger;
import org.thywill.view.ViewReader;

/**
 * Generates prayers for requests that are already posted.
 *
 * <p>If the generator is a remote service, no caller waits for it: a few prayers are fetched at a
 * time in the background, and each is attached in a transaction of its own in the name of the
 * author, unless the author has written one in the meantime. If the service fails, or one author
 * asks for too many, the program's own generator takes its place.
 *
 * <p>Pending work is kept in memory only: a request whose prayer was not written when the server
 * stopped has none, and its author can ask for one again.
 */
public final class PrayerGenerationService implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int QUEUED_MAX = 100;
  private static final int TRIES_MAX = 2;

  /** How often the author may change the request while a prayer for it is generated. */
  private static final int BASES_MAX = 3;

  private static final long STOP_TIMEOUT_SECONDS = 10;

  private final Ledger ledger;
  private final Prayers prayers;
  private final PrayerGenerator generator;
  private final InstantSource clock;
  private final Consumer<String> log;
  private final TemplatePrayerGenerator builtIn = new TemplatePrayerGenerator();
  private final Map<String, Job> pending = new ConcurrentHashMap<>();

  /** By author, because the community pays for each call of a service. */
  private final AttemptLimiter askedByAuthor = AttemptLimiter.perHour();

  private volatile @Nullable Problem lastProblem;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED_MAX),
          Thread.ofPlatform().name("prayer-generator").daemon().factory());

  /**
   * A request for which a prayer is to be generated.
   *
   * @param replaced the generated prayer that is to be replaced, or null
   */
  private record Job(String author, String prayer, @Nullable String replaced) {}

  /** Why the generator could not be used. */
  public record Problem(Instant at, String what) {}

  /**
   * A generated prayer.
   *
   * @param generator the name of what made it, for the log
   */
  private record GeneratedPrayer(String text, String generator) {}

  /** Generates a prayer for the row of a request; null when the server stops. */
  @FunctionalInterface
  private interface Generation {
    @Nullable GeneratedPrayer run(Row prayer);
  }

  /**
   * A service over one generator.
   *
   * @param generator is closed with this service
   * @param log takes messages about what failed, for the operator
   */
  public PrayerGenerationService(
      Ledger ledger,
      Prayers prayers,
      PrayerGenerator generator,
      InstantSource clock,
      Consumer<String> log) {
    this.ledger = ledger;
    this.prayers = prayers;
    this.generator = generator;
    this.clock = clock;
    this.log = log;
  }

  /** As {@link PrayerGenerator#reader}. */
  public Optional<String> reader() {
    return generator.reader();
  }

  /** The name of the generator in the archive. */
  public String generatorName() {
    return generator.name();
  }

  /** How many prayers are being generated, or wait for it. */
  public int pendingCount() {
    return pending.size();
  }

  /** The last problem since the start. */
  public Optional<Problem> lastProblem() {
    return Optional.ofNullable(lastProblem);
  }

  /** Whether a prayer for a request is being generated. */
  public boolean isUnderWay(String prayer) {
    return pending.containsKey(prayer);
  }

  /**
   * Generates a prayer for a request that has none. The request is posted already: a failure is
   * logged for the operator and not thrown.
   *
   * @throws ForbiddenException if the member is not the author
   * @throws InvalidInputException if there is no such prayer, or it is hidden
   */
  public void generate(String author, String prayer) throws IOException {
    Job job = new Job(author, prayer, null);
    if (!prayerOf(job).has(Catalog.Prayers.GENERATED_PRAYER) && begin(job)) {
      if (generator.reader().isEmpty()) {
        writeOrReport(job, this::fetch);
      } else {
        enqueue(job);
      }
    }
  }

  /**
   * Generates another prayer in place of the present one.
   *
   * @return whether that is done; if not, it is done soon
   * @throws ForbiddenException if the member is not the author
   * @throws InvalidInputException if there is no such prayer, or it is hidden
   */
  public boolean generateOther(String author, String prayer) throws IOException {
    Row row = prayerOf(new Job(author, prayer, null));
    Job job = new Job(author, prayer, row.get(Catalog.Prayers.GENERATED_PRAYER).orElse(null));
    if (!begin(job)) {
      return false;
    }
    if (generator.reader().isEmpty()) {
      write(job, this::fetch);
      return true;
    }
    enqueue(job);
    return !isUnderWay(prayer);
  }

  /** Drops pending work for a prayer, because its author has decided. */
  public void cancel(String prayer) {
    pending.remove(prayer);
  }

  /**
   * The row of a prayer whose author may have one generated. This is checked before a service gets
   * to read the request.
   */
  private Row prayerOf(Job job) throws IOException {
    try (ViewReader view = ledger.read()) {
      return Prayers.requireShown(
          Prayers.requireAuthor(
              view, job.author(), job.prayer(), Timestamps.micros(clock.instant())));
    }
  }

  private boolean begin(Job job) {
    return pending.putIfAbsent(job.prayer(), job) == null;
  }

  private void enqueue(Job job) {
    long nowMicros = Timestamps.micros(clock.instant());
    if (askedByAuthor.isExhausted(job.author(), nowMicros)) {
      String problem =
          job.author() + " had asked " + AttemptLimiter.TRIES_PER_HOUR + " times within the hour";
      writeOrReport(job, prayer -> builtInPrayer(prayer, problem));
      return;
    }
    askedByAuthor.count(job.author(), nowMicros);
    try {
      workers.execute(() -> writeOrReport(job, this::fetch));
    } catch (RejectedExecutionException e) {
      String problem = "too many wait for " + generator.name();
      writeOrReport(job, prayer -> isStopping() ? null : builtInPrayer(prayer, problem));
    }
  }

  private void writeOrReport(Job job, Generation generation) {
    try {
      write(job, generation);
    } catch (IOException | RuntimeException e) {
      report(
          "no prayer could be written beside request "
              + job.prayer()
              + "; its author may ask for one again: "
              + e.getMessage());
    }
  }

  private void write(Job job, Generation generation) throws IOException {
    try {
      boolean isDone = false;
      for (int i = 0; i < BASES_MAX && !isDone; i++) {
        isDone = isWritten(job, generation);
      }
    } finally {
      pending.remove(job.prayer(), job);
    }
  }

  /** Whether nothing is left to do: the prayer is attached, or no longer wanted. */
  private boolean isWritten(Job job, Generation generation) throws IOException {
    Row prayer = prayerOf(job);
    boolean isReplaced =
        !Objects.equals(prayer.get(Catalog.Prayers.GENERATED_PRAYER).orElse(null), job.replaced());
    if (!isWanted(job) || isReplaced) {
      return true;
    }
    @Nullable GeneratedPrayer generated = generation.run(prayer);
    return generated == null
        || !isWanted(job)
        || prayers.attachGenerated(job.author(), prayer, generated.text(), generated.generator());
  }

  private boolean isWanted(Job job) {
    return !isStopping() && job.equals(pending.get(job.prayer()));
  }

  /** The generator's prayer after two tries at most, or else the program's own. */
  private @Nullable GeneratedPrayer fetch(Row prayer) {
    String problem = "";
    for (int i = 1; i <= TRIES_MAX; i++) {
      try {
        return new GeneratedPrayer(
            generator.prayerFor(request(prayer), present(prayer)), generator.name());
      } catch (PrayerGenerationException e) {
        problem = String.valueOf(e.getMessage());
        if (!e.isTemporary() || i == TRIES_MAX || stopsWithin(e.retryAfter().toMillis())) {
          break;
        }
      }
    }
    if (isStopping()) {
      return null;
    }
    report(
        "the prayer beside request "
            + prayer.key()
            + " has the program's own words, since "
            + problem);
    return builtInPrayer(prayer, problem);
  }

  private void report(String what) {
    lastProblem = new Problem(clock.instant(), what);
    log.accept(what);
  }

  private GeneratedPrayer builtInPrayer(Row prayer, String problem) {
    return new GeneratedPrayer(
        builtIn.prayerFor(request(prayer), present(prayer)), builtIn.name() + ", since " + problem);
  }

  private static String present(Row prayer) {
    return prayer.get(Catalog.Prayers.GENERATED_PRAYER).orElse("");
  }

  private static String request(Row prayer) {
    return prayer.get(Catalog.Prayers.TEXT).orElse("");
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private boolean stopsWithin(long timeoutMillis) {
    try {
      return stopping.await(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Stops what is being fetched, and waits for what is being written. */
  @Override
  public void close() {
    stopping.countDown();
    generator.close();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        log.accept(
            "a prayer that was being written did not end within "
                + STOP_TIMEOUT_SECONDS
                + " seconds, and is given up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
