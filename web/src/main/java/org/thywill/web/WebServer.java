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
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.web.console.MaintenanceScheduler;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.OperationsMonitor;
import org.thywill.web.http.BackgroundTasks;
import org.thywill.web.http.ConnectionLimit;
import org.thywill.web.http.PlainErrorHandler;
import org.thywill.web.http.RequestBodyReader;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;
import org.thywill.web.http.ServerOptions;

/**
 * The community's web server. Closing it waits for requests that are being answered, for ten
 * seconds at most, and for maintenance that is running.
 */
public final class WebServer implements Closeable {
  private static final int HEADER_BYTES_MAX = 16_384;
  private static final long STOP_MILLIS = 10_000;

  /**
   * POST requests of one member, or of one network of strangers. It is generous, since it is there
   * for programs that run wild.
   */
  private static final int CHANGES_PER_MINUTE = 120;

  /** Beyond that, the rate limit forgets the oldest member or network. */
  private static final int SOURCES_MAX = 10_000;

  /** Open connections of one network; more than a whole congregation needs. */
  private static final int CONNECTIONS_MAX = 500;

  /** A connection on which nothing comes or goes for so long is closed. */
  private static final long IDLE_MILLIS = 30_000;

  private static final RequestBodyReader.Limits BODY =
      new RequestBodyReader.Limits(RequestBodyReader.BYTES_MAX, Duration.ofSeconds(10), 1_000);

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
            new AttemptLimiter(Duration.ofMinutes(1), CHANGES_PER_MINUTE, SOURCES_MAX));
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
    config.http.maxRequestSize = RequestBodyReader.BYTES_MAX;
    PlainErrorHandler errors = new PlainErrorHandler(options.isHttps());
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(STOP_MILLIS);
          server.setErrorHandler(errors);
          server.insertHandler(new RequestBodyReader(BODY));
        });
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(errors));
    config.jetty.addConnector((server, http) -> connector(server, http, options));
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setRequestHeaderSize(HEADER_BYTES_MAX);
          http.setSendServerVersion(false);
        });
    for (Route route : routes.all()) {
      switch (route.method()) {
        case GET -> {
          config.routes.get(route.path(), context -> dispatcher.handle(context, route));
          // The same answer; the web server leaves out the body.
          config.routes.head(route.path(), context -> dispatcher.handle(context, route));
        }
        case POST -> config.routes.post(route.path(), context -> dispatcher.handle(context, route));
      }
    }
    config.routes.exception(Exception.class, (e, context) -> dispatcher.failed(context, e));
    config.routes.error(404, context -> unhandled(dispatcher, context));
    config.routes.error(405, context -> unhandled(dispatcher, context));
  }

  private static Connector connector(Server server, HttpConfiguration http, ServerOptions options) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(IDLE_MILLIS);
    if (!options.isBehindProxy()) {
      connector.addBean(new ConnectionLimit(CONNECTIONS_MAX));
    }
    return connector;
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
