package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.thywill.archive.CheckReport;
import org.thywill.archive.Checker;
import org.thywill.archive.Finding;
import org.thywill.catalog.Timestamps;
import org.thywill.database.ViewException;
import org.thywill.database.ViewState;
import org.thywill.ledger.RefusedChange;
import org.thywill.operations.Places;

/** The operator's console: how the archive and the database are, and a check of every byte, started from the page. */
final class ConsolePages {
  private final Site site;
  private final AtomicReference<Check> check = new AtomicReference<>(new Check.None());

  ConsolePages(Site site) {
    this.site = site;
  }

  /** The last check that was started from this page, since the server started. */
  sealed interface Check {
    record None() implements Check {}

    record Running(String by, Instant since, String part, long done, long total) implements Check {}

    record Done(String by, Instant since, Instant until, CheckReport report) implements Check {}

    record Failed(String by, Instant since, String message) implements Check {}
  }

  record TableView(String name, long rows) {}

  record View(String community, long seq, Instant lastChange, String digest, List<TableView> tables, Check check, List<Finding> atStart, Instant now) {}

  Answer show(Visit visit) throws IOException {
    ViewState state = visit.view().state();
    List<TableView> tables = new ArrayList<>();
    state.digest().tables().forEach((name, entry) -> tables.add(new TableView(name, entry.rows())));
    return Answer.page("console.jte", "Console", new View(state.community(), state.seq(), Timestamps.instant(state.at()), state.digest().hex(), tables,
        Optional.ofNullable(check.get()).orElse(new Check.None()), site.ledger().findings(), visit.now()));
  }

  /** Starts a check of every byte beside the serving; one at a time. */
  Answer check(Visit visit) {
    String by = visit.member().handle();
    Instant since = visit.now();
    Check before = check.getAndUpdate(now -> now instanceof Check.Running ? now : new Check.Running(by, since, "", 0, 0));
    if (before instanceof Check.Running) {
      throw new RefusedChange("A check is running already.");
    }
    Thread.ofPlatform().name("check").daemon().start(() -> run(by, since));
    return Answer.goOn("/console", Said.CHECK_STARTED);
  }

  private void run(String by, Instant since) {
    try {
      CheckReport report = new Checker(Places.archiveAsItIs(site.archive())).check(Checker.Mode.FULL,
          (what, done, total) -> check.set(new Check.Running(by, since, what, done, total)));
      check.set(new Check.Done(by, since, site.clock().instant(), report));
    } catch (IOException | RuntimeException e) {
      check.set(new Check.Failed(by, since, String.valueOf(e.getMessage())));
    }
  }

  /** For machines: whether the server can read. Says nothing about the community. */
  Answer health(Visit visit) {
    try {
      long seq = visit.view().state().seq();
      return Answer.text(200, "application/json", "{\"status\":\"ok\",\"seq\":" + seq + "}");
    } catch (IOException e) {
      site.ledger().reportUnreadable(e instanceof ViewException failed && failed.isDamaged());
      site.log().println(visit.now() + " health: " + e.getMessage());
      site.log().flush();
      return Answer.text(503, "application/json", "{\"status\":\"failing\",\"problem\":\"the database cannot be read\"}");
    }
  }
}
