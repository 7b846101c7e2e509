package org.thywill.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.thywill.simulation.Await;
import org.thywill.web.RawClient;

/** Bodies that arrive slowly or are too long, and connections beyond the limit. */
class RequestBodyReaderTest {
  private static final int CONNECTIONS_MAX = 3;
  private static final String FORM =
      lines(
          "POST / HTTP/1.1",
          "Host: h",
          "Connection: close",
          "Content-Type: application/x-www-form-urlencoded;charset=utf-8");

  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  /** Answers with the body of the request, or with "unread" where it is no form. */
  private static final class Echo extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      String type = request.getHeaders().get("Content-Type");
      String text =
          type == null || RequestBodyReader.isForeign(type)
              ? "unread"
              : Content.Source.asString(request, StandardCharsets.UTF_8);
      Content.Sink.write(response, true, text, callback);
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    RequestBodyReader reader =
        new RequestBodyReader(new RequestBodyReader.Limits(1_000, Duration.ofMillis(300), 1_000));
    reader.setHandler(new Echo());
    jetty.setHandler(reader);
    jetty.setErrorHandler(new PlainErrorHandler(false));
    connector.addBean(new ConnectionLimit(CONNECTIONS_MAX));
    jetty.addConnector(connector);
    jetty.start();
  }

  @AfterEach
  void stop() throws Exception {
    jetty.stop();
  }

  private RawClient client(String from) throws IOException {
    return new RawClient(from, connector.getLocalPort());
  }

  private String ask(String... parts) throws IOException {
    try (RawClient client = client("127.0.0.1")) {
      for (String part : parts) {
        client.send(part);
      }
      return client.answer();
    }
  }

  @Test
  void body_inOneOrManyParts_arrivesAsItWasSent() throws IOException {
    assertThat(ask(FORM + "Content-Length: 5\r\n\r\na=b&c")).endsWith("\r\n\r\na=b&c");
    assertThat(ask(FORM + "Content-Length: 5\r\n\r\n", "a", "=b", "&c")).endsWith("a=b&c");
    assertThat(
            ask(FORM + "Transfer-Encoding: chunked\r\n\r\n", "2\r\na=\r\n", "1\r\nb\r\n0\r\n\r\n"))
        .endsWith("a=b");
    assertThat(ask(FORM + "Content-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void body_thatArrivesTooSlowly_isGivenUp() throws IOException {
    long startedNanos = System.nanoTime();
    String answer = ask(FORM + "Content-Length: 900\r\n\r\na=b");
    assertThat(answer).startsWith("HTTP/1.1 408 ").contains("took too long", "nosniff");
    assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
  }

  @Test
  void body_tooLong_isRefused_alsoWhereItDidNotSayItsLength() throws IOException {
    assertThat(
            ask(
                FORM
                    + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n"
                    + "a".repeat(2_000)
                    + "\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void body_thatIsNoForm_isNotRead() throws IOException {
    assertThat(
            ask(
                lines(
                        "POST / HTTP/1.1",
                        "Host: h",
                        "Connection: close",
                        "Content-Type: multipart/form-data; boundary=b",
                        "Content-Length: 150000000",
                        "")
                    + "--b"))
        .endsWith("unread");
  }

  @Test
  void connections_beyondTheLimitOfANetwork_areClosed_untilOthersEnd() throws IOException {
    List<RawClient> open = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS_MAX; i++) {
        RawClient client = client("127.0.0.1");
        open.add(client);
        assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status())
            .startsWith("HTTP/1.1 200 ");
      }
      assertThat(isServed("127.0.0.1")).isFalse();
      assertThat(isServed("127.0.0.2")).isTrue();
      open.removeFirst().close();
      Await.until(() -> isServed("127.0.0.1"));
    } finally {
      for (RawClient client : open) {
        client.close();
      }
    }
  }

  private boolean isServed(String from) {
    try (RawClient client = client(from)) {
      return client
          .send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
          .status()
          .startsWith("HTTP/1.1 200 ");
    } catch (IOException e) {
      return false;
    }
  }
}
