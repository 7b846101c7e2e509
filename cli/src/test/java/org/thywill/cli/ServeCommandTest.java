package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.cli.terminal.ExitCode;
import org.thywill.simulation.ProgramProcess;

/** The server as a process: it founds a community, is killed, loses its database, and goes on. */
class ServeCommandTest {
  private static final Pattern LISTENS =
      Pattern.compile("listens at (http://127\\.0\\.0\\.1:[0-9]+)");
  private static final Pattern LINK = Pattern.compile("(http\\S+/join/\\S+)");
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([0-9a-f]+)\"");

  @TempDir Path folder;
  private final HttpClient browser =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  private ProgramProcess server() throws IOException {
    return ProgramProcess.start(folder, "serve", "--port", "0");
  }

  private HttpResponse<String> get(String address) throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address)).header("Accept", "text/html").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Opens a page and sends a form of it. */
  private HttpResponse<String> send(String page, String address, String field, String value)
      throws IOException, InterruptedException {
    Matcher token = TOKEN.matcher(get(page).body());
    assertThat(token.find()).isTrue();
    String form =
        "form_token="
            + token.group(1)
            + "&"
            + field
            + "="
            + URLEncoder.encode(value, StandardCharsets.UTF_8);
    return browser.send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void server_foundsACommunity_isKilled_losesItsDatabase_andEverybodyGoesOn() throws Exception {
    String digest;
    try (ProgramProcess server = server()) {
      String link = server.awaits(LINK);
      String address = server.awaits(LISTENS);
      assertThat(server.said().getFirst()).startsWith("A new community was founded in ");
      assertThat(send(link, link, "name", "Ruth").uri().getPath()).isEqualTo("/feed/pray-now");
      assertThat(send(address + "/ask", address + "/ask", "text", "For rain.").body())
          .contains("Your request is posted.");

      ProgramRunner.Run second = new ProgramRunner(folder).run("serve", "--port", "0");
      assertThat(second.exit()).as(second.err()).isEqualTo(ExitCode.REFUSED.number());
      assertThat(second.err()).contains("holds");
      server.dies();
    }
    Files.delete(folder.resolve("community.db"));
    try (ProgramProcess server = server()) {
      String address = server.awaits(LISTENS);
      assertThat(server.said())
          .noneMatch(line -> line.contains("/join/"))
          .noneMatch(line -> line.contains("cannot remember"));
      assertThat(send(address + "/ask", address + "/ask", "text", "For sun.").body())
          .contains("Your request is posted.");
      assertThat(get(address + "/feed/all").body()).contains("For rain.", "For sun.");
      assertThat(server.stops()).contains("Stopped; everything is saved.");
      digest = new ProgramRunner(folder).run("digest", "--json").out();
    }
    try (var remembered = Files.list(folder.resolve("state/thywill"))) {
      assertThat(Files.readString(remembered.findFirst().orElseThrow()))
          .containsPattern("archive\\|\\d+\\|[0-9a-f]{64}\n");
    }
    ProgramRunner.Run rebuilt = new ProgramRunner(folder).run("recover", "--replace", "--json");
    assertThat(rebuilt.exit()).as(rebuilt.err()).isZero();
    assertThat(new ProgramRunner(folder).run("validate-archives").exit()).isZero();
    assertThat(hex(rebuilt.out())).isEqualTo(hex(digest));
  }

  @Test
  void noPlaceIsReached_pagesAreShown_andEveryChangeIsRefused() throws Exception {
    Map<String, String> places = Map.of("ARCHIVE_LOCATIONS", folder.resolve("copy").toString());
    try (ProgramProcess server = server()) {
      String link = server.awaits(LINK);
      String address = server.awaits(LISTENS);
      send(link, link, "name", "Ruth");
      assertThat(send(address + "/ask", address + "/ask", "text", "For rain.").body())
          .contains("Your request is posted.")
          .doesNotContain("Reading only");
      server.stops();
    }
    String digest = hex(new ProgramRunner(folder).run("digest", "--json").out());
    try (ProgramProcess server = ProgramProcess.start(folder, places, "serve", "--port", "0")) {
      String address = server.awaits(LISTENS);
      assertThat(server.said())
          .anyMatch(line -> line.startsWith("Reading only, no change is taken: none of the places"))
          .noneMatch(line -> line.contains("/join/"));
      assertThat(get(address + "/feed/all").body()).contains("For rain.", "Reading only");
      assertThat(get(address + "/nothing/here").body()).contains("Reading only");
      HttpResponse<String> refused =
          send(address + "/ask", address + "/ask", "text", "For the harvest.");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body())
          .contains("This server takes no changes now", "keep your words, and try again later");
      HttpResponse<String> health = get(address + "/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"status\":\"read-only\"");
      assertThat(server.stops()).doesNotContain("\tat ");
    }
    assertThat(hex(new ProgramRunner(folder).run("digest", "--json").out())).isEqualTo(digest);
    try (ProgramProcess server =
        ProgramProcess.start(
            folder, places, "serve", "--port", "0", "--alone", "--reason", "no copy yet")) {
      String address = server.awaits(LISTENS);
      assertThat(send(address + "/ask", address + "/ask", "text", "For the harvest.").body())
          .contains("Your request is posted.")
          .doesNotContain("Reading only");
      server.stops();
    }
    assertThat(new ProgramRunner(folder).run("validate-archives").exit()).isZero();
  }

  private static String hex(String json) {
    Matcher found = Pattern.compile("\"digest\":\"([^\"]+)\"").matcher(json);
    assertThat(found.find()).as(json).isTrue();
    return found.group(1);
  }

  @Test
  void community_isFoundedOnlyOnceAllElseIsTried() throws Exception {
    Files.writeString(folder.resolve("file"), "in the way");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProgramRunner.Run run =
          new ProgramRunner(folder).run("serve", "--port", String.valueOf(taken.getLocalPort()));
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.ENVIRONMENT.number());
      assertThat(run.err()).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort());
      assertThat(run.out()).isEmpty();
    }
    ProgramRunner.Run setting =
        new ProgramRunner(folder, Map.of("TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS", "soon"))
            .run("serve", "--port", "0");
    assertThat(setting.exit()).as(setting.err()).isEqualTo(ExitCode.USAGE.number());
    ProgramRunner.Run database =
        new ProgramRunner(folder)
            .raw(
                "serve",
                "--archive",
                folder.resolve("text_archives").toString(),
                "--db",
                folder.resolve("file/community.db").toString());
    assertThat(database.exit()).as(database.err()).isEqualTo(ExitCode.ENVIRONMENT.number());
    Files.writeString(folder.resolve("community.db"), "of an archive that is elsewhere");
    ProgramRunner.Run elsewhere = new ProgramRunner(folder).run("serve", "--port", "0");
    assertThat(elsewhere.exit()).as(elsewhere.err()).isEqualTo(ExitCode.REFUSED.number());
    assertThat(elsewhere.err()).contains("--archive");
    assertThat(folder.resolve("text_archives")).doesNotExist();
  }

  @Test
  void options_thatMeanNothing_areRefusedBeforeAnythingIsMade() {
    for (List<String> wrong :
        List.of(
            List.of("--port", "70000"),
            List.of("--behind-proxy"),
            List.of("--proxies", "2"),
            List.of("--proxies", "0", "--behind-proxy", "--base-url", "https://pray.example.org"),
            List.of("--base-url", "pray.example.org"),
            List.of("--base-url", "https://pray.example.org/path"),
            List.of("--base-url", "ftp://pray.example.org"))) {
      ProgramRunner.Run run = new ProgramRunner(folder).run("serve", wrong.toArray(String[]::new));
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.USAGE.number());
      assertThat(run.err()).contains(wrong.getFirst() + ": expected");
    }
    ProgramRunner.Run shortKey =
        new ProgramRunner(folder, Map.of("THYWILL_SERVER_KEY", "short"))
            .run("serve", "--port", "0");
    assertThat(shortKey.exit()).isEqualTo(ExitCode.USAGE.number());
    assertThat(shortKey.err())
        .contains("THYWILL_SERVER_KEY: expected at least 16")
        .doesNotContain("\"short\"");
    assertThat(folder.resolve("text_archives")).doesNotExist();
  }
}
