package org.thywill.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.prayer.Visibility;
import org.thywill.view.ViewReader;
import org.thywill.web.ServerFixture;

/** The metrics that a monitoring system reads. */
class MetricsTest {
  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  MetricsTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder, folder.resolve("copy") + "," + folder.resolve("nowhere"));
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  private HttpResponse<String> ask(String authorization) throws IOException {
    return server.get("", "/metrics", "Authorization", authorization, "Accept", "*/*");
  }

  /** The samples by name and labels. */
  private Map<String, Double> samples() throws IOException {
    HttpResponse<String> answer = ask("Bearer " + ServerFixture.METRICS_TOKEN);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    Map<String, Double> samples = new LinkedHashMap<>();
    answer
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line ->
                samples.put(
                    line.substring(0, line.lastIndexOf(' ')),
                    Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    return samples;
  }

  @Test
  void database_isDeleted_isCountedAsRebuilt_andNotAsADifference() throws IOException {
    assertThat(samples())
        .containsEntry("thywill_view_rebuilds_total", 0.0)
        .containsEntry("thywill_digest_mismatch_total", 0.0);
    Files.delete(folder.resolve("community.db"));
    server.ledger.checkpoint();
    assertThat(samples())
        .containsEntry("thywill_view_rebuilds_total", 1.0)
        .containsEntry("thywill_digest_mismatch_total", 0.0);
  }

  @Test
  void metrics_needTheToken() throws IOException {
    for (String wrong :
        new String[] {
          "Bearer ",
          "Bearer another",
          ServerFixture.METRICS_TOKEN,
          "Basic " + ServerFixture.METRICS_TOKEN,
          "Bearer " + ServerFixture.METRICS_TOKEN + "x"
        }) {
      assertThat(ask(wrong).statusCode()).as(wrong).isEqualTo(401);
    }
    assertThat(ask("Bearer " + ServerFixture.METRICS_TOKEN).statusCode()).isEqualTo(200);
    // The token is valid for this route only.
    assertThat(
            server
                .get(
                    "",
                    "/console",
                    "Authorization",
                    "Bearer " + ServerFixture.METRICS_TOKEN,
                    "Accept",
                    "*/*")
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void requestsAndWrites_areCountedByRoute_withoutIdsOrNames() throws IOException {
    String prayer = server.community.prayers().ask("ben", "For rain.", Visibility.MEMBERS, "");
    double writes = Objects.requireNonNull(samples().get("thywill_write_seconds_count"));
    String session = server.session("clara");
    server.get(session, "/prayers/" + prayer);
    server.get(session, "/prayers/" + prayer);
    server.get(session, "/prayers/nothing");
    server.get(session, "/nowhere/" + prayer);
    server.post(session, "/prayers/" + prayer + "/prayed", Map.of());
    Map<String, Double> after = samples();
    assertThat(after.get("thywill_write_seconds_count"))
        .isEqualTo(writes + 2); // the session and the mark
    assertThat(after)
        .containsEntry(
            "thywill_request_seconds_count{method=\"GET\",route=\"/prayers/{prayer}\",status=\"2xx\"}",
            2.0)
        .containsEntry(
            "thywill_request_seconds_count{method=\"GET\",route=\"/prayers/{prayer}\",status=\"4xx\"}",
            1.0)
        .containsEntry(
            "thywill_request_seconds_count{method=\"GET\",route=\"none\",status=\"4xx\"}", 1.0)
        .containsEntry(
            "thywill_request_seconds_count{method=\"POST\",route=\"/prayers/{prayer}/prayed\",status=\"3xx\"}",
            1.0)
        .containsEntry(
            "thywill_request_seconds_bucket{method=\"GET\",route=\"/prayers/{prayer}\",status=\"2xx\",le=\"+Inf\"}",
            2.0);
    assertThat(after.keySet()).noneMatch(name -> name.contains(prayer) || name.contains("clara"));
  }

  @Test
  void state_ofArchiveViewDrillAndCopies_isThatOfTheFiles() throws Exception {
    server.ledger.write(
        Change.Cause.by("system"),
        tx ->
            tx.add(
                Row.in(Catalog.OPERATIONS)
                    .set(Catalog.Operations.ID, "adrill")
                    .set(Catalog.Operations.KIND, "drill")
                    .set(Catalog.Operations.OUTCOME, "green")
                    .set(
                        Catalog.Operations.DETAILS,
                        "from=this archive; seq=5; rows=3; seconds=0.100; digest=; causes=")
                    .build()));
    server.ledger.checkpoint();
    copyTheArchive();
    Map<String, Double> samples = samples();
    try (ViewReader view = server.ledger.read()) {
      assertThat(samples)
          .containsEntry("thywill_view_seq", (double) view.state().seq())
          .containsEntry("thywill_archive_seq", (double) view.state().seq());
    }
    assertThat(samples)
        .containsEntry("thywill_archive_readable", 1.0)
        .containsEntry("thywill_view_readable", 1.0)
        .containsEntry("thywill_last_drill_green", 1.0)
        .containsEntry("thywill_copies", 2.0)
        .containsEntry("thywill_copy_usable{copy=\"1\"}", 1.0)
        .containsEntry("thywill_copy_usable{copy=\"2\"}", 0.0)
        .containsEntry("thywill_copy_lacking_seconds{copy=\"1\"}", 0.0)
        .doesNotContainKey("thywill_copy_lacking_seconds{copy=\"2\"}");
    assertThat(samples.get("thywill_last_drill_timestamp_seconds"))
        .isBetween(1_772_600_000.0, 1_772_700_000.0);
    assertThat(samples.get("thywill_archive_bytes"))
        .isEqualTo((double) bytesBelow(folder.resolve("text_archives")));
    assertThat(samples.get("thywill_database_bytes"))
        .isGreaterThanOrEqualTo((double) Files.size(server.database));

    server.community.prayers().ask("ben", "For rain.", Visibility.MEMBERS, "");
    for (int i = 0; i < 100; i++) {
      server.get("", "/health"); // each reading of the fixture's clock advances it by a second
    }
    Map<String, Double> later = samples();
    assertThat(later.get("thywill_copy_lacking_seconds{copy=\"1\"}")).isGreaterThan(60);
    assertThat(later.get("thywill_archive_seq")).isGreaterThan(samples.get("thywill_archive_seq"));
  }

  @Test
  void check_startedFromTheConsole_isInTheMetrics() throws Exception {
    assertThat(samples()).containsEntry("thywill_last_check_timestamp_seconds", 0.0);
    String session = server.session("anna");
    assertThat(server.post(session, "/console/check", Map.of()).statusCode()).isEqualTo(303);
    server.await(session, "/console", page -> page.body().contains("Sound."));
    Map<String, Double> samples = samples();
    assertThat(samples).containsEntry("thywill_last_check_sound", 1.0);
    assertThat(samples.get("thywill_last_check_timestamp_seconds")).isGreaterThan(1_772_600_000.0);
    assertThat(server.get(session, "/console").body())
        .contains("Last drill", "none yet", folder.resolve("nowhere") + "", "is not there");
  }

  @Test
  void drill_startedFromTheConsole_isGreen_recorded_andInTheMetrics() throws Exception {
    String session = server.session("anna");
    assertThat(server.get(session, "/console").body()).contains("none yet");
    assertThat(server.post(session, "/console/drill", Map.of()).statusCode()).isEqualTo(303);
    server.await(session, "/console", page -> !page.body().contains("data-refresh"));
    assertThat(server.get(session, "/console").body())
        .contains("<strong>Green.</strong>", "the report is change " + server.seq());
    assertThat(server.rows(Catalog.OPERATIONS))
        .hasSize(1)
        .first()
        .satisfies(
            row ->
                assertThat(row.get(Catalog.Operations.DETAILS).orElse(""))
                    .contains("from=this archive; seq=" + (server.seq() - 1)));
    assertThat(samples()).containsEntry("thywill_last_drill_green", 1.0);
  }

  private void copyTheArchive() throws IOException {
    Path archive = folder.resolve("text_archives");
    try (Stream<Path> all = Files.walk(archive)) {
      for (Path path : all.toList()) {
        Files.copy(path, folder.resolve("copy").resolve(archive.relativize(path).toString()));
      }
    }
  }

  private static long bytesBelow(Path archive) throws IOException {
    try (Stream<Path> all = Files.walk(archive)) {
      return all.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
  }
}
