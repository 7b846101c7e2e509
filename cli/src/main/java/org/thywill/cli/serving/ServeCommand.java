package org.thywill.cli.serving;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.crypto.spec.SecretKeySpec;
import org.thywill.archive.format.Finding;
import org.thywill.cli.recovery.ResumeCommand;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.Community;
import org.thywill.community.PostRecovery;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Roles;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.signin.Sessions;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.report.ClockSyncProbe;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.view.ViewReader;
import org.thywill.web.WebServer;
import org.thywill.web.http.ServerContext;
import org.thywill.web.http.ServerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Serves the community's pages until it is told to stop. In an empty place it founds a new
 * community.
 */
@Command(
    name = "serve",
    description =
        "The community's web server. In an empty place it founds a new community and prints the"
            + " operator's one-time link.")
public final class ServeCommand extends Subcommand {
  private static final Duration LINK_LIFETIME = Duration.ofHours(12);
  private static final int KEY_BYTES = 32;
  private static final int KEY_LENGTH_MIN = 16;
  private static final int PORT_MAX = 65_535;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "8080",
      description = "Default ${DEFAULT-VALUE}; 0 is any that is free")
  int port;

  @Option(
      names = "--host",
      paramLabel = "H",
      defaultValue = "127.0.0.1",
      description = "The address to listen on; default ${DEFAULT-VALUE}, this machine alone")
  String host;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description =
          "How members reach it, such as https://pray.example.org; default where it listens. Links"
              + " begin with it; with https, cookies are sent over https only")
  Optional<String> baseUrl = Optional.empty();

  @Option(
      names = "--behind-proxy",
      description =
          "A proxy of yours stands before it and says who calls: its X-Forwarded-For is trusted")
  boolean behindProxy;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  ServeCommand() {}

  @Override
  public CommandResult call() throws IOException {
    if (port < 0 || port > PORT_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--port: expected 0 to " + PORT_MAX + ", found " + port);
    }
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    // The JVM ends when this hook does, so it waits until the last change is written down.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      stop.countDown();
                      await(stopped);
                    }));
    try {
      serveUntil(stop, origin());
      say("Stopped; everything is saved.");
      return new CommandResult();
    } finally {
      stopped.countDown();
    }
  }

  private void serveUntil(CountDownLatch stop, Optional<String> origin) throws IOException {
    SecureRandom random = new SecureRandom();
    Ids ids = new Ids(random);
    Path archive = root().archivePath();
    byte[] key = key(random);
    if (ArchiveFolders.isFree(archive)) {
      ArchiveFolders.requireNotBetween(archive);
      Ledger.found(archive, ids.id(), root().clock);
      say("A new community was founded in " + archive + ".");
    }
    try (Ledger ledger =
        Ledger.open(archive, root().databasePath(), root().clock, root().progress())) {
      Community community = new Community(ledger, ids, key);
      Configuration settings = begin(ledger, community);
      try (PrayerGenerationService scribe =
          new PrayerGenerationService(
              ledger,
              community.prayers(),
              PrayerGeneratorFactory.of(settings, this::say),
              root().clock,
              this::log)) {
        ServerContext site =
            new ServerContext(
                ledger,
                community,
                scribe,
                ids,
                new SecretKeySpec(key, "HmacSHA256"),
                new ServerContext.Time(root().clock, root().terminal.nanoTime()),
                new ServerContext.Installation(
                    archive, root().databasePath(), settings, ClockSyncProbe.REAL),
                root().terminal.err());
        serveUntil(stop, site, settings, origin);
      }
    }
  }

  private void serveUntil(
      CountDownLatch stop, ServerContext site, Configuration settings, Optional<String> origin)
      throws IOException {
    ServerOptions options =
        new ServerOptions(
            host,
            port,
            origin.orElse(null),
            behindProxy,
            root().configuration().secret(Configuration.METRICS_TOKEN).orElse(null));
    try (WebServer server = WebServer.start(site, options)) {
      server.startMaintenance(settings.compressionAfter());
      String listening =
          "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
      offerAdminLink(site.ledger(), site.community(), origin.orElse(listening));
      say(
          "ThyWill listens at "
              + listening
              + origin.map(address -> ", for " + address).orElse("")
              + ". Press Ctrl-C to stop.");
      await(stop);
    }
  }

  /**
   * What has to be in order before the first request: what follows a recovery first of all, then
   * the settings, which it gives.
   */
  private Configuration begin(Ledger ledger, Community community) throws IOException {
    Optional<PostRecovery.Outlook> resumed = community.resumption().resume();
    Configuration settings =
        new SettingsArchiver(ledger, Ids.parameters()).keep(root().configuration());
    root().terminal.clearProgress();
    ledger.findings().forEach(this::say);
    settings.findings().forEach(this::say);
    if (resumed.isPresent()) {
      CommandResult done = new CommandResult();
      ResumeCommand.say(done, resumed.get());
      done.sentences().forEach(this::say);
      resumed.get().advice().forEach(this::say);
    }
    return settings;
  }

  /**
   * A community in which nobody may do everything needs somebody to begin; one in which nobody is
   * signed in has nobody to vouch.
   */
  private void offerAdminLink(Ledger ledger, Community community, String address)
      throws IOException {
    try (ViewReader view = ledger.read()) {
      if (Roles.isAdminThere(view)) {
        if (!Sessions.isAnybodySignedIn(view, root().clock.instant())) {
          say(
              "Note: nobody is signed in, so nobody can vouch for others. Stop the server, make a"
                  + " link that signs one member in (thywill sign-in-link MEMBER), and start it"
                  + " again.");
        }
        return;
      }
    }
    String token = community.members().makeOperatorLink(LINK_LIFETIME);
    say(
        "Nobody is admin here. Open this link within "
            + LINK_LIFETIME.toHours()
            + " hours, and give it to nobody: whoever opens it becomes admin.\n\n  "
            + address
            + "/join/"
            + token
            + "\n");
  }

  /** The address by which members reach the server, without a slash at its end. */
  private Optional<String> origin() {
    if (baseUrl.isEmpty()) {
      return Optional.empty();
    }
    String given =
        baseUrl.get().endsWith("/")
            ? baseUrl.get().substring(0, baseUrl.get().length() - 1)
            : baseUrl.get();
    if (!given.matches("https?://[^/?#@\\s]+") || URI.create(given).getHost() == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--base-url: expected http:// or https:// and a name, without a path, found "
              + Configuration.shown(baseUrl.get()));
    }
    return Optional.of(given);
  }

  private byte[] key(SecureRandom random) {
    Optional<byte[]> given =
        root()
            .configuration()
            .secret(Configuration.SERVER_KEY)
            .map(key -> key.getBytes(StandardCharsets.UTF_8));
    if (given.isPresent() && given.get().length < KEY_LENGTH_MIN) {
      throw new ParameterException(
          spec.commandLine(),
          Configuration.SERVER_KEY
              + ": expected at least "
              + KEY_LENGTH_MIN
              + " characters, found "
              + given.get().length
              + ". Make one with: openssl rand -hex 32");
    }
    if (given.isEmpty()) {
      say(
          "Note: "
              + Configuration.SERVER_KEY
              + " is not set, so a key was made for this run: the six digits of sign-ins that wait"
              + " will change when the server starts again.");
    }
    return given.orElseGet(() -> random.generateSeed(KEY_BYTES));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(Finding finding) {
    root().terminal.print(finding, out(), root().terminal.isColoured(root().noColor));
    out().flush();
  }

  private void log(String sentence) {
    root().terminal.err().println(root().clock.instant() + " " + sentence);
    root().terminal.err().flush();
  }

  private void say(String sentence) {
    out().println(sentence);
    out().flush();
  }

  /** With {@code --json} the standard output is for the one object at the end. */
  private PrintWriter out() {
    return root().json ? root().terminal.err() : root().terminal.out();
  }
}
