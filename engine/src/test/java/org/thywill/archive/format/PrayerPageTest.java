package org.thywill.archive.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;

/** Whatever members write, a reader of a prayer's page sees who wrote what (FORMAT.md, Pages). */
class PrayerPageTest {
  private static final int PAGES = 3_000;

  /** What looks like a part of a page. */
  private static final List<String> IMITATIONS =
      List.of(
          "Prayer p2 by anna",
          "Submitted 2026-03-04 05:06 UTC",
          "Project: healing",
          "State: hidden",
          "Generated prayer:",
          "Timeline:",
          "2026-03-04 05:06 UTC  anna shown: is fine",
          PrayerPageFile.RECORD,
          "Record: nothing",
          "prayers|2026-03-04T05:06:07.123456Z|p1|mary|x|added|1|1-1|0|mary|||r|00000000",
          "check|00000000",
          "  set in",
          "    set in further",
          "\\n",
          "\\\\",
          "\\u{a}",
          "\t",
          "|",
          "",
          " ");

  private static final List<String> BREAKS =
      List.of("\n", "\n\n", "\r\n", "\r", "\u2028", "\u0085");

  private final LineCodec codec = new LineCodec();
  private final LineBuffer scratch = new LineBuffer();

  /** A page as a reader takes it apart who knows FORMAT.md only. */
  private record Parsed(
      List<String> fields, String text, @Nullable String generated, List<String> timeline) {

    static Parsed of(String page) {
      List<String> lines = List.of(page.split("\n", -1));
      int at = 0;
      List<String> fields = new ArrayList<>();
      at = entries(lines, at, fields);
      List<String> text = new ArrayList<>();
      at = entries(lines, at, text);
      String generated = null;
      if (lines.get(at).equals("Generated prayer:")) {
        List<String> block = new ArrayList<>();
        at = entries(lines, at + 2, block);
        generated = unescaped(block.getFirst());
      }
      assertThat(lines.get(at)).isEqualTo("Timeline:");
      List<String> timeline = new ArrayList<>();
      at = entries(lines, at + 2, timeline);
      assertThat(lines.get(at)).isEqualTo(PrayerPageFile.RECORD);
      assertThat(text).hasSize(1);
      return new Parsed(
          fields.stream().map(Parsed::unescaped).toList(),
          unescaped(text.getFirst()),
          generated,
          timeline.stream().map(Parsed::unescaped).toList());
    }

    /** Adds what is there up to an empty line; returns the position after that line. */
    private static int entries(List<String> lines, int from, List<String> entries) {
      int at = from;
      for (; !lines.get(at).isEmpty(); at++) {
        String line = lines.get(at);
        if (!line.startsWith("  ")) {
          entries.add(line);
        } else if (at == from) {
          entries.add(line.substring(2));
        } else {
          entries.add(entries.removeLast() + "\n" + line.substring(2));
        }
      }
      return at + 1;
    }

    private static String unescaped(String shown) {
      try {
        return FieldEscaping.unescape(
            shown.replace("|", "\\p").replace("\t", "\\t").replace("\n", "\\n"));
      } catch (MalformedLineException e) {
        throw new AssertionError(shown, e);
      }
    }
  }

  @Test
  void page_ofHostileTexts_isTakenApartIntoWhatWasWritten() throws MalformedLineException {
    RandomGenerator random = Seeds.random("page_ofHostileTexts");
    HostileText hostile = new HostileText(random);
    for (int i = 0; i < PAGES; i++) {
      String text = text(random, hostile);
      String generated = text(random, hostile);
      String tag = text(random, hostile);
      String reason = text(random, hostile);
      String testimony = text(random, hostile);
      boolean isGenerated = random.nextBoolean();
      Row prayer =
          Row.in(Catalog.PRAYERS)
              .set(Catalog.Prayers.ID, "p1")
              .set(Catalog.Prayers.AUTHOR, "mary")
              .set(Catalog.Prayers.TEXT, text)
              .set(Catalog.Prayers.GENERATED_PRAYER, isGenerated ? generated : null)
              .set(Catalog.Prayers.PROJECT_TAG, tag)
              .build();
      Row attribute =
          Row.in(Catalog.ATTRIBUTES)
              .set(Catalog.Attributes.ID, "a1")
              .set(Catalog.Attributes.PRAYER, "p1")
              .set(Catalog.Attributes.NAME, "answer_testimony")
              .set(Catalog.Attributes.VALUE, testimony)
              .set(Catalog.Attributes.CREATED_BY, "mary")
              .build();
      List<Line> lines =
          List.of(
              line(Operation.ADDED, prayer, 1, ""),
              line(Operation.CHANGED, prayer, 2, reason),
              line(Operation.ADDED, attribute, 3, ""));

      byte[] page = PrayerPageFile.render(lines);

      Parsed parsed = Parsed.of(new String(page, StandardCharsets.UTF_8));
      assertThat(parsed.fields())
          .containsExactly(
              "Prayer p1 by mary", "Submitted 1970-01-01 00:00 UTC", "Project: " + shown(tag));
      assertThat(parsed.text()).isEqualTo(shown(text));
      assertThat(parsed.generated()).isEqualTo(isGenerated ? shown(generated) : null);
      assertThat(parsed.timeline())
          .containsExactly(
              "1970-01-01 00:00 UTC  the community was asked to pray by mary",
              "1970-01-01 00:00 UTC  mary changed the prayer (open)"
                  + (reason.isEmpty() ? "" : ": " + shown(reason)),
              "1970-01-01 00:00 UTC  mary answer_testimony: " + shown(testimony));
      assertThat(PrayerPageFile.lines(page, codec)).isEqualTo(lines);
    }
  }

  /** A page leaves carriage returns out. */
  private static String shown(String text) {
    return text.replace("\r", "");
  }

  private static String text(RandomGenerator random, HostileText hostile) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(
              random.nextInt(4) == 0
                  ? hostile.next()
                  : IMITATIONS.get(random.nextInt(IMITATIONS.size())))
          .append(BREAKS.get(random.nextInt(BREAKS.size())));
    }
    return text.toString();
  }

  private Line line(Operation operation, Row row, long seq, String reason) {
    return Line.encode(
        new Change(
            operation,
            row,
            seq,
            new Change.TransactionInfo(
                seq, seq, seq - 1, 0, Change.Cause.by("mary").because(reason))),
        codec,
        scratch);
  }
}
