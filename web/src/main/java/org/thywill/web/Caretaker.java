package org.thywill.web;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does what has to be done from time to time though nobody asks: ends sign-ins that have waited too long. */
public final class Caretaker implements Closeable {
  private static final Duration ROUND = Duration.ofMinutes(10);
  private final Site site;
  private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("caretaker").daemon().factory());

  private Caretaker(Site site) {
    this.site = site;
  }

  /** Begins the first round at once. */
  public static Caretaker start(Site site) {
    Caretaker caretaker = new Caretaker(site);
    var _ = caretaker.rounds.scheduleWithFixedDelay(caretaker::round, 0, ROUND.toSeconds(), TimeUnit.SECONDS);
    return caretaker;
  }

  /** A round that fails is told, and the next one comes all the same. */
  private void round() {
    try {
      site.community().signIn().expire();
    } catch (IOException | RuntimeException e) {
      site.log().println(site.clock().instant() + " the caretaker could not end the sign-ins that nobody vouched for; it tries again in " + ROUND.toMinutes() + " minutes: " + e.getMessage());
      site.log().flush();
    }
  }

  /** Waits for the round that is under way. */
  @Override
  public void close() {
    rounds.close();
  }
}
