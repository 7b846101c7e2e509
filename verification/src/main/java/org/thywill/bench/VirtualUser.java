package org.thywill.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * A member of a crowd: looks at pages, prays, asks, and takes a moment before each step, as people
 * do. Between two requests pass one to five seconds, which is less than somebody needs who reads;
 * of a hundred visits
 *
 * <ul>
 *   <li>45 begin with what waits for prayer: read the feed, pray the first, be back at the feed;
 *   <li>20 are in prayer mode: pray what is shown, or pass it over, and see the next;
 *   <li>15 look through all prayers, two pages of them, and open one;
 *   <li>10 read praise reports, or the own prayers;
 *   <li>5 ask for prayer;
 *   <li>5 look at the members and one of them.
 * </ul>
 */
final class VirtualUser {
  static final String WRITE = "write: ";
  private static final Pattern PRAYER = Pattern.compile("action=\"/prayers/([^\"/]+)/prayed\"");
  private static final Pattern MORE = Pattern.compile("href=\"(/feed/all\\?after=[^\"]+)\"");
  private static final Pattern MEMBER =
      Pattern.compile("<li class=\"depth-\\d\"><a href=\"(/members/[^\"]+)\"");
  private static final int THINK_MILLIS_LEAST = 1_000;
  private static final int THINK_MILLIS_MOST = 5_000;

  private final Browser browser;
  private final SplittableRandom random;

  VirtualUser(Browser browser, long seed) {
    this.browser = browser;
    this.random = new SplittableRandom(seed);
  }

  /** Comes in by an invite. */
  void join(String invite, String name) throws IOException, InterruptedException {
    browser.send(WRITE + "join", browser.page("join", invite), invite, Map.of("name", name));
  }

  /** One visit after the other until a time, of {@link System#nanoTime}. */
  void visitUntil(long end) throws IOException, InterruptedException {
    while (System.nanoTime() < end) {
      think();
      int chance = random.nextInt(100);
      if (chance < 45) {
        prayFromTheFeed();
      } else if (chance < 65) {
        prayInPrayerMode();
      } else if (chance < 80) {
        lookThroughAll();
      } else if (chance < 90) {
        browser.page(
            "feed " + (chance < 85 ? "praise" : "mine"),
            "/feed/" + (chance < 85 ? "praise" : "mine"));
      } else if (chance < 95) {
        ask();
      } else {
        lookAtMembers();
      }
    }
  }

  private void prayFromTheFeed() throws IOException, InterruptedException {
    Browser.Answer feed = browser.page("feed pray now", "/feed/pray-now");
    List<String> prayers = feed.all(PRAYER);
    if (!prayers.isEmpty()) {
      think();
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
      think();
      String act = random.nextInt(3) == 0 ? "skip" : "prayed";
      browser.send(
          WRITE + act, shown, "/prayers/" + prayers.getFirst() + "/" + act, Map.of("from", "pray"));
      browser.page("prayer mode", "/pray");
    }
  }

  private void lookThroughAll() throws IOException, InterruptedException {
    Browser.Answer feed = browser.page("feed all", "/feed/all");
    List<String> more = feed.all(MORE);
    think();
    Browser.Answer second =
        more.isEmpty() ? feed : browser.page("feed all, further", more.getFirst());
    List<String> prayers = second.all(PRAYER);
    if (!prayers.isEmpty()) {
      think();
      browser.page("a prayer", "/prayers/" + prayers.get(random.nextInt(prayers.size())));
    }
  }

  private void ask() throws IOException, InterruptedException {
    Browser.Answer form = browser.page("ask", "/ask");
    think();
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

  private void lookAtMembers() throws IOException, InterruptedException {
    List<String> members = browser.page("members", "/members").all(MEMBER);
    if (!members.isEmpty()) {
      think();
      browser.page("a member", members.get(random.nextInt(members.size())));
    }
  }

  private void think() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(random.nextInt(THINK_MILLIS_LEAST, THINK_MILLIS_MOST)));
  }
}
