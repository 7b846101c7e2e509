package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.generate.PrayerGenerationException;
import org.thywill.community.generate.PrayerGenerator;
import org.thywill.simulation.Await;

/**
 * Pages with generated prayers: members read that their request is sent to a service, can prevent
 * it, and do not wait for the prayer.
 */
class GeneratedPrayerPagesTest {
  @TempDir Path folder;

  /** A generator that waits until the test gives it an answer. */
  private static class SlowGenerator implements PrayerGenerator {
    private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

    @Override
    public String prayerFor(String request, String notThis) throws PrayerGenerationException {
      asked.add(request);
      try {
        String answer = answers.poll(20, TimeUnit.SECONDS);
        if (answer != null) {
          return answer;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw PrayerGenerationException.permanent("nobody answered");
    }

    @Override
    public String name() {
      return "a model";
    }

    @Override
    public Optional<String> reader() {
      return Optional.of("Elsewhere (models.example.org)");
    }
  }

  private static String text(HttpResponse<String> page) {
    return Jsoup.parse(page.body()).text();
  }

  @Test
  void ask_remoteGenerator_namesTheService_answersAtOnce_andShowsThePrayerLater() throws Exception {
    SlowGenerator generator = new SlowGenerator();
    try (ServerFixture server = new ServerFixture(folder, "", generator)) {
      String ben = server.session("ben");
      assertThat(text(server.get(ben, "/ask")))
          .contains(
              "The prayer is written by Elsewhere (models.example.org). The text of your request is"
                  + " sent there, without your name.");

      HttpResponse<String> asked =
          server.post(
              ben, "/ask", Map.of("text", "For rain.", "visibility", "members", "client_id", "c1"));
      assertThat(asked.statusCode()).isEqualTo(303);
      String path = asked.headers().firstValue("Location").orElseThrow().replaceAll("\\?.*", "");
      assertThat(generator.asked.poll(20, TimeUnit.SECONDS)).isEqualTo("For rain.");
      assertThat(text(server.get(ben, path)))
          .contains("A prayer for your request is being written.");
      assertThat(text(server.get(server.session("clara"), path)))
          .contains("For rain.")
          .doesNotContain("is being written");

      generator.answers.add("<b>Lord</b>, send rain. (James 5:18)");
      Await.until(() -> !server.generation.isUnderWay(path.replaceAll(".*/", "")));
      assertThat(text(server.get(ben, path)))
          .contains("<b>Lord</b>, send rain. (James 5:18)")
          .doesNotContain("is being written");
      assertThat(text(server.get(ben, path)))
          .contains(
              "Other words are written by Elsewhere (models.example.org): the text of your request"
                  + " is sent there, without your name.");
    }
  }

  @Test
  void failureOfTheGenerator_isOnTheConsole() throws Exception {
    PrayerGenerator broken =
        new SlowGenerator() {
          @Override
          public String prayerFor(String request, String notThis) throws PrayerGenerationException {
            throw PrayerGenerationException.permanent("the key is not accepted");
          }
        };
    try (ServerFixture server = new ServerFixture(folder, "", broken)) {
      String anna = server.session("anna");
      assertThat(text(server.get(anna, "/console")))
          .contains(
              "Written by a model; none is being written now. Nothing has gone wrong since the"
                  + " server started.");
      server.post(anna, "/ask", Map.of("text", "For rain.", "visibility", "members"));
      server.await(anna, "/console", console -> !text(console).contains("Nothing has gone wrong"));
      assertThat(text(server.get(anna, "/console")))
          .contains("has the program's own words, since the key is not accepted.")
          .doesNotContain("Nothing has gone wrong");
    }
  }

  @Test
  void ask_errorOfTheJvm_answers500_withANumberThatIsInTheLog() throws Exception {
    PrayerGenerator incomplete =
        new SlowGenerator() {
          @Override
          public String prayerFor(String request, String notThis) {
            throw new NoClassDefFoundError("org/example/Missing");
          }

          @Override
          public Optional<String> reader() {
            return Optional.empty();
          }
        };
    try (ServerFixture server = new ServerFixture(folder, "", incomplete)) {
      HttpResponse<String> answer =
          server.post(
              server.session("ben"), "/ask", Map.of("text", "For rain.", "visibility", "members"));
      assertThat(answer.statusCode()).isEqualTo(500);
      String number = Jsoup.parse(answer.body()).select(".meta code").text();
      assertThat(number).isNotEmpty();
      assertThat(server.log.toString())
          .contains(number + " 500 POST /ask", "NoClassDefFoundError: org/example/Missing");
    }
  }

  @Test
  void ask_withoutGeneratedPrayer_sendsTheRequestNowhere() throws Exception {
    SlowGenerator generator = new SlowGenerator();
    try (ServerFixture server = new ServerFixture(folder, "", generator)) {
      String ben = server.session("ben");
      HttpResponse<String> asked =
          server.post(
              ben,
              "/ask",
              Map.of("text", "For rain.", "visibility", "members", "no_prayer", "yes"));
      assertThat(asked.statusCode()).isEqualTo(303);
      HttpResponse<String> refused =
          server.post(
              ben, "/ask", Map.of("text", " ", "visibility", "members", "no_prayer", "yes"));
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(Jsoup.parse(refused.body()).select("input[name=no_prayer]").hasAttr("checked"))
          .as("the choice stays")
          .isTrue();
      assertThat(generator.asked).isEmpty();
      assertThat(server.rows(Catalog.PRAYERS))
          .singleElement()
          .satisfies(row -> assertThat(row.get(Catalog.Prayers.GENERATED_PRAYER)).isEmpty());
    }
  }

  @Test
  void templateGenerator_answersAtOnce_canBeAskedAgain_andItsPrayerCanBeRemoved() throws Exception {
    try (ServerFixture server = new ServerFixture(folder)) {
      String ben = server.session("ben");
      assertThat(text(server.get(ben, "/ask"))).doesNotContain("is sent");
      String path =
          server
              .post(ben, "/ask", Map.of("text", "For rain.", "visibility", "members"))
              .headers()
              .firstValue("Location")
              .orElseThrow()
              .replaceAll("\\?.*", "");
      String first = generatedPrayer(server, path);
      assertThat(first).isNotEmpty();
      assertThat(server.post(ben, path + "/other-words", Map.of()).headers().firstValue("Location"))
          .contains(path + "?said=composed");
      assertThat(generatedPrayer(server, path)).isNotEmpty().isNotEqualTo(first);
      server.post(ben, path + "/no-words", Map.of());
      assertThat(generatedPrayer(server, path)).isEmpty();
      assertThat(server.post(ben, path + "/words", Map.of("words", " ")).statusCode())
          .as("a blank prayer")
          .isEqualTo(422);
      assertThat(server.post(server.session("clara"), path + "/other-words", Map.of()).statusCode())
          .isEqualTo(403);
    }
  }

  private static String generatedPrayer(ServerFixture server, String path) throws IOException {
    return server
        .row(Catalog.PRAYERS, path.replaceAll(".*/", ""))
        .get(Catalog.Prayers.GENERATED_PRAYER)
        .orElse("");
  }
}
