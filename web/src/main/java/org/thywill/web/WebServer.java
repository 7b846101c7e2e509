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
import org.thywill.community.access.AttemptLimiter;
import org.thywill.web.console.MaintenanceScheduler;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.OperationsMonitor;
import org.thywill.web.http.BackgroundTasks;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;
import org.thywill.web.http.ServerOptions;

/**
 * The community's web server. Closing it waits for requests that are being answered, for ten
 * seconds at most, and for maintenance that is running.
 */
public final class WebServer implements Closeable {
  private static final long BODY_BYTES_MAX = 256_000;
  private static final int HEADER_BYTES_MAX = 16_384;
  private static final long STOP_MILLIS = 10_000;

  /**
   * POST requests of one address. It is generous, since it is there for programs that run wild; and
   * it counts addresses, so that members cannot be locked out by others.
   */
  private static final int CHANGES_PER_MINUTE = 120;

  /** Beyond that, the rate limit forgets the oldest address. */
  private static final int ADDRESSES_MAX = 10_000;

  private static final int BACKLOG = 50;

  private final ServerContext server;
  private final BackgroundTasks tasks;
  private final Javalin javalin;

  private WebServer(ServerContext server, BackgroundTasks tasks, Javalin javalin) {
    this.server = server;
    this.tasks = tasks;
    this.javalin = javalin;
  }

  /**
   * Starts a server; it answers requests when this returns.
   *
   * @throws IOException if the port is taken, or the host is no address of this machine
   */
  public static WebServer start(ServerContext server, ServerOptions options) throws IOException {
    requireFree(options);
    BackgroundTasks tasks = new BackgroundTasks();
    OperationsMonitor monitor = new OperationsMonitor(server, tasks);
    Metrics metrics = new Metrics(server, monitor);
    Routes routes = new Routes(server, tasks, monitor, metrics);
    RequestDispatcher dispatcher =
        new RequestDispatcher(
            server,
            options,
            metrics,
            new AttemptLimiter(Duration.ofMinutes(1), CHANGES_PER_MINUTE, ADDRESSES_MAX));
    Javalin javalin = Javalin.create(config -> configure(config, options, routes, dispatcher));
    javalin.start();
    return new WebServer(server, tasks, javalin);
  }

  /**
   * Starts regular maintenance, which ends with the server.
   *
   * @param compressionAfter how long after its end a sealed month is compressed; empty for never
   */
  public void startMaintenance(Optional<Duration> compressionAfter) {
    MaintenanceScheduler.start(server, tasks, compressionAfter);
  }

  /**
   * Requires that the server could listen now. It is reported in one sentence, where the library
   * would fail at length.
   *
   * @throws IOException if the port is taken, or the host is no address of this machine
   */
  public static void requireFree(ServerOptions options) throws IOException {
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
      JavalinConfig config, ServerOptions options, Routes routes, RequestDispatcher dispatcher) {
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
        case GET -> config.routes.get(route.path(), context -> dispatcher.handle(context, route));
        case POST -> config.routes.post(route.path(), context -> dispatcher.handle(context, route));
      }
    }
    config.routes.exception(Exception.class, (e, context) -> dispatcher.failed(context, e));
    config.routes.error(404, context -> unhandled(dispatcher, context));
    config.routes.error(405, context -> unhandled(dispatcher, context));
  }

  private static void unhandled(RequestDispatcher dispatcher, Context context) {
    if (!RequestDispatcher.isHandled(context)) {
      dispatcher.notFound(context);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
    tasks.close();
  }
}
