package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.cli.serving.PrayerGeneratorFactory;
import org.thywill.community.Community;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.generate.PrayerGenerator;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.community.prayer.Visibility;
import org.thywill.ledger.Ledger;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Await;
import org.thywill.view.ViewReader;

/**
 * The settings choose the prayer generator, and its key appears only in requests to the service.
 */
class PrayerGeneratorFactoryTest {
  private static final String KEY = "an-invented-key-that-is-secret";
  private static final InstantSource CLOCK = () -> Instant.parse("2026-03-04T05:06:07Z");
  @TempDir Path folder;
  private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

  private PrayerGenerator chosen(Map<String, String> environment) {
    return PrayerGeneratorFactory.of(new Configuration(environment, Map.of()), notices::add);
  }

  @Test
  void settings_chooseTheGenerator_andWithoutAKeyTemplatesAreUsed() {
    assertThat(chosen(Map.of())).isInstanceOf(TemplatePrayerGenerator.class);
    assertThat(notices).isEmpty();
    assertThat(chosen(Map.of("AI_PROVIDER", "anthropic")))
        .isInstanceOf(TemplatePrayerGenerator.class);
    assertThat(chosen(Map.of("AI_PROVIDER", "openai", "OPENAI_API_KEY", "a key that\nis none")))
        .isInstanceOf(TemplatePrayerGenerator.class);
    assertThat(notices)
        .containsExactly(
            "Note: the program itself writes the prayers beside requests, since"
                + " AI_PROVIDER=anthropic needs the secret ANTHROPIC_API_KEY, which is not set.",
            "Note: the program itself writes the prayers beside requests, since AI_PROVIDER=openai"
                + " needs the secret OPENAI_API_KEY; what it is set to has characters that no key"
                + " has.");
    try (PrayerGenerator anthropic =
            chosen(Map.of("AI_PROVIDER", "anthropic", "ANTHROPIC_API_KEY", KEY + "\n"));
        PrayerGenerator openAi =
            chosen(
                Map.of(
                    "AI_PROVIDER", "openai", "OPENAI_API_KEY", KEY, "OPENAI_MODEL", "another"))) {
      assertThat(anthropic.name())
          .isEqualTo("claude-sonnet-4-5 at api.anthropic.com by instruction 1");
      assertThat(openAi.name()).isEqualTo("another at api.openai.com by instruction 1");
    }
    assertThat(notices).hasSize(4).noneMatch(sentence -> sentence.contains(KEY));
  }

  @Test
  void addressThatGetsTheKey_isNeverTakenFromTheArchive() throws Exception {
    Path archive = folder.resolve("text_archives");
    Ledger.found(archive, "c0ffee", CLOCK);
    try (Ledger ledger =
        Ledger.openAt(archive, folder.resolve("community.db"), CLOCK, ProgressListener.NONE)) {
      SettingsArchiver archiver = new SettingsArchiver(ledger, Ids.parameters());
      archiver.keep(
          new Configuration(Map.of("OPENAI_API_BASE", "http://models.example.org/v1"), Map.of()));
      assertThat(archiver.keep(new Configuration(Map.of(), Map.of())).value("OPENAI_API_BASE"))
          .isEqualTo("https://api.openai.com/v1");
    }
  }

  @Test
  void key_isOnlyInRequestsToTheService() throws Exception {
    List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          boolean isFirst = authorizations.size() == 1;
          byte[] answer =
              (isFirst
                      ? "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"Lord,"
                          + " send rain. (James 5:18)\"}}]}"
                      : "{\"error\":\"wrong key: " + KEY + "\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(isFirst ? 200 : 401, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      generateTwice(
          Map.of(
              "AI_PROVIDER",
              "openai",
              "OPENAI_API_KEY",
              KEY,
              "OPENAI_API_BASE",
              "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/"));
    } finally {
      server.stop(0);
    }
    assertThat(authorizations).containsExactly("Bearer " + KEY, "Bearer " + KEY);
    assertThat(notices)
        .anyMatch(sentence -> sentence.contains("it does not accept the secret OPENAI_API_KEY"))
        .noneMatch(sentence -> sentence.contains(KEY));
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(20);
      for (Path file : all) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(KEY);
      }
    }
  }

  /** Generates two prayers; the service answers the first request only. */
  private void generateTwice(Map<String, String> environment)
      throws IOException, InterruptedException {
    Path archive = folder.resolve("text_archives");
    Ledger.found(archive, "c0ffee", CLOCK);
    try (Ledger ledger =
        Ledger.openAt(archive, folder.resolve("community.db"), CLOCK, ProgressListener.NONE)) {
      Ids ids = new Ids(new SplittableRandom(1));
      Community community = new Community(ledger, ids, new byte[32]);
      community
          .members()
          .join(
              community.members().makeOperatorLink(Duration.ofHours(1)),
              "Anna",
              new Device("A browser", "203.0.113.7"));
      Configuration settings =
          new SettingsArchiver(ledger, Ids.parameters())
              .keep(new Configuration(environment, Map.of()));
      try (PrayerGenerationService generation =
          new PrayerGenerationService(
              ledger,
              community.prayers(),
              PrayerGeneratorFactory.of(settings, notices::add),
              CLOCK,
              notices::add)) {
        assertThat(generatedPrayer(ledger, community, generation))
            .isEqualTo("Lord, send rain. (James 5:18)");
        assertThat(generatedPrayer(ledger, community, generation))
            .isEqualTo(new TemplatePrayerGenerator().prayerFor("For rain."));
      }
      ledger.checkpoint();
    }
  }

  private static String generatedPrayer(
      Ledger ledger, Community community, PrayerGenerationService generation) throws IOException {
    String prayer = community.prayers().ask("anna", "For rain.", Visibility.MEMBERS, "");
    generation.generate("anna", prayer);
    Await.until(() -> !generation.isUnderWay(prayer));
    try (ViewReader view = ledger.read()) {
      return view.find(Catalog.PRAYERS, prayer)
          .orElseThrow()
          .get(Catalog.Prayers.GENERATED_PRAYER)
          .orElse("");
    }
  }
}
