package org.thywill.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the latencies of a server of a large community.
 *
 * <p>First every page is requested by itself, by a stranger, a member, a moderator and an admin;
 * then many members use the server at once. A latency is what a browser sees, from the request to
 * the last byte.
 */
final class LoadTest {
  private static final double SINGLE_PAGE_MILLIS_MAX = 200;
  private static final double PAGE_P99_MILLIS_MAX = 150;
  private static final double WRITE_P99_MILLIS_MAX = 250;
  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 20;
  private static final Pattern NEXT = Pattern.compile("href=\"([^\"]+)\">More<");
  private static final Pattern PRAYER = Pattern.compile("href=\"(/prayers/[^\"#]+)\">Open<");
  private static final Pattern MEMBER =
      Pattern.compile("<li class=\"depth-\\d\"><a href=\"(/members/[^\"]+)\"");
  private static final Pattern INVITE = Pattern.compile("(/join/[0-9a-z]+)");

  private final Path root;
  private final PrintWriter out;
  private final int members;
  private final Duration warmUp;
  private final Duration duration;

  /**
   * A load test.
   *
   * @param root of the project
   * @param out takes the results as they come
   * @param members how many members use the server at once
   * @param warmUp how long they use it before latencies count
   * @param duration how long latencies count
   */
  LoadTest(Path root, PrintWriter out, int members, Duration warmUp, Duration duration) {
    this.root = root;
    this.out = out;
    this.members = members;
    this.warmUp = warmUp;
    this.duration = duration;
  }

  /**
   * Runs both parts; returns their tables in Markdown, in which a missed target is bold.
   *
   * @param folder of the community
   * @throws IOException if a page cannot be got, or the server does not start or stop
   */
  String measure(Path folder) throws IOException, InterruptedException {
    String link = ServerProcess.adminLink(root, folder);
    try (ServerProcess server = ServerProcess.start(root, folder);
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
      Browser admin = browser(client, server, "198.51.100.1", new Latencies());
      new VirtualUser(admin, 0).join(link, "Crowd Anna");
      String invite = invite(admin, members + 2);
      String pages = measurePages(viewers(client, server, admin, invite), invite);
      return pages + "\n" + table(measureTogether(client, server, invite));
    }
  }

  static Browser browser(
      HttpClient client, ServerProcess server, String address, Latencies latencies) {
    return new Browser(client, server.address(), address, latencies);
  }

  /** Makes an invite; returns the path of its link. */
  static String invite(Browser admin, int uses) throws IOException, InterruptedException {
    Browser.Answer made =
        admin.sendForPage(
            "invite",
            admin.page("invites", "/invites"),
            "/invites",
            Map.of("days", "1", "uses", Integer.toString(uses)));
    Matcher path = INVITE.matcher(made.body());
    if (!path.find()) {
      throw new IOException("the server made no invite");
    }
    return path.group(1);
  }

  /** The browsers of people with different permissions, by what they are called in the table. */
  private static Map<String, Browser> viewers(
      HttpClient client, ServerProcess server, Browser admin, String invite)
      throws IOException, InterruptedException {
    Browser member = browser(client, server, "198.51.100.2", new Latencies());
    new VirtualUser(member, 1).join(invite, "Crowd Member");
    Browser moderator = browser(client, server, "198.51.100.3", new Latencies());
    new VirtualUser(moderator, 2).join(invite, "Crowd Mora");
    admin.send(
        "grant",
        admin.page("a member", "/members/crowd_mora"),
        "/members/crowd_mora/grant",
        Map.of("role", "moderator", "reason", "to be measured"));
    Map<String, Browser> viewers = new LinkedHashMap<>();
    viewers.put("stranger", browser(client, server, "198.51.100.4", new Latencies()));
    viewers.put("member", member);
    viewers.put("moderator", moderator);
    viewers.put("admin", admin);
    return viewers;
  }

  /** Measures every page by itself for each viewer; returns the table. */
  private String measurePages(Map<String, Browser> viewers, String invite)
      throws IOException, InterruptedException {
    Browser admin = Objects.requireNonNull(viewers.get("admin"));
    List<String> lines = new ArrayList<>();
    double slowestMillis = 0;
    for (Map.Entry<String, Browser> viewer : viewers.entrySet()) {
      for (Map.Entry<String, String> page : pages(viewer.getKey(), admin, invite).entrySet()) {
        Latencies latencies = measurePage(viewer.getValue(), page.getValue());
        double maxMillis = latencies.percentileMillis(latencies.kinds(), 100);
        slowestMillis = Math.max(slowestMillis, maxMillis);
        lines.add(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f |",
                page.getKey(),
                viewer.getKey(),
                latencies.percentileMillis(latencies.kinds(), 50),
                maxMillis));
        print(lines.getLast());
      }
    }
    return "| page | seen by | median, ms | slowest of "
        + ROUNDS
        + ", ms |\n|---|---|---|---|\n"
        + String.join("\n", lines)
        + "\n\nThe slowest of all: "
        + String.format(
            Locale.ROOT,
            "%.0f ms; target: every page under %.0f ms: %s.%n",
            slowestMillis,
            SINGLE_PAGE_MILLIS_MAX,
            slowestMillis < SINGLE_PAGE_MILLIS_MAX ? "met" : "**missed**");
  }

  private static Latencies measurePage(Browser viewer, String path)
      throws IOException, InterruptedException {
    Latencies latencies = new Latencies();
    Browser browser = viewer.countedBy(latencies);
    for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      if (round == WARM_UP_ROUNDS) {
        latencies.begin();
      }
      browser.page("page", path);
    }
    return latencies;
  }

  /** The paths of the pages that a viewer may see, by their names in the table. */
  private static Map<String, String> pages(String viewer, Browser admin, String invite)
      throws IOException, InterruptedException {
    Map<String, String> pages = new LinkedHashMap<>();
    if (viewer.equals("stranger")) {
      pages.put("home", "/");
      pages.put("how it works", "/how-it-works");
      pages.put("health", "/health");
      pages.put("an invite", invite);
      pages.put("apply", "/apply");
      pages.put("sign in", "/sign-in");
      return pages;
    }
    for (String feed : List.of("pray-now", "all", "mine", "praise", "archived")) {
      pages.put("feed " + feed, "/feed/" + feed);
      List<String> next = admin.page("feed", "/feed/" + feed).all(NEXT);
      if (!next.isEmpty()) {
        pages.put("feed " + feed + ", further", next.getFirst());
      }
    }
    pages.put("a prayer", admin.page("feed", "/feed/all").all(PRAYER).getFirst());
    pages.put("a member", admin.page("members", "/members").all(MEMBER).getFirst());
    pages.put("prayer mode", "/pray");
    pages.put("ask", "/ask");
    pages.put("sign-ins", "/sign-ins");
    pages.put("invites", "/invites");
    pages.put("members", "/members");
    pages.put("members, a name", "/members?find=crowd");
    pages.put("my things", "/me");
    pages.put("my data", "/me/data");
    pages.put("statistics", "/statistics");
    pages.put("what is new", "/whats-new");
    pages.put("how it works", "/how-it-works");
    if (!viewer.equals("member")) {
      pages.put("moderation", "/moderation");
    }
    if (viewer.equals("admin")) {
      pages.put("applications", "/applications");
      pages.put("audit", "/audit");
      pages.put("settings", "/settings");
      pages.put("console", "/console");
    }
    return pages;
  }

  /** Lets all members use the server at once, each in its own thread. */
  private Latencies measureTogether(HttpClient client, ServerProcess server, String invite)
      throws IOException, InterruptedException {
    Latencies latencies = new Latencies();
    List<VirtualUser> all = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      VirtualUser member = new VirtualUser(browser(client, server, "203.0.113." + i, latencies), i);
      member.join(invite, "Crowd " + InventedWords.word(new SplittableRandom(i)) + " " + i);
      all.add(member);
    }
    print(members + " members have joined.");
    long beginNanos = System.nanoTime() + warmUp.toNanos();
    long endNanos = beginNanos + duration.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> visits = new ArrayList<>();
      for (VirtualUser member : all) {
        visits.add(
            threads.submit(
                () -> {
                  member.visitUntil(endNanos);
                  return null;
                }));
      }
      TimeUnit.NANOSECONDS.sleep(beginNanos - System.nanoTime());
      latencies.begin();
      TimeUnit.NANOSECONDS.sleep(endNanos - System.nanoTime());
      latencies.end();
      for (Future<?> visit : visits) {
        awaitEnd(visit);
      }
    }
    latencies.failures().forEach(failure -> print("A request failed: " + failure.getMessage()));
    return latencies;
  }

  /** Waits until a member stops. A failed request stops a member; the latencies have counted it. */
  static void awaitEnd(Future<?> visit) throws InterruptedException {
    try {
      visit.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw new IllegalStateException("a simulated member failed", e);
      }
    }
  }

  private static String table(Latencies latencies) {
    List<String> writes =
        latencies.kinds().stream().filter(kind -> kind.startsWith(VirtualUser.WRITE)).toList();
    List<String> pages =
        latencies.kinds().stream().filter(kind -> !kind.startsWith(VirtualUser.WRITE)).toList();
    boolean isWithoutFailure = latencies.failures().isEmpty();
    List<String> lines = new ArrayList<>();
    latencies.kinds().forEach(kind -> lines.add(latencies.line(kind, List.of(kind), "", "")));
    lines.add(
        latencies.line(
            "**all pages**",
            pages,
            "p99 < 150 ms, no error",
            isWithoutFailure && latencies.percentileMillis(pages, 99) < PAGE_P99_MILLIS_MAX
                ? "yes"
                : "**no**"));
    lines.add(
        latencies.line(
            "**all durable writes**",
            writes,
            "p99 < 250 ms, no error",
            isWithoutFailure && latencies.percentileMillis(writes, 99) < WRITE_P99_MILLIS_MAX
                ? "yes"
                : "**no**"));
    return "| request | count | p50, ms | p99, ms | slowest, ms | errors | target | met |\n"
        + "|---|---|---|---|---|---|---|---|\n"
        + String.join("\n", lines)
        + "\n";
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
