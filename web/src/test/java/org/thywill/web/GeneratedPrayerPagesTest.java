package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * What members see where somebody else writes the prayers: that their words leave the house, that
 * they need not, and that nobody waits.
 */
class GeneratedPrayerPagesTest {
  @TempDir Path folder;

  /** Answers when it is given an answer. */
  private static class Slow implements PrayerGenerator {
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
  void asking_saysWhoReadsTheRequest_answersAtOnce_andThePrayerComesLater() throws Exception {
    Slow writer = new Slow();
    try (ServerFixture town = new ServerFixture(folder, "", writer)) {
      String ben = town.session("ben");
      assertThat(text(town.get(ben, "/ask")))
          .contains(
              "The prayer is written by Elsewhere (models.example.org). The text of your request is"
                  + " sent there, without your name.");

      HttpResponse<String> asked =
          town.post(
              ben, "/ask", Map.of("text", "For rain.", "visibility", "members", "client_id", "c1"));
      assertThat(asked.statusCode()).isEqualTo(303);
      String path = asked.headers().firstValue("Location").orElseThrow().replaceAll("\\?.*", "");
      assertThat(writer.asked.poll(20, TimeUnit.SECONDS)).isEqualTo("For rain.");
      assertThat(text(town.get(ben, path))).contains("A prayer for your request is being written.");
      assertThat(text(town.get(town.session("clara"), path)))
          .contains("For rain.")
          .doesNotContain("is being written");

      writer.answers.add("<b>Lord</b>, send rain. (James 5:18)");
      for (int i = 0; town.scribe.isUnderWay(path.replaceAll(".*/", "")) && i < 2_000; i++) {
        Thread.sleep(10);
      }
      assertThat(text(town.get(ben, path)))
          .contains("<b>Lord</b>, send rain. (James 5:18)")
          .doesNotContain("is being written");
      assertThat(text(town.get(ben, path)))
          .contains(
              "Other words are written by Elsewhere (models.example.org): the text of your request"
                  + " is sent there, without your name.");
    }
  }

  @Test
  void trouble_isOnTheConsole() throws Exception {
    PrayerGenerator broken =
        new Slow() {
          @Override
          public String prayerFor(String request, String notThis) throws PrayerGenerationException {
            throw PrayerGenerationException.permanent("the key is not accepted");
          }
        };
    try (ServerFixture town = new ServerFixture(folder, "", broken)) {
      String anna = town.session("anna");
      assertThat(text(town.get(anna, "/console")))
          .contains(
              "Written by a model; none is being written now. Nothing has gone wrong since the"
                  + " server started.");
      String path =
          town.post(anna, "/ask", Map.of("text", "For rain.", "visibility", "members"))
              .headers()
              .firstValue("Location")
              .orElseThrow()
              .replaceAll("\\?.*", "");
      for (int i = 0; words(town, path).isEmpty() && i < 2_000; i++) {
        Thread.sleep(10);
      }
      assertThat(text(town.get(anna, "/console")))
          .contains("has the program's own words, since the key is not accepted.")
          .doesNotContain("Nothing has gone wrong");
    }
  }

  @Test
  void errorOfTheMachineItself_isToldAsAnyOther_withANumberThatTheLogHas() throws Exception {
    PrayerGenerator incomplete =
        new Slow() {
          @Override
          public String prayerFor(String request, String notThis) {
            throw new NoClassDefFoundError("org/example/Missing");
          }

          @Override
          public Optional<String> reader() {
            return Optional.empty();
          }
        };
    try (ServerFixture town = new ServerFixture(folder, "", incomplete)) {
      HttpResponse<String> answer =
          town.post(
              town.session("ben"), "/ask", Map.of("text", "For rain.", "visibility", "members"));
      assertThat(answer.statusCode()).isEqualTo(500);
      String number = Jsoup.parse(answer.body()).select(".meta code").text();
      assertThat(number).isNotEmpty();
      assertThat(town.log.toString())
          .contains(number + " 500 POST /ask", "NoClassDefFoundError: org/example/Missing");
    }
  }

  @Test
  void ownWordsAlone_areSentNowhere() throws Exception {
    Slow writer = new Slow();
    try (ServerFixture town = new ServerFixture(folder, "", writer)) {
      String ben = town.session("ben");
      HttpResponse<String> asked =
          town.post(
              ben,
              "/ask",
              Map.of("text", "For rain.", "visibility", "members", "no_prayer", "yes"));
      assertThat(asked.statusCode()).isEqualTo(303);
      HttpResponse<String> refused =
          town.post(ben, "/ask", Map.of("text", " ", "visibility", "members", "no_prayer", "yes"));
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(Jsoup.parse(refused.body()).select("input[name=no_prayer]").hasAttr("checked"))
          .as("the choice stays")
          .isTrue();
      assertThat(writer.asked).isEmpty();
      assertThat(town.rows(Catalog.PRAYERS))
          .singleElement()
          .satisfies(row -> assertThat(row.text("generated_prayer")).isEmpty());
    }
  }

  @Test
  void builtInWriter_isThereAtOnce_givesOtherWords_andCanBeLeftOut() throws Exception {
    try (ServerFixture town = new ServerFixture(folder)) {
      String ben = town.session("ben");
      assertThat(text(town.get(ben, "/ask"))).doesNotContain("is sent");
      String path =
          town.post(ben, "/ask", Map.of("text", "For rain.", "visibility", "members"))
              .headers()
              .firstValue("Location")
              .orElseThrow()
              .replaceAll("\\?.*", "");
      String first = words(town, path);
      assertThat(first).isNotEmpty();
      assertThat(town.post(ben, path + "/other-words", Map.of()).headers().firstValue("Location"))
          .contains(path + "?said=composed");
      assertThat(words(town, path)).isNotEmpty().isNotEqualTo(first);
      town.post(ben, path + "/no-words", Map.of());
      assertThat(words(town, path)).isEmpty();
      assertThat(town.post(ben, path + "/words", Map.of("words", " ")).statusCode())
          .as("words that are none")
          .isEqualTo(422);
      assertThat(town.post(town.session("clara"), path + "/other-words", Map.of()).statusCode())
          .isEqualTo(403);
    }
  }

  private static String words(ServerFixture town, String path) throws Exception {
    return town.row(Catalog.PRAYERS, path.replaceAll(".*/", ""))
        .text("generated_prayer")
        .orElse("");
  }
}
