package org.thywill.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.OperationsMonitor;
import org.thywill.web.http.RateLimit;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;

/** The community's web server. Answers until it is closed; what is under way is finished then. */
public final class WebServer implements Closeable {
  private static final long BODY_BYTES_MAX = 256_000;
  private static final int HEADER_BYTES_MAX = 16_384;
  private static final long STOP_MILLIS = 10_000;
  private static final int CHANGES_PER_MINUTE = 120;
  private static final int BACKLOG = 50;

  private final Javalin javalin;

  /**
   * Where it listens.
   *
   * @param port 0 for any that is free
   * @param baseUrl by which members reach it, without a slash at its end; empty for whatever name
   *     and port they use
   * @param behindProxy whether a proxy of ours stands before it, which says who calls
   *     (X-Forwarded-For) and, where there is no base address, how (X-Forwarded-Proto)
   * @param metricsToken by which a monitor may read the figures; empty if none may
   */
  public record Options(
      String host,
      int port,
      Optional<String> baseUrl,
      boolean behindProxy,
      Optional<String> metricsToken) {}

  private WebServer(Javalin javalin) {
    this.javalin = javalin;
  }

  /**
   * Begins to answer.
   *
   * @throws IOException if the port is taken, or the host is not this machine
   */
  public static WebServer start(ServerContext site, Options options) throws IOException {
    requireFree(options);
    OperationsMonitor watch = new OperationsMonitor(site);
    Metrics metrics = new Metrics(site, watch);
    Routes routes = new Routes(site, watch, metrics);
    RequestDispatcher front =
        new RequestDispatcher(
            site, options, metrics, new RateLimit(CHANGES_PER_MINUTE, Duration.ofMinutes(1)));
    Javalin javalin = Javalin.create(config -> configure(config, options, routes, front));
    javalin.start();
    return new WebServer(javalin);
  }

  /** Says in our words what the library would say in many. */
  private static void requireFree(Options options) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(options.host(), options.port()), BACKLOG);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + " ("
              + e.getMessage()
              + "). Name another with --port or --host",
          e);
    }
  }

  private static void configure(
      JavalinConfig config, Options options, Routes routes, RequestDispatcher front) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.maxRequestSize = BODY_BYTES_MAX;
    config.jetty.host = options.host();
    config.jetty.port = options.port();
    config.jetty.modifyServer(server -> server.setStopTimeout(STOP_MILLIS));
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setRequestHeaderSize(HEADER_BYTES_MAX);
          http.setSendServerVersion(false);
        });
    for (Route route : routes.all()) {
      switch (route.method()) {
        case GET -> config.routes.get(route.path(), context -> front.handle(context, route));
        case POST -> config.routes.post(route.path(), context -> front.handle(context, route));
      }
    }
    config.routes.exception(Exception.class, (e, context) -> front.failed(context, e));
    config.routes.error(404, context -> unanswered(front, context));
    config.routes.error(405, context -> unanswered(front, context));
  }

  private static void unanswered(RequestDispatcher front, Context context) {
    if (!RequestDispatcher.isAnswered(context)) {
      front.notFound(context);
    }
  }

  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
