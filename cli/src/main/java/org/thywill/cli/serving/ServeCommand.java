package org.thywill.cli.serving;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveEnd;
import org.thywill.archive.format.Finding;
import org.thywill.cli.recovery.PostRecoveryText;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.Community;
import org.thywill.community.PostRecovery;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Roles;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.join.PlainTokens;
import org.thywill.community.signin.Sessions;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.recovery.MachineMemory;
import org.thywill.operations.recovery.NoPlaceReachedException;
import org.thywill.operations.report.ClockSyncProbe;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.view.ViewReader;
import org.thywill.web.WebServer;
import org.thywill.web.http.ServerContext;
import org.thywill.web.http.ServerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the community's web server until the process is stopped; founds a community if needed. */
@Command(
    name = "serve",
    description =
        "The community's web server. Where there is no archive it founds a new community and"
            + " prints the operator's one-time link.")
public final class ServeCommand extends WritingSubcommand {
  private static final Duration LINK_LIFETIME = Duration.ofHours(12);
  private static final int KEY_BYTES = 32;
  private static final int KEY_LENGTH_MIN = 16;
  private static final int PROXIES_MAX = 20;
  private static final int PORT_MAX = 65_535;

  /** How old what this machine remembers may be after a crash. */
  private static final int MEMORY_SECONDS = 5;

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
      description = "The address to listen on; default ${DEFAULT-VALUE}, for this machine only")
  String host;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description =
          "The address for members, such as https://pray.example.org; default the one it listens"
              + " on. Links begin with it; with https, cookies are sent over https only")
  @Nullable String baseUrl;

  @Option(
      names = "--behind-proxy",
      description =
          "Requests come through a proxy of yours: its X-Forwarded-For is trusted. Needs"
              + " --base-url")
  boolean behindProxy;

  @Option(
      names = "--proxies",
      paramLabel = "N",
      description =
          "Through how many proxies in a row each request comes, if --behind-proxy is given;"
              + " default 1. The address that the outermost of them wrote is that of the client")
  @Nullable Integer proxies;

  @SuppressWarnings("NullAway.Init")
  ServeCommand() {}

  @Override
  protected CommandResult write() throws IOException {
    return serve(null);
  }

  /** Shows what is there, and takes no changes. */
  @Override
  protected CommandResult writeNothing(NoPlaceReachedException unreached) throws IOException {
    return serve(String.valueOf(unreached.getMessage()));
  }

  /**
   * Serves until the process is stopped.
   *
   * @param refusal why no change is taken; null if changes are taken
   */
  private CommandResult serve(@Nullable String refusal) throws IOException {
    if (port < 0 || port > PORT_MAX) {
      throw wrongUsage("--port: expected 0 to " + PORT_MAX + ", found " + port);
    }
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    // The JVM ends when this hook does, so it waits until the last change is saved.
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
      boolean isLastWriteSaved = serveUntil(stop, origin(), refusal);
      if (refusal == null) {
        var _ = context().machineMemory().note(context().archivePath());
      }
      say(
          isLastWriteSaved
              ? "Stopped; everything is saved."
              : "Stopped. The last change could not be saved and was refused; everything before it"
                  + " is saved.");
      return new CommandResult();
    } finally {
      stopped.countDown();
    }
  }

  /** Returns whether the last change could be saved. */
  private boolean serveUntil(CountDownLatch stop, Optional<String> origin, @Nullable String refusal)
      throws IOException {
    SecureRandom random = new SecureRandom();
    Ids ids = new Ids(random);
    Path archive = context().archivePath();
    Optional<byte[]> givenKey = givenKey();
    if (ArchiveFolders.isFree(archive)) {
      FoundingCheck.require(
          archive, context().databasePath(), context().configuration(), options(origin));
      Ledger.found(archive, ids.id(), context().clock());
      say("A new community was founded in " + archive + ".");
    }
    byte[] key = givenKey.orElseGet(() -> makeKey(random));
    try (Ledger ledger = open(refusal)) {
      Community community = new Community(ledger, ids, key);
      Configuration settings =
          refusal == null ? prepare(ledger, community) : look(ledger, community, refusal);
      try (PrayerGenerationService generation =
          new PrayerGenerationService(
              ledger,
              community.prayers(),
              PrayerGeneratorFactory.of(settings, this::say),
              context().clock(),
              this::log)) {
        ServerContext site =
            new ServerContext(
                ledger,
                community,
                generation,
                ids,
                new SecretKeySpec(key, "HmacSHA256"),
                new ServerContext.Time(context().clock(), context().terminal().nanoTime()),
                new ServerContext.Installation(
                    archive, context().databasePath(), settings, ClockSyncProbe.SYSTEM),
                context().terminal().err());
        remember(ledger, stop);
        serveUntil(stop, site, settings, origin);
        return ledger.isLastWriteSaved();
      }
    }
  }

  /** Notes from time to time how far the archive goes, until the server stops. */
  private void remember(Ledger ledger, CountDownLatch stop) {
    MachineMemory memory = context().machineMemory();
    Path archive = context().archivePath();
    if (ledger.refusal().isPresent()) {
      return;
    }
    Optional<String> problem =
        memory.isKept()
            ? memory.note(archive)
            : Optional.of("neither XDG_STATE_HOME nor HOME names a folder");
    if (problem.isPresent()) {
      say(
          "Note: this machine cannot remember how far the archive goes, so an older copy in its"
              + " place would be noticed by its other copies only: "
              + problem.get());
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("memory")
        .start(
            () -> {
              Optional<ArchiveEnd> noted = Optional.empty();
              while (!isStopped(stop)) {
                Optional<ArchiveEnd> end = ledger.end();
                if (end.isPresent() && !end.equals(noted)) {
                  var _ =
                      memory.note(
                          archive,
                          ledger.community(),
                          end.get()); // It said at the start that it can.
                  noted = end;
                }
              }
            });
  }

  private static boolean isStopped(CountDownLatch stop) {
    try {
      return stop.await(MEMORY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private Ledger open(@Nullable String refusal) throws IOException {
    return refusal == null
        ? Ledger.open(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().progress())
        : Ledger.openForReading(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().progress(),
            refusal);
  }

  private void serveUntil(
      CountDownLatch stop, ServerContext site, Configuration settings, Optional<String> origin)
      throws IOException {
    try (WebServer server = WebServer.start(site, options(origin))) {
      String listening =
          "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
      if (site.ledger().refusal().isEmpty()) {
        server.startMaintenance(settings.compressionAfter());
        offerAdminLink(site.ledger(), site.community(), origin.orElse(listening));
      }
      say(
          "ThyWill listens at "
              + listening
              + origin.map(address -> ", for " + address).orElse("")
              + ". Press Ctrl-C to stop.");
      await(stop);
    }
  }

  private ServerOptions options(Optional<String> origin) {
    return new ServerOptions(
        host,
        port,
        origin.orElse(null),
        proxies(),
        context().configuration().secret(Configuration.METRICS_TOKEN).orElse(null));
  }

  /**
   * Prepares the community for its first request: does what a recovery left to do, then archives
   * the settings. Returns the settings in force.
   */
  private Configuration prepare(Ledger ledger, Community community) throws IOException {
    Optional<PostRecovery.Outlook> resumed = community.resumption().resume();
    Configuration settings =
        new SettingsArchiver(ledger, Ids.parameters()).keep(context().configuration());
    PlainTokens.Replaced replaced = PlainTokens.replace(ledger);
    community.watchView(context().terminal().nanoTime(), this::log);
    context().terminal().clearProgress();
    ledger.findings().forEach(this::say);
    settings.findings().forEach(this::say);
    if (resumed.isPresent()) {
      CommandResult done = new CommandResult();
      PostRecoveryText.describe(resumed.get(), done);
      done.sentences().forEach(this::say);
      resumed.get().advice().forEach(this::say);
    }
    if (replaced.links() > 0) {
      say(
          "Note: "
              + NumberText.count(replaced.links(), "open link")
              + " of an earlier program "
              + (replaced.links() == 1 ? "is" : "are")
              + " kept as a hash from now on. Who can read older lines of the archive can use them"
              + " until they end; their makers end them under Invites, by making new ones.");
    }
    return settings;
  }

  /**
   * Prepares the community to be read only: nothing is written, so what a recovery left to do must
   * have been done.
   *
   * @param refusal why no change is taken
   * @throws OperationRefusedException if something is still to be done first
   */
  private Configuration look(Ledger ledger, Community community, String refusal)
      throws IOException {
    if (community.resumption().isDue()) {
      throw new OperationRefusedException(
          "what follows a recovery must be written before anything is shown, and " + refusal);
    }
    context().terminal().clearProgress();
    ledger.findings().forEach(this::say);
    List<Finding> unread = new ArrayList<>();
    Configuration settings =
        context().configuration().with(ArchivedSettings.look(context().archivePath(), unread));
    unread.forEach(this::say);
    say("Reading only, no change is taken: " + refusal);
    return settings;
  }

  /**
   * Prints a link for the first admin if the community has none.
   *
   * <p>If there is an admin but no member is signed in, no sign-in can be approved; then it says
   * how to sign in one member.
   */
  private void offerAdminLink(Ledger ledger, Community community, String address)
      throws IOException {
    try (ViewReader view = ledger.read()) {
      if (Roles.isAdminThere(view)) {
        if (!Sessions.isAnybodySignedIn(view, context().clock().instant())) {
          say(
              "Note: no member is signed in, so no sign-in can be approved. Stop the server, make a"
                  + " link that signs in one member (thywill sign-in-link MEMBER), and start it"
                  + " again.");
        }
        return;
      }
    }
    String token = community.members().makeOperatorLink(LINK_LIFETIME);
    say(
        "This community has no admin. Open this link within "
            + LINK_LIFETIME.toHours()
            + " hours, and keep it to yourself: the person who opens it becomes admin.\n\n  "
            + address
            + "/join/"
            + token
            + "\n");
  }

  /** The address for members, without a slash at its end; empty if the options name none. */
  private Optional<String> origin() {
    if (baseUrl == null) {
      if (behindProxy) {
        throw wrongUsage(
            "--behind-proxy: expected --base-url as well, such as --base-url"
                + " https://pray.example.org, because links must not follow the host that a"
                + " visitor names");
      }
      return Optional.empty();
    }
    String given = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
    if (!given.matches("https?://[^/?#@\\s]+") || URI.create(given).getHost() == null) {
      throw wrongUsage(
          "--base-url: expected http:// or https:// and a name, without a path, found "
              + Configuration.shown(baseUrl));
    }
    return Optional.of(given);
  }

  /** How many proxies are trusted; 0 if none is. */
  private int proxies() {
    if (!behindProxy) {
      if (proxies != null) {
        throw wrongUsage("--proxies: expected --behind-proxy as well");
      }
      return 0;
    }
    int count = proxies == null ? 1 : proxies;
    if (count < 1 || count > PROXIES_MAX) {
      throw wrongUsage("--proxies: expected 1 to " + PROXIES_MAX + ", found " + count);
    }
    return count;
  }

  /** The key for signatures that the setting names; empty if it is not set. */
  private Optional<byte[]> givenKey() {
    Optional<byte[]> given =
        context()
            .configuration()
            .secret(Configuration.SERVER_KEY)
            .map(key -> key.getBytes(StandardCharsets.UTF_8));
    if (given.isPresent() && given.get().length < KEY_LENGTH_MIN) {
      throw wrongUsage(
          Configuration.SERVER_KEY
              + ": expected at least "
              + KEY_LENGTH_MIN
              + " characters, found "
              + given.get().length
              + ". Make one with: openssl rand -hex 32");
    }
    return given;
  }

  /** Makes a random key for signatures, for this run, and says so. */
  private byte[] makeKey(SecureRandom random) {
    say(
        "Note: "
            + Configuration.SERVER_KEY
            + " is not set, so a key was made for this run: the six digits of pending sign-ins"
            + " will change when the server starts again.");
    return random.generateSeed(KEY_BYTES);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(Finding finding) {
    context().terminal().print(finding, out(), context().isColoured(out()));
    out().flush();
  }

  private void log(String sentence) {
    context().terminal().err().println(context().clock().instant() + " " + sentence);
    context().terminal().err().flush();
  }

  private void say(String sentence) {
    out().println(sentence);
    out().flush();
  }

  /** With {@code --json} the standard output is for the one object at the end. */
  private PrintWriter out() {
    return context().isJson() ? context().terminal().err() : context().terminal().out();
  }
}
