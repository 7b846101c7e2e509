package org.thywill.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.crypto.spec.SecretKeySpec;
import org.thywill.catalog.Catalog;
import org.thywill.community.Community;
import org.thywill.community.Ids;
import org.thywill.community.PlainPrayerWriter;
import org.thywill.database.ViewReader;
import org.thywill.ledger.Ledger;
import org.thywill.operations.Configuration;
import org.thywill.operations.Places;
import org.thywill.web.Site;
import org.thywill.web.WebServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the community's pages until it is told to stop. In an empty place it founds a new community. */
@Command(name = "serve", description = "The community's web server. In an empty place it founds a new community and prints the operator's one-time link.")
final class ServeCommand extends ThyWillCommand {
  private static final Duration LINK_LIFETIME = Duration.ofHours(12);
  private static final int KEY_BYTES = 32;

  @Option(names = "--port", paramLabel = "P", description = "Default ${DEFAULT-VALUE}; 0 is any that is free")
  int port = 8080;

  @Option(names = "--host", paramLabel = "H", description = "The address to listen on; default ${DEFAULT-VALUE}, this machine alone")
  String host = "127.0.0.1";

  @Option(names = "--behind-proxy", description = "A proxy of ours stands before it: trust its X-Forwarded-For and X-Forwarded-Proto")
  boolean behindProxy;

  @SuppressWarnings("NullAway.Init")
  ServeCommand() {}

  @Override
  public Outcome call() throws IOException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
      stop.countDown();
      await(stopped);
    }));
    try {
      serveUntil(stop);
      say("Stopped; everything is saved.");
      return new Outcome();
    } finally {
      stopped.countDown();
    }
  }

  private void serveUntil(CountDownLatch stop) throws IOException {
    SecureRandom random = new SecureRandom();
    Ids ids = new Ids(random);
    byte[] key = key(random);
    Path archive = root().archivePath();
    if (Places.isFree(archive)) {
      Ledger.found(archive, ids.id(), root().clock);
      say("A new community was founded in " + archive + ".");
    }
    try (Ledger ledger = Ledger.open(archive, root().databasePath(), root().clock, root().progress())) {
      ledger.findings().forEach(finding -> say(finding.toString()));
      Community community = new Community(ledger, ids, key, new PlainPrayerWriter());
      Site site = new Site(ledger, community, ids, new SecretKeySpec(key, "HmacSHA256"), root().clock, archive, root().terminal.err());
      try (WebServer server = WebServer.start(site, new WebServer.Options(host, port, behindProxy))) {
        String address = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
        operatorLink(ledger, community).ifPresent(token -> say("Open this link within 12 hours, and only you: its bearer becomes admin.\n" + address + "/join/" + token));
        say("ThyWill serves at " + address + ". Press Ctrl-C to stop.");
        await(stop);
      }
    }
  }

  /** A community without members needs somebody to begin. */
  private static Optional<String> operatorLink(Ledger ledger, Community community) throws IOException {
    try (ViewReader view = ledger.read()) {
      return view.count(Catalog.MEMBERS) == 0 ? Optional.of(community.members().makeOperatorLink(LINK_LIFETIME)) : Optional.empty();
    }
  }

  private byte[] key(SecureRandom random) {
    Optional<String> given = root().configuration().secret(Configuration.SERVER_KEY);
    if (given.isPresent()) {
      return given.get().getBytes(StandardCharsets.UTF_8);
    }
    say("Note: " + Configuration.SERVER_KEY + " is not set, so a key was made for this run. Six-digit codes that are being waited with change when the server starts again.");
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(String sentence) {
    root().terminal.clearProgress();
    root().terminal.out().println(sentence);
    root().terminal.out().flush();
  }
}
