package org.thywill.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Sends hostile requests to a server while members use it, and compares what they wait for, and
 * what memory and disk the server takes, with limits.
 *
 * <p>All clients run on the machine of the server, and share its processors.
 */
final class HostileLoad {
  private static final int MEMBERS = 50;
  private static final int MEMBERS_IN_FLOOD = 5;
  private static final int SLOW_CLIENTS = 400;
  private static final Duration SLOW_DURATION = Duration.ofMinutes(1);
  private static final int REQUESTS_PER_MINUTE = 10_000;
  private static final Duration FLOOD_DURATION = Duration.ofMinutes(3);
  private static final int IN_FLIGHT_MAX = 200;
  private static final int MEMBER_MILLIS_MAX = 1_000;
  private static final int MEMORY_MEGABYTES_MAX = 640;
  private static final int DISK_MEGABYTES_MAX = 16;
  private static final int LOG_MEGABYTES_MAX = 80;

  /** The write-ahead log of the database, which has a limit of its own. */
  private static final String LOG = "community.db-wal";

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

  private final Path root;
  private final PrintWriter out;
  private final Path folder;

  /** A test with the community in a folder, which has no admin yet. */
  HostileLoad(Path root, PrintWriter out, Path folder) {
    this.root = root;
    this.out = out;
    this.folder = folder;
  }

  /**
   * Lets members use the server for a minute while others send slowly: a body, a header, or
   * nothing.
   *
   * @return whether no member waited longer than a second, and no request of theirs failed
   */
  boolean slowClients() throws IOException, InterruptedException {
    String link = ServerProcess.adminLink(root, folder);
    AtomicLong connections = new AtomicLong();
    AtomicLong closed = new AtomicLong();
    Latencies latencies = new Latencies();
    try (ServerProcess server = ServerProcess.start(root, folder);
        HttpClient client = client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<VirtualUser> members = join(client, server, link, MEMBERS, latencies);
      long endNanos = System.nanoTime() + SLOW_DURATION.toNanos();
      URI address = URI.create(server.address());
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        int number = i;
        threads.execute(() -> sendSlowly(address, number, endNanos, connections, closed));
      }
      visit(threads, members, latencies, endNanos);
    }
    double slowest = latencies.percentileMillis(latencies.kinds(), 100);
    report(
        "slow-clients",
        String.format(
            Locale.ROOT,
            "%d slow clients (%,d connections, of which the server closed %,d) and %d members for"
                + " %d s: slowest answer to a member %.0f ms (limit %,d), p99 %.0f ms, %d errors",
            SLOW_CLIENTS,
            connections.get(),
            closed.get(),
            MEMBERS,
            SLOW_DURATION.toSeconds(),
            slowest,
            MEMBER_MILLIS_MAX,
            latencies.percentileMillis(latencies.kinds(), 99),
            latencies.failures().size()));
    return slowest < MEMBER_MILLIS_MAX && latencies.failures().isEmpty();
  }

  /**
   * Sends many hostile requests for three minutes, from many addresses.
   *
   * @return whether memory, disk and the log of the database stayed within their limits, and no
   *     request of a member failed
   */
  boolean flood() throws IOException, InterruptedException {
    String link = ServerProcess.adminLink(root, folder);
    Latencies latencies = new Latencies();
    Flood flood = new Flood();
    long before;
    long after;
    long peak;
    long log;
    try (ServerProcess server = ServerProcess.start(root, folder);
        HttpClient client = client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<VirtualUser> members = join(client, server, link, MEMBERS_IN_FLOOD, latencies);
      before = bytes(folder);
      long endNanos = System.nanoTime() + FLOOD_DURATION.toNanos();
      Future<long[]> watched = threads.submit(() -> watch(server.pid(), endNanos));
      threads.execute(() -> flood.send(threads, client, server, endNanos));
      visit(threads, members, latencies, endNanos);
      long[] most = get(watched);
      peak = most[0];
      log = most[1];
      after = bytes(folder);
    }
    long grownMegabytes = (after - before) / 1_000_000;
    report(
        "flood",
        String.format(
            Locale.ROOT,
            "%,d hostile requests in %d s, %,d of them unanswered (%,d more were not sent, since %d"
                + " were waiting): memory %,d MB at most (limit %,d), archive and database %+d MB"
                + " (limit %d), log of the database %d MB at most (limit %d); slowest answer to a"
                + " member %.0f ms, %d errors",
            flood.sent.get(),
            FLOOD_DURATION.toSeconds(),
            flood.unanswered.get(),
            flood.held.get(),
            IN_FLIGHT_MAX,
            peak,
            MEMORY_MEGABYTES_MAX,
            grownMegabytes,
            DISK_MEGABYTES_MAX,
            log,
            LOG_MEGABYTES_MAX,
            latencies.percentileMillis(latencies.kinds(), 100),
            latencies.failures().size()));
    return peak < MEMORY_MEGABYTES_MAX
        && grownMegabytes < DISK_MEGABYTES_MAX
        && log < LOG_MEGABYTES_MAX
        && flood.held.get() == 0
        && latencies.failures().isEmpty();
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private static List<VirtualUser> join(
      HttpClient client, ServerProcess server, String link, int count, Latencies latencies)
      throws IOException, InterruptedException {
    Browser admin = LoadTest.browser(client, server, "192.0.2.1", latencies);
    new VirtualUser(admin, 0).join(link, "Crowd Anna");
    String invite = LoadTest.invite(admin, count);
    List<VirtualUser> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      VirtualUser member =
          new VirtualUser(LoadTest.browser(client, server, "192.0.2." + (i + 2), latencies), i);
      member.join(invite, "Crowd " + InventedWords.word(new SplittableRandom(i)) + " " + i);
      members.add(member);
    }
    return members;
  }

  /** Lets members use the server until a time, and counts what they wait for. */
  private void visit(
      ExecutorService threads, List<VirtualUser> members, Latencies latencies, long endNanos)
      throws InterruptedException {
    latencies.begin();
    List<Future<?>> visits = new ArrayList<>();
    for (VirtualUser member : members) {
      visits.add(
          threads.submit(
              () -> {
                member.visitUntil(endNanos);
                return null;
              }));
    }
    for (Future<?> visit : visits) {
      LoadTest.awaitEnd(visit);
    }
    latencies.end();
    latencies.failures().forEach(failure -> print("A request failed: " + failure.getMessage()));
  }

  /** Sends a byte each half second; begins again whenever the server has closed the connection. */
  private static void sendSlowly(
      URI server, int number, long endNanos, AtomicLong connections, AtomicLong closed) {
    String request =
        "POST /sign-in HTTP/1.1\r\nHost: pray.example.org\r\nX-Forwarded-For: 198.51.100."
            + number % 250
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20000\r\n\r\n"
            + "name=".repeat(1_000);
    int sentAtOnce =
        switch (number % 4) {
          case 0 -> 0;
          case 1 -> 30;
          default -> request.indexOf("\r\n\r\n") + 4;
        };
    while (System.nanoTime() - endNanos < 0) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5_000);
        connections.incrementAndGet();
        OutputStream body = socket.getOutputStream();
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        body.write(bytes, 0, sentAtOnce);
        for (int i = sentAtOnce; System.nanoTime() - endNanos < 0; i++) {
          TimeUnit.MILLISECONDS.sleep(500);
          if (sentAtOnce > 0) {
            body.write(bytes[i]);
            body.flush();
          } else if (socket.getInputStream().available() > 0) {
            break;
          }
        }
      } catch (IOException e) {
        closed.incrementAndGet(); // by the server, as it should; the next attempt is another one
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Requests of strangers, some of them with valid forms, from very many networks. */
  private static final class Flood {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);

    void send(ExecutorService threads, HttpClient client, ServerProcess server, long endNanos) {
      long startNanos = System.nanoTime();
      long spacingNanos = TimeUnit.MINUTES.toNanos(1) / REQUESTS_PER_MINUTE;
      for (long i = 0; System.nanoTime() - endNanos < 0; i++) {
        long waitNanos = startNanos + i * spacingNanos - System.nanoTime();
        if (waitNanos > 0) {
          try {
            TimeUnit.NANOSECONDS.sleep(waitNanos);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
        }
        if (!inFlight.tryAcquire()) {
          held.incrementAndGet();
          continue;
        }
        long number = i;
        threads.execute(
            () -> {
              try {
                one(client, server, number);
              } catch (IOException e) {
                unanswered.incrementAndGet(); // refused or cut off, which a flood may be
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                sent.incrementAndGet();
                inFlight.release();
              }
            });
      }
    }

    private static void one(HttpClient client, ServerProcess server, long number)
        throws IOException, InterruptedException {
      String address = "198." + (18 + number % 2) + "." + number / 250 % 250 + "." + number % 250;
      Browser browser = LoadTest.browser(client, server, address, new Latencies());
      switch ((int) (number % 10)) {
        case 0 ->
            browser.attempt(
                browser.page("form", "/sign-in"), "/sign-in", Map.of("name", "Nobody " + number));
        case 1 ->
            browser.attempt(
                browser.page("form", "/apply"),
                "/apply",
                Map.of(
                    "name",
                    "Stranger " + number,
                    "essay",
                    "Let me in, please, since I ask for it. ".repeat(25),
                    "contact",
                    "nowhere"));
        case 2 ->
            browser.attempt(
                browser.page("form", "/sign-in"), "/join/token" + number, Map.of("name", "Eve"));
        case 3 -> bare(client, server, "POST", "/sign-in", "name=x&form_token=y");
        case 4 -> bare(client, server, "POST", "/ask", "x".repeat(30_000));
        case 5 -> bare(client, server, "HEAD", "/prayers/" + number, "");
        case 6 -> bare(client, server, "DELETE", "/", "");
        case 7 -> bare(client, server, "GET", "/join/token" + number, "");
        case 8 -> bare(client, server, "GET", "/nowhere/" + number, "");
        default -> bare(client, server, "GET", "/", "");
      }
    }

    private static void bare(
        HttpClient client, ServerProcess server, String method, String path, String body)
        throws IOException, InterruptedException {
      client.send(
          HttpRequest.newBuilder(URI.create(server.address() + path))
              .timeout(REQUEST_TIMEOUT)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("X-Forwarded-For", "203.0.113.9")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  /** The most resident memory and the largest log of the database until a time, in megabytes. */
  private long[] watch(long pid, long endNanos) throws IOException, InterruptedException {
    Path log = folder.resolve(LOG);
    long[] most = new long[2];
    while (System.nanoTime() - endNanos < 0) {
      most[0] = Math.max(most[0], residentMegabytes(pid));
      most[1] = Math.max(most[1], size(log) / 1_000_000);
      TimeUnit.MILLISECONDS.sleep(500);
    }
    return most;
  }

  private static long residentMegabytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_000)
        .sum();
  }

  /** The size of the archive and the database, without its log. */
  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(Files::isRegularFile).filter(file -> !file.endsWith(LOG)).toList()) {
        bytes += size(file);
      }
    }
    return bytes;
  }

  /** The size of a file; 0 if the server has replaced it meanwhile. */
  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the server could not be watched", e);
    }
  }

  /** Prints a line that {@code ./prove} collects. */
  private void report(String row, String what) {
    print("row " + row + ": " + what);
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
