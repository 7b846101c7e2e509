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
import java.util.regex.Pattern;

/**
 * Serves a large community and lets a crowd come: every page alone, as a member, a moderator and an
 * admin see it; then many members at once. All that is measured is what a browser sees, from the
 * request to the last byte.
 */
final class LoadTest {
  private static final double PAGE_ALONE_MILLIS = 200;
  private static final double PAGE_MILLIS = 150;
  private static final double WRITE_MILLIS = 250;
  private static final int ROUNDS_COLD = 5;
  private static final int ROUNDS = 20;
  private static final Pattern NEXT = Pattern.compile("href=\"([^\"]+)\">More<");
  private static final Pattern PRAYER = Pattern.compile("href=\"(/prayers/[^\"#]+)\">Open<");
  private static final Pattern MEMBER =
      Pattern.compile("<li class=\"depth-\\d\"><a href=\"(/members/[^\"]+)\"");
  private static final Pattern INVITE = Pattern.compile("(/invites/[0-9a-z]+)");

  private final Path root;
  private final PrintWriter out;
  private final int members;
  private final Duration warmUp;
  private final Duration length;

  /**
   * A crowd that is about to come.
   *
   * @param root of the project
   * @param members at once
   * @param warmUp how long they are there before anything counts
   * @param length how long it counts
   */
  LoadTest(Path root, PrintWriter out, int members, Duration warmUp, Duration length) {
    this.root = root;
    this.out = out;
    this.members = members;
    this.warmUp = warmUp;
    this.length = length;
  }

  /**
   * Both tables, as text for a document, in which a target that was missed says so.
   *
   * @throws IOException if a page cannot be had at all
   */
  String measure(Path folder) throws IOException, InterruptedException {
    String link = ServerProcess.adminLink(root, folder);
    try (ServerProcess server = ServerProcess.start(root, folder);
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
      Latencies alone = new Latencies();
      Browser admin = new Browser(client, server.address(), "198.51.100.1", alone);
      new VirtualUser(admin, 0).join(link, "Crowd Admin");
      String invite = invite(admin, members + 2);
      String pages = alone(client, server, alone, admin, invite);
      Latencies crowd = new Latencies();
      together(client, server, crowd, invite);
      return pages + "\n" + table(crowd);
    }
  }

  private static String invite(Browser admin, int uses) throws IOException, InterruptedException {
    Browser.Answer made =
        admin.send(
            "invite",
            admin.page("invites", "/invites"),
            "/invites",
            Map.of("days", "1", "uses", Integer.toString(uses)));
    return new Browser.Answer(0, made.location().orElse(""), made.location())
        .all(INVITE)
        .getFirst()
        .replace("/invites/", "/join/");
  }

  /** Every page, one after the other, by three who see different things. */
  private String alone(
      HttpClient client, ServerProcess server, Latencies latencies, Browser admin, String invite)
      throws IOException, InterruptedException {
    Browser member = new Browser(client, server.address(), "198.51.100.2", latencies);
    new VirtualUser(member, 1).join(invite, "Crowd Member");
    Browser moderator = new Browser(client, server.address(), "198.51.100.3", latencies);
    new VirtualUser(moderator, 2).join(invite, "Crowd Moderator");
    admin.send(
        "grant",
        admin.page("a member", "/members/crowd_moderator"),
        "/members/crowd_moderator/grant",
        Map.of("role", "moderator", "reason", "to be measured"));
    Browser stranger = new Browser(client, server.address(), "198.51.100.4", latencies);
    Map<String, Browser> viewers =
        Map.of("stranger", stranger, "member", member, "moderator", moderator, "admin", admin);

    List<String> lines = new ArrayList<>();
    double slowest = 0;
    for (String who : List.of("stranger", "member", "moderator", "admin")) {
      for (Map.Entry<String, String> page : pages(who, admin, invite).entrySet()) {
        Latencies one = new Latencies();
        Browser browser = Objects.requireNonNull(viewers.get(who)).countedBy(one);
        for (int round = 0; round < ROUNDS_COLD + ROUNDS; round++) {
          if (round == ROUNDS_COLD) {
            one.begin();
          }
          browser.page(page.getKey(), page.getValue());
        }
        double most = one.percentile(one.kinds(), 100);
        slowest = Math.max(slowest, most);
        lines.add(
            String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f |",
                page.getKey(),
                who,
                one.percentile(one.kinds(), 50),
                most));
        say(lines.getLast());
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
            slowest,
            PAGE_ALONE_MILLIS,
            slowest < PAGE_ALONE_MILLIS ? "met" : "**missed**");
  }

  /** What somebody can look at, by what it is called in the table. */
  private static Map<String, String> pages(String who, Browser admin, String invite)
      throws IOException, InterruptedException {
    Map<String, String> pages = new LinkedHashMap<>();
    if (who.equals("stranger")) {
      pages.putAll(
          listed(
              "home",
              "/",
              "how it works",
              "/how-it-works",
              "health",
              "/health",
              "an invite",
              invite,
              "apply",
              "/apply",
              "sign in",
              "/sign-in"));
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
    pages.putAll(
        listed(
            "prayer mode",
            "/pray",
            "ask",
            "/ask",
            "sign-ins",
            "/sign-ins",
            "invites",
            "/invites",
            "members",
            "/members",
            "members, a name",
            "/members?find=crowd",
            "my things",
            "/me",
            "my data",
            "/me/data",
            "statistics",
            "/statistics",
            "what is new",
            "/whats-new",
            "how it works",
            "/how-it-works"));
    if (!who.equals("member")) {
      pages.put("moderation", "/moderation");
    }
    if (who.equals("admin")) {
      pages.putAll(
          listed(
              "an invite of mine",
              invite.replace("/join/", "/invites/"),
              "applications",
              "/applications",
              "audit",
              "/audit",
              "settings",
              "/settings",
              "console",
              "/console"));
    }
    return pages;
  }

  private static Map<String, String> listed(String... namesAndAddresses) {
    Map<String, String> pages = new LinkedHashMap<>();
    for (int i = 0; i < namesAndAddresses.length; i += 2) {
      pages.put(namesAndAddresses[i], namesAndAddresses[i + 1]);
    }
    return pages;
  }

  /** All members at once, each on a thread of its own. */
  private void together(HttpClient client, ServerProcess server, Latencies latencies, String invite)
      throws IOException, InterruptedException {
    List<VirtualUser> all = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      VirtualUser member =
          new VirtualUser(new Browser(client, server.address(), "203.0.113." + i, latencies), i);
      member.join(invite, "Crowd " + InventedWords.word(new SplittableRandom(i)) + " " + i);
      all.add(member);
    }
    say(members + " members are there.");
    long begin = System.nanoTime() + warmUp.toNanos();
    long end = begin + length.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> visits = new ArrayList<>();
      for (VirtualUser member : all) {
        visits.add(
            threads.submit(
                () -> {
                  member.visitUntil(end);
                  return null;
                }));
      }
      TimeUnit.NANOSECONDS.sleep(begin - System.nanoTime());
      latencies.begin();
      TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
      latencies.end();
      for (Future<?> visit : visits) {
        endOf(visit);
      }
    }
    latencies.failures().forEach(failure -> say("A member met an error: " + failure.getMessage()));
  }

  /** Whoever meets an error goes; it is counted, and told. */
  private static void endOf(Future<?> visit) throws InterruptedException {
    try {
      visit.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw new IllegalStateException("a member did what no member does", e);
      }
    }
  }

  private static String table(Latencies latencies) {
    List<String> writes =
        latencies.kinds().stream().filter(kind -> kind.startsWith(VirtualUser.WRITE)).toList();
    List<String> pages =
        latencies.kinds().stream().filter(kind -> !kind.startsWith(VirtualUser.WRITE)).toList();
    boolean whole = latencies.failures().isEmpty();
    List<String> lines = new ArrayList<>();
    latencies.kinds().forEach(kind -> lines.add(latencies.line(kind, List.of(kind), "", "")));
    lines.add(
        latencies.line(
            "**all pages**",
            pages,
            "p99 < 150 ms, no error",
            latencies.percentile(pages, 99) < PAGE_MILLIS && whole ? "yes" : "**no**"));
    lines.add(
        latencies.line(
            "**all durable writes**",
            writes,
            "p99 < 250 ms, no error",
            latencies.percentile(writes, 99) < WRITE_MILLIS && whole ? "yes" : "**no**"));
    return "| request | count | p50, ms | p99, ms | slowest, ms | errors | target | met |\n"
        + "|---|---|---|---|---|---|---|---|\n"
        + String.join("\n", lines)
        + "\n";
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
