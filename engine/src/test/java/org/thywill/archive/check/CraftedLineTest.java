package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.Seeds;

/** Crafted lines with a matching check: each value has one spelling, and all others are refused. */
class CraftedLineTest {
  private static final int LINES = 100_000;

  private final LineCodec codec = new LineCodec();

  private byte[] line(Change change) {
    LineBuffer out = new LineBuffer();
    codec.encode(change, out);
    return out.copy(0);
  }

  /** A line with the check that its bytes need, without a line feed. */
  private static byte[] checked(byte[] line) {
    int pipe = line.length - 1;
    while (line[pipe] != '|') {
      pipe--;
    }
    byte[] crafted = Arrays.copyOf(line, pipe + 9);
    byte[] check = LineCodec.crc(crafted, 0, pipe + 1).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(check, 0, crafted, pipe + 1, check.length);
    return crafted;
  }

  @Test
  void aLineWithARightCheck_isRefused_orIsTheOneSpellingOfWhatItSays() {
    RandomGenerator random = Seeds.random("CraftedLineTest");
    HostileRows rows = new HostileRows(random);
    int read = 0;
    for (int i = 0; i < LINES; i++) {
      byte[] line = line(rows.change(rows.next()));
      if (line.length > 2_000) {
        continue;
      }
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        line[random.nextInt(line.length - 10)] = interesting(random);
      }
      byte[] crafted = checked(line);
      try {
        Change change = codec.decodeJournal(crafted, 0, crafted.length);
        read++;
        byte[] again = line(change);
        assertThat(Arrays.copyOf(again, again.length - 1)).isEqualTo(crafted);
      } catch (MalformedLineException e) {
        assertThat(e.getMessage()).isNotNull().doesNotEndWith(": null");
      }
    }
    System.out.println("CraftedLineTest: " + LINES + " crafted lines, " + read + " of them good");
    assertThat(read).isPositive();
  }

  private static byte interesting(RandomGenerator random) {
    String bytes = "|\\\\{}ufn0123456789-+.eEN:TZyo \t\r\0";
    return random.nextInt(4) == 0
        ? (byte) random.nextInt()
        : (byte) bytes.charAt(random.nextInt(bytes.length()));
  }

  private static byte[] with(byte[] line, String found, String put) {
    String text = new String(line, StandardCharsets.UTF_8);
    assertThat(text).contains(found);
    return text.replace(found, put).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void otherSpellings_ofAnyField_areRefused() {
    Row row =
        Row.in(Catalog.PRAYERS)
            .set(Catalog.Prayers.ID, "p1")
            .set(Catalog.Prayers.AUTHOR, "@author")
            .set(Catalog.Prayers.CREATED_AT, 0L)
            .set(Catalog.Prayers.TEXT, "@text")
            .set(Catalog.Prayers.SAFETY_SCORE, 0.5)
            .build();
    byte[] line =
        line(
            new Change(
                Operation.ADDED,
                row,
                8,
                new Change.TransactionInfo(
                    7, 9, 6, 0, new Change.Cause("@actor", "@reason", "@source", "@request"))));
    for (String field : List.of("@author", "@text", "@actor", "@reason", "@source", "@request")) {
      for (String spelling :
          List.of(
              "\\u{41}",
              "\\u{110000}",
              "\\u{11fffe}",
              "\\u{ffffffff}",
              "\\u{-1}",
              "\\u{d800}",
              "\\u{0A}",
              "\\u{}",
              "\\u{",
              "\\u",
              "\\",
              "\\x",
              "\t",
              "\u0000",
              "\u2028",
              "\uFEFF",
              "\u007F")) {
        refused(with(line, field, spelling));
      }
    }
    for (String number :
        List.of(
            "0.50", "00.5", ".5", "5e-1", "+0.5", "0,5", "0.5d", "0x1p-1", " 0.5", "", "inf",
            "-NaN")) {
      refused(with(line, "|0.5|", "|" + number + "|"));
    }
    for (String numbers :
        List.of(
            "|08|7-9|6|",
            "|+8|7-9|6|",
            "|8|7-9|7|",
            "|6|7-9|6|",
            "|10|7-9|6|",
            "|8|7|6|",
            "|8|-7-9|6|",
            "|8|7-9-|6|",
            "|8|9-7|6|",
            "|8|7-9|-1|",
            "|8|7-9||",
            "||7-9|6|",
            "|8|7-99999999999999999999|6|",
            "|8|7-9223372036854775808|6|")) {
      refused(with(line, "|8|7-9|6|", numbers));
    }
    for (String time :
        List.of(
            "1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00.000000+00",
            "1970-02-30T00:00:00.000000Z",
            "1970-01-01T24:00:00.000000Z",
            "0000-01-01T00:00:00.000000Z",
            "1970-01-01t00:00:00.000000z",
            "\\N ")) {
      refused(with(line, "1970-01-01T00:00:00.000000Z|p1", time + "|p1"));
      refused(with(line, "@author|1970-01-01T00:00:00.000000Z", "@author|" + time));
    }
    refused(with(line, "|p1|", "|\\N|"));
    refused(with(line, "|added|", "|Added|"));
    refused(with(line, "|added|", "||"));
    refused(with(line, "|p1|", "|p1||"));
    refused(with(line, "prayers|", "Prayers|"));
    refused(with(line, "prayers|", "|"));
  }

  private void refused(byte[] line) {
    byte[] crafted = checked(line);
    assertThatThrownBy(() -> codec.decodeJournal(crafted, 0, crafted.length))
        .as(() -> new String(crafted, StandardCharsets.UTF_8))
        .isInstanceOf(MalformedLineException.class);
  }

  @Test
  void aLogLine_inTheLogOfAnotherTable_isRefused() {
    HostileRows rows = new HostileRows(Seeds.random("CraftedLineTest.otherTable"));
    for (Table table : Catalog.TABLES) {
      byte[] line = line(rows.change(rows.next(table)));
      for (Table other : Catalog.TABLES) {
        if (other != table) {
          assertThatThrownBy(
                  () ->
                      codec.decodeLog(other, line, LineCodec.prefixLength(table), line.length - 1))
              .isInstanceOf(MalformedLineException.class);
        }
      }
    }
  }

  @Test
  void anyByteOfAPageChanged_isNoticed() {
    HostileRows rows = new HostileRows(Seeds.random("CraftedLineTest.page"));
    LineBuffer scratch = new LineBuffer();
    Row prayer = rows.next(Catalog.PRAYERS, "p1");
    List<Line> lines =
        List.of(
            Line.encode(
                new Change(
                    Operation.ADDED,
                    prayer,
                    1,
                    new Change.TransactionInfo(1, 1, 0, 0, Change.Cause.by("mary"))),
                codec,
                scratch),
            Line.encode(
                new Change(
                    Operation.ADDED,
                    rows.next(Catalog.MARKS, "m1"),
                    2,
                    new Change.TransactionInfo(2, 2, 1, 5, Change.Cause.by("mary"))),
                codec,
                scratch));
    byte[] page = PrayerPageFile.render(lines);
    for (int at = 0; at < page.length; at++) {
      byte[] changed = page.clone();
      changed[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> PrayerPageFile.lines(changed, codec))
          .isInstanceOf(MalformedLineException.class);
      byte[] shorter = Arrays.copyOf(page, at);
      assertThatThrownBy(() -> PrayerPageFile.lines(shorter, codec))
          .isInstanceOf(MalformedLineException.class);
    }
  }
}
