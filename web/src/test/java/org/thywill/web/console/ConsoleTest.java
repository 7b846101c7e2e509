package org.thywill.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.prayer.Visibility;
import org.thywill.web.ServerFixture;

/** The console: jobs that the operator starts there, and their results. */
class ConsoleTest {
  @TempDir Path folder;
  private ServerFixture server;
  private String anna;

  @SuppressWarnings("NullAway.Init")
  ConsoleTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
    anna = server.session("anna");
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  /** Starts a job, and returns the console when the job has ended. */
  private Document consoleAfter(String job) throws IOException {
    assertThat(server.post(anna, "/console/" + job, Map.of()).statusCode()).isEqualTo(303);
    server.await(anna, "/console", page -> !page.body().contains("data-refresh"));
    return console();
  }

  private Document console() throws IOException {
    return Jsoup.parse(server.get(anna, "/console").body());
  }

  @Test
  void report_startedWhileMembersWrite_isOneCompletePage() throws Exception {
    assertThat(server.get(anna, "/console/report").headers().firstValue("Location"))
        .contains("/console?said=no_report");
    AtomicBoolean isOver = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !isOver.get(); i++) {
                    try {
                      server.community.prayers().ask("ben", "Request " + i, Visibility.MEMBERS, "");
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                });
    Document console = consoleAfter("report");
    isOver.set(true);
    writer.join();
    assertThat(console.text())
        .contains("Ready. Made")
        .contains("by anna")
        .contains(
            "To do no drill was ever made, so no recovery was seen to succeed. Next: thywill"
                + " test-recovery");

    HttpResponse<String> report = server.get(anna, "/console/report");
    assertThat(report.statusCode()).isEqualTo(200);
    Document page = Jsoup.parse(report.body());
    assertThat(page.text())
        .contains(
            "Can our community be rebuilt today?",
            "Every table of the community is in the archive");
    String style = Objects.requireNonNull(page.selectFirst("style")).data();
    String hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(style.getBytes(StandardCharsets.UTF_8)));
    assertThat(report.headers().firstValue("Content-Security-Policy"))
        .contains(
            "default-src 'none'; style-src 'sha256-"
                + hash
                + "'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    assertThat(page.select("script, [style], link, img, form, [onclick]")).isEmpty();
    assertThat(report.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void growth_isShownByMonth_inChartsAndInText() throws Exception {
    server.ledger.checkpoint();
    Document console = console();
    assertThat(console.select(".chart h2").eachText())
        .containsExactly("Text of all changes at the end of each month", "Text written per month");
    assertThat(console.select(".chart svg title[id]").eachText())
        .satisfiesExactly(
            size ->
                assertThat(size)
                    .matches(
                        "Text of all changes at the end of each month, March 2026 to March 2026:"
                            + " from (.*) to \\1\\."),
            growth ->
                assertThat(growth)
                    .matches(
                        "Text written per month, March 2026 to March 2026: .* in all, the most in"
                            + " March 2026: .*"));
    assertThat(console.select(".chart table td").eachText()).contains("March 2026");
    assertThat(console.select("[style]")).isEmpty();
  }

  @Test
  void check_damagedArchive_showsLocationAndNextStep() throws Exception {
    server.ledger.checkpoint();
    Path log;
    try (Stream<Path> logs = Files.list(folder.resolve("text_archives/users"))) {
      log = logs.findFirst().orElseThrow();
    }
    Files.writeString(log, "a stray line\n", StandardOpenOption.APPEND);
    Document console = consoleAfter("check");
    assertThat(console.text()).contains("NOT sound.");
    assertThat(console.select(".plain li").eachText())
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .startsWith("Wrong users/" + log.getFileName())
                    .contains("Next: thywill"));
  }
}
