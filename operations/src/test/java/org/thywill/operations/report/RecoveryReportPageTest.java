package org.thywill.operations.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.operations.drill.DrillReport;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page for a committee: whole, by itself, and harmless whatever the report names. */
class RecoveryReportPageTest {
  private static final Instant NOW = Instant.parse("2026-11-20T03:00:00Z");
  private static final String HOSTILE =
      "</code><script>alert(\"1\")</script> & ' \u0007 \uD83D\uDE4F \u202E";

  private static RecoveryReport report(
      boolean ready, List<Finding> findings, RecoveryReport.@Nullable LastDrill drill) {
    Map<String, Long> months = new TreeMap<>();
    for (int month = 1; month <= 12; month++) {
      months.put("2024-%02d".formatted(month), 1_000L * month);
      months.put("2025-%02d".formatted(month), 50_000L);
      months.put("2026-%02d".formatted(month), 0L);
    }
    List<RecoveryReport.Group> groups =
        Arrays.stream(RecoveryGroup.values())
            .map(
                group ->
                    new RecoveryReport.Group(
                        group,
                        Catalog.TABLES.stream()
                            .filter(table -> table.group() == group)
                            .map(table -> new RecoveryReport.Covered(table, 1_234_567, 3, 99))
                            .toList()))
            .toList();
    RecoveryReport.Contents contents =
        new RecoveryReport.Contents(
            7_654_321,
            NOW,
            "1",
            groups,
            List.of(),
            months,
            new RecoveryReport.Space(5_000_000_000L, 9_000_000_000L, OptionalLong.of(7)));
    return new RecoveryReport(
        NOW,
        new RecoveryReport.Readiness(
            ready,
            Arrays.stream(ReadinessRequirement.values())
                .map(
                    each ->
                        new RecoveryReport.Requirement(each, each == ReadinessRequirement.CLOCK))
                .toList()),
        contents,
        List.of(
            new ArchiveCopies.Location(
                "text_archives", ArchiveCopies.State.OWN, 7_654_321, NOW, Duration.ZERO, true, ""),
            new ArchiveCopies.Location(
                HOSTILE,
                ArchiveCopies.State.BEHIND,
                7_000_000,
                NOW.minus(Duration.ofDays(40)),
                Duration.ofDays(40),
                false,
                HOSTILE)),
        new RecoveryReport.Practice(drill, OptionalDouble.of(5_400), drill != null),
        List.of(HOSTILE),
        findings,
        Map.of());
  }

  private static Document parsed(String page) throws Exception {
    assertThat(page).startsWith("<!DOCTYPE html>\n");
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page.substring("<!DOCTYPE html>\n".length()))));
  }

  private static List<String> texts(Document page, String tag) {
    NodeList elements = page.getElementsByTagName(tag);
    return IntStream.range(0, elements.getLength())
        .mapToObj(i -> elements.item(i).getTextContent())
        .toList();
  }

  @Test
  void page_hasEverySectionAndEveryTable_andNeedsNothingElse() throws Exception {
    DrillReport drill = new DrillReport(true, HOSTILE, 7, 1_234, 100, "", "");
    Document page =
        parsed(
            RecoveryReportPage.of(
                report(
                    true,
                    List.of(),
                    new RecoveryReport.LastDrill(drill, NOW.minus(Duration.ofDays(45))))));
    assertThat(texts(page, "h2"))
        .containsExactly(
            "What needs attention",
            "Is it ready for members?",
            "The last drill",
            "Where it is kept",
            "What is covered",
            "How it grows",
            "What people must do after a recovery");
    String body = page.getElementsByTagName("body").item(0).getTextContent();
    Catalog.TABLES.forEach(
        table -> assertThat(body).contains(table.name() + " " + table.description()));
    assertThat(body)
        .contains(
            "Yes.",
            "in about 1.5 hours, judged by the last drill.",
            "6 October 2026",
            "7,654,321",
            "1,234 rows in 2 minutes",
            "about 7 months",
            "Nothing.",
            "behind for 40 days");
    assertThat(texts(page, "script")).isEmpty();
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      assertThat(
              element.hasAttribute("src")
                  || element.hasAttribute("href")
                  || element.hasAttribute("onclick"))
          .as(element.getTagName())
          .isFalse();
    }
    String style = texts(page, "style").getFirst();
    assertThat(style).doesNotContain("url(", "@import");
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
    assertThat(ReportRenderer.styleHash())
        .as("what a browser is allowed to use is exactly this style")
        .isEqualTo("sha256-" + Base64.getEncoder().encodeToString(hash));
  }

  @Test
  void page_ofACommunityThatIsNotReady_saysWhyAndWhatHelps() throws Exception {
    Finding error =
        Finding.error("line-damaged", "users/2026_01_users.txt", 7, HOSTILE)
            .next("thywill repair-archives");
    Document page = parsed(RecoveryReportPage.of(report(false, List.of(error), null)));
    String body = page.getElementsByTagName("body").item(0).getTextContent();
    assertThat(body)
        .contains(
            "Not as it stands.",
            "users/2026_01_users.txt:7: </code><script>alert(\"1\")</script> & '",
            "thywill repair-archives",
            "No drill is known.");
    assertThat(body).doesNotContain("Yes.", "\u0007", "\u202E");
  }
}
