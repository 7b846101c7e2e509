package org.thywill.web;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.thywill.archive.CheckReport;
import org.thywill.archive.Checker;
import org.thywill.ledger.RefusedChange;
import org.thywill.operations.Keeping;
import org.thywill.operations.Places;

/** What the console shows and monitors ask for beside the view: how the archive is kept, and the last check of it that was started from the console. */
final class Watch {
  /** Names and sizes of a large archive take a second, so not everybody who asks makes it look again. */
  private static final Duration LOOKS_AGAIN = Duration.ofMinutes(1);

  private final Site site;
  private final AtomicReference<Check> check = new AtomicReference<>(new Check.None());
  private Optional<Keeping> keeping = Optional.empty();

  Watch(Site site) {
    this.site = site;
  }

  /** The last check that was started from the console, since the server started. */
  sealed interface Check {
    record None() implements Check {}

    record Running(String by, Instant since, String part, long done, long total) implements Check {}

    record Done(String by, Instant since, Instant until, CheckReport report) implements Check {}

    record Failed(String by, Instant since, String message) implements Check {}
  }

  Check check() {
    return Objects.requireNonNull(check.get());
  }

  /**
   * How the archive is kept, as it was a minute ago at most.
   *
   * @throws IOException if the archive cannot be read
   */
  synchronized Keeping keeping(Instant now) throws IOException {
    if (keeping.isEmpty() || Duration.between(keeping.get().at(), now).compareTo(LOOKS_AGAIN) > 0) {
      keeping = Optional.of(Keeping.look(site.premises().archive(), site.premises().database(), site.premises().copies(), now));
    }
    return keeping.get();
  }

  /** Starts a check of every byte beside the serving; one at a time. */
  void startCheck(String by, Instant since) {
    Check before = check.getAndUpdate(now -> now instanceof Check.Running ? now : new Check.Running(by, since, "", 0, 0));
    if (before instanceof Check.Running) {
      throw new RefusedChange("A check is running already.");
    }
    Thread.ofPlatform().name("check").daemon().start(() -> run(by, since));
  }

  private void run(String by, Instant since) {
    try {
      CheckReport report = new Checker(Places.archiveAsItIs(site.premises().archive())).check(Checker.Mode.FULL,
          (what, done, total) -> check.set(new Check.Running(by, since, what, done, total)));
      check.set(new Check.Done(by, since, site.clock().instant(), report));
    } catch (IOException | RuntimeException e) {
      check.set(new Check.Failed(by, since, String.valueOf(e.getMessage())));
    }
  }
}
