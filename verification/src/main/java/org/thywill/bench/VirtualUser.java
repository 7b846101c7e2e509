package org.thywill.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * A simulated member: looks at pages, prays, asks, and pauses before each step, as people do.
 *
 * <p>Each pause is one to five seconds, which is less than a reader needs. Of a hundred visits
 *
 * <ul>
 *   <li>45 pray from the feed: open the feed, pray the first request, return to the feed;
 *   <li>20 use prayer mode: pray or skip what is shown, and see the next;
 *   <li>15 read two pages of the feed of all prayers, and open one prayer;
 *   <li>10 read the feed of praise reports, or of their own prayers;
 *   <li>5 ask for prayer;
 *   <li>5 open the list of members and one member.
 * </ul>
 */
final class VirtualUser {
  /** The beginning of the kinds of requests that change something. */
  static final String WRITE = "write: ";

  private static final Pattern PRAYER = Pattern.compile("action=\"/prayers/([^\"/]+)/prayed\"");
  private static final Pattern MORE = Pattern.compile("href=\"(/feed/all\\?after=[^\"]+)\"");
  private static final Pattern MEMBER =
      Pattern.compile("<li class=\"depth-\\d\"><a href=\"(/members/[^\"]+)\"");
  private static final int PAUSE_MILLIS_MIN = 1_000;
  private static final int PAUSE_MILLIS_MAX = 5_000;

  private final Browser browser;
  private final SplittableRandom random;

  VirtualUser(Browser browser, long seed) {
    this.browser = browser;
    this.random = new SplittableRandom(seed);
  }

  /** Joins the community by an invite. */
  void join(String invite, String name) throws IOException, InterruptedException {
    browser.send(WRITE + "join", browser.page("join", invite), invite, Map.of("name", name));
  }

  /** Makes one visit after the other until a time of {@link System#nanoTime}. */
  void visitUntil(long endNanos) throws IOException, InterruptedException {
    while (System.nanoTime() - endNanos < 0) {
      pause();
      int chance = random.nextInt(100);
      if (chance < 45) {
        prayFromTheFeed();
      } else if (chance < 65) {
        prayInPrayerMode();
      } else if (chance < 80) {
        readAll();
      } else if (chance < 90) {
        String feed = chance < 85 ? "praise" : "mine";
        browser.page("feed " + feed, "/feed/" + feed);
      } else if (chance < 95) {
        ask();
      } else {
        openMembers();
      }
    }
  }

  private void prayFromTheFeed() throws IOException, InterruptedException {
    Browser.Answer feed = browser.page("feed pray now", "/feed/pray-now");
    List<String> prayers = feed.all(PRAYER);
    if (!prayers.isEmpty()) {
      pause();
      browser.send(
          WRITE + "prayed",
          feed,
          "/prayers/" + prayers.getFirst() + "/prayed",
          Map.of("from", "feed-pray-now-"));
      browser.page("feed pray now", "/feed/pray-now?said=prayed");
    }
  }

  private void prayInPrayerMode() throws IOException, InterruptedException {
    Browser.Answer shown = browser.page("prayer mode", "/pray");
    List<String> prayers = shown.all(PRAYER);
    if (!prayers.isEmpty()) {
      pause();
      String act = random.nextInt(3) == 0 ? "skip" : "prayed";
      browser.send(
          WRITE + act, shown, "/prayers/" + prayers.getFirst() + "/" + act, Map.of("from", "pray"));
      browser.page("prayer mode", "/pray");
    }
  }

  private void readAll() throws IOException, InterruptedException {
    Browser.Answer feed = browser.page("feed all", "/feed/all");
    List<String> more = feed.all(MORE);
    pause();
    Browser.Answer second =
        more.isEmpty() ? feed : browser.page("feed all, further", more.getFirst());
    List<String> prayers = second.all(PRAYER);
    if (!prayers.isEmpty()) {
      pause();
      browser.page("a prayer", "/prayers/" + prayers.get(random.nextInt(prayers.size())));
    }
  }

  private void ask() throws IOException, InterruptedException {
    Browser.Answer form = browser.page("ask", "/ask");
    pause();
    browser.send(
        WRITE + "ask",
        form,
        "/ask",
        Map.of(
            "text",
            InventedWords.text(random, 150 + random.nextInt(400)),
            "visibility",
            "members"));
  }

  private void openMembers() throws IOException, InterruptedException {
    List<String> members = browser.page("members", "/members").all(MEMBER);
    if (!members.isEmpty()) {
      pause();
      browser.page("a member", members.get(random.nextInt(members.size())));
    }
  }

  private void pause() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX)));
  }
}
