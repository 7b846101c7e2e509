package org.thywill.community.generate;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * Writes prayers beside requests that are posted already. Where the words come from somebody else,
 * nobody waits for them: a few are fetched at a time, in the background, and each is attached as a
 * change of its own, by whoever asked for it, unless the author has found words meanwhile. Where
 * they cannot be had, or one author asks for very many, the program's own take their place. Nothing
 * is remembered: what was not written when the server stopped has no words, and they can be asked
 * for again.
 */
public final class PrayerGenerationService implements AutoCloseable {
  private static final int AT_A_TIME = 2;
  private static final int WAITING_MAX = 100;
  private static final int TRIES = 2;

  /** How often the author may change the request under the writer's hands. */
  private static final int BASES_MAX = 3;

  private static final long STOP_SECONDS = 10;

  private final Ledger ledger;
  private final Prayers prayers;
  private final PrayerGenerator writer;
  private final InstantSource clock;
  private final Consumer<String> log;
  private final TemplatePrayerGenerator ownWords = new TemplatePrayerGenerator();
  private final Map<String, Job> pendingCount = new ConcurrentHashMap<>();

  /** By author: nobody spends what the community pays for without bound. */
  private final AttemptLimiter asked = new AttemptLimiter();

  private volatile Optional<Trouble> lastTrouble = Optional.empty();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          AT_A_TIME,
          AT_A_TIME,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("scribe").daemon().factory());

  /**
   * A prayer that is to be written.
   *
   * @param before the words beside the request, which others are to take the place of
   */
  private record Job(String author, String prayer, Optional<String> before) {}

  /** Why words could not be had. */
  public record Trouble(Instant at, String what) {}

  private record Proposal(String words, String by) {}

  /** A way to find words for a request; empty when the server stops. */
  @FunctionalInterface
  private interface Pen {
    Optional<Proposal> write(Row prayer);
  }

  /**
   * A scribe at work.
   *
   * @param writer is closed with it
   * @param log is told what could not be written, for the operator
   */
  public PrayerGenerationService(
      Ledger ledger,
      Prayers prayers,
      PrayerGenerator writer,
      InstantSource clock,
      Consumer<String> log) {
    this.ledger = ledger;
    this.prayers = prayers;
    this.writer = writer;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Who gets to read a request for which words are asked; empty where it does not leave the
   * program.
   */
  public Optional<String> reader() {
    return writer.reader();
  }

  /** What the archive says of where the words come from. */
  public String writer() {
    return writer.name();
  }

  /** How many prayers are being written, or wait for it. */
  public int pendingCount() {
    return pendingCount.size();
  }

  /** What went wrong last since the start. */
  public Optional<Trouble> lastTrouble() {
    return lastTrouble;
  }

  /** Whether words for a prayer are being written. */
  public boolean isUnderWay(String prayer) {
    return pendingCount.containsKey(prayer);
  }

  /**
   * Writes words beside a request that has none, soon. The request is posted: what goes wrong with
   * the words is for the operator to know.
   *
   * @throws ForbiddenException if the member is not the author
   * @throws InvalidInputException if the prayer is not there, or hidden
   */
  public void propose(String author, String prayer) throws IOException {
    Job job = new Job(author, prayer, Optional.empty());
    if (prayerOf(job).text(Prayers.GENERATED_PRAYER).isEmpty() && begin(job)) {
      if (writer.reader().isEmpty()) {
        writeOrTell(job, this::fetch);
      } else {
        enqueue(job);
      }
    }
  }

  /**
   * Writes other words than those that are there.
   *
   * @return whether that is done; if not, they come soon
   * @throws ForbiddenException if the member is not the author
   * @throws InvalidInputException if the prayer is not there, or hidden
   */
  public boolean proposeOther(String author, String prayer) throws IOException {
    Job job =
        new Job(
            author,
            prayer,
            prayerOf(new Job(author, prayer, Optional.empty())).text(Prayers.GENERATED_PRAYER));
    if (!begin(job)) {
      return false;
    }
    if (writer.reader().isEmpty()) {
      write(job, this::fetch);
      return true;
    }
    enqueue(job);
    return !isUnderWay(prayer);
  }

  /** Forgets what is under way for a prayer, for whose author has decided. */
  public void cancel(String prayer) {
    pendingCount.remove(prayer);
  }

  /**
   * The prayer as it is, if its author may have words for it. Whose text it is has to be clear
   * before anybody else gets to read it.
   */
  private Row prayerOf(Job job) throws IOException {
    try (ViewReader view = ledger.read()) {
      return Prayers.requireShown(
          Prayers.requireAuthor(
              view, job.author(), job.prayer(), Timestamps.micros(clock.instant())));
    }
  }

  private boolean begin(Job job) {
    return pendingCount.putIfAbsent(job.prayer(), job) == null;
  }

  private void enqueue(Job job) {
    long at = Timestamps.micros(clock.instant());
    if (asked.isExhausted(job.author(), at)) {
      writeOrTell(
          job,
          prayer ->
              Optional.of(
                  builtIn(
                      prayer,
                      job.author()
                          + " had asked "
                          + AttemptLimiter.TRIES_PER_HOUR
                          + " times within the hour")));
      return;
    }
    asked.count(job.author(), at);
    try {
      workers.execute(() -> writeOrTell(job, this::fetch));
    } catch (RejectedExecutionException e) {
      writeOrTell(
          job,
          prayer ->
              isStopping()
                  ? Optional.empty()
                  : Optional.of(builtIn(prayer, "too many wait for " + writer.name())));
    }
  }

  private void writeOrTell(Job job, Pen pen) {
    try {
      write(job, pen);
    } catch (IOException | RuntimeException e) {
      report(
          "no prayer could be written beside request "
              + job.prayer()
              + "; its author may ask for one again: "
              + e.getMessage());
    }
  }

  private void write(Job job, Pen pen) throws IOException {
    try {
      boolean isDone = false;
      for (int i = 0; i < BASES_MAX && !isDone; i++) {
        isDone = isWritten(job, pen);
      }
    } finally {
      pendingCount.remove(job.prayer(), job);
    }
  }

  /** Whether nothing is left to do: the words are there, or nobody wants them any more. */
  private boolean isWritten(Job job, Pen pen) throws IOException {
    Row prayer = prayerOf(job);
    if (!isWanted(job) || !prayer.text(Prayers.GENERATED_PRAYER).equals(job.before())) {
      return true;
    }
    Optional<Proposal> proposal = pen.write(prayer);
    return proposal.isEmpty()
        || !isWanted(job)
        || prayers.attachProposal(
            job.author(), prayer, proposal.get().words(), proposal.get().by());
  }

  private boolean isWanted(Job job) {
    return !isStopping() && job.equals(pendingCount.get(job.prayer()));
  }

  /** The writer's words after a second try at most, or else the program's own. */
  private Optional<Proposal> fetch(Row prayer) {
    String trouble = "";
    for (int i = 1; i <= TRIES; i++) {
      try {
        return Optional.of(
            new Proposal(
                writer.prayerFor(request(prayer), prayer.text(Prayers.GENERATED_PRAYER).orElse("")),
                writer.name()));
      } catch (PrayerGenerator.Failed e) {
        trouble = String.valueOf(e.getMessage());
        if (!e.mayPass() || i == TRIES || stopsWithin(e.after().toMillis())) {
          break;
        }
      }
    }
    if (isStopping()) {
      return Optional.empty();
    }
    report(
        "the prayer beside request "
            + prayer.key()
            + " has the program's own words, since "
            + trouble);
    return Optional.of(builtIn(prayer, trouble));
  }

  private void report(String what) {
    lastTrouble = Optional.of(new Trouble(clock.instant(), what));
    log.accept(what);
  }

  private Proposal builtIn(Row prayer, String trouble) {
    return new Proposal(
        ownWords.prayerFor(request(prayer), prayer.text(Prayers.GENERATED_PRAYER).orElse("")),
        ownWords.name() + ", since " + trouble);
  }

  private static String request(Row prayer) {
    return prayer.get(Catalog.Prayers.TEXT).orElse("");
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private boolean stopsWithin(long millis) {
    try {
      return stopping.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Gives up what is being fetched, and waits for what is being written down. */
  @Override
  public void close() {
    stopping.countDown();
    writer.close();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.accept(
            "a prayer that was being written did not end within "
                + STOP_SECONDS
                + " seconds, and is given up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
