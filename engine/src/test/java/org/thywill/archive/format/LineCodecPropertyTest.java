package org.thywill.archive.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thywill.archive.derived.Snapshots;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;

/** The codec is a bijection: each change is read back equal, and no other line is accepted. */
@Tag("slow")
class LineCodecPropertyTest {
  private static final int LINES = Seeds.times(100_000);

  @Test
  void anyChange_writtenAndRead_isTheSame_andItsLineToo() throws MalformedLineException {
    HostileRows rows = new HostileRows(Seeds.random("anyChange_writtenAndRead"));
    LineCodec codec = new LineCodec();
    LineBuffer buffer = new LineBuffer();
    LineBuffer again = new LineBuffer();
    for (int i = 0; i < LINES; i++) {
      Change change = rows.change(rows.next());
      buffer.clear();
      codec.encode(change, buffer);
      byte[] line = buffer.copy(0);
      Change read = codec.decodeJournal(line, 0, line.length - 1);
      assertThat(read).isEqualTo(change);
      again.clear();
      codec.encode(read, again);
      assertThat(again.copy(0)).isEqualTo(line);
      int prefix = LineCodec.prefixLength(change.table());
      assertThat(codec.decodeLog(change.table(), line, prefix, line.length - 1)).isEqualTo(change);
    }
    Seeds.proved(12, LINES, "changes with hostile text, written and read");
  }

  @Test
  void anyLine_holdsOneLineFeedAndNoControl() {
    HostileRows rows = new HostileRows(Seeds.random("anyLine_holdsOneLineFeed"));
    LineCodec codec = new LineCodec();
    LineBuffer buffer = new LineBuffer();
    for (int i = 0; i < 10_000; i++) {
      buffer.clear();
      codec.encode(rows.change(rows.next()), buffer);
      byte[] line = buffer.copy(0);
      for (int at = 0; at < line.length - 1; at++) {
        if (line[at] >= 0 && line[at] < ' ' || line[at] == 0x7f) {
          fail("a control character at byte " + at);
        }
      }
      assertThat(line[line.length - 1]).isEqualTo((byte) '\n');
    }
  }

  @Test
  void anyByteOfALine_changed_isNoticed() {
    HostileRows rows = new HostileRows(Seeds.random("anyByteOfALine_changed"));
    LineCodec codec = new LineCodec();
    LineBuffer buffer = new LineBuffer();
    int changed = 0;
    for (int i = 0; i < 300; i++) {
      buffer.clear();
      codec.encode(rows.change(rows.next()), buffer);
      byte[] line = buffer.copy(0);
      for (int at = 0; at < Math.min(line.length - 1, 400); at++) {
        byte[] damaged = line.clone();
        damaged[at] ^= (byte) (1 << (at + i) % 8);
        assertThatThrownBy(() -> codec.decodeJournal(damaged, 0, damaged.length - 1))
            .isInstanceOf(MalformedLineException.class);
        changed++;
      }
    }
    System.out.println(changed + " changed bytes noticed");
  }

  @Test
  void anyText_escapedAndBack_isTheSame() throws MalformedLineException {
    RandomGenerator random = Seeds.random("anyText_escapedAndBack");
    HostileText texts = new HostileText(random);
    List<String> all = new ArrayList<>(HostileText.CORPUS);
    for (int i = 0; i < LINES; i++) {
      all.add(texts.next());
    }
    for (int c = 0; c <= 0x10ffff; c++) {
      if (c < 0xd800 || c > 0xdfff) {
        all.add(Character.toString(c));
      }
    }
    for (String text : all) {
      byte[] field = FieldEscaping.escape(text).getBytes(StandardCharsets.UTF_8);
      String escaped = FieldEscaping.escape(text);
      if (!FieldEscaping.text(field, 0, field.length).equals(text)
          || escaped.indexOf('|') >= 0
          || escaped.indexOf('\n') >= 0
          || escaped.equals(FieldEscaping.NULL)) {
        fail("does not come back: " + escaped);
      }
    }
  }

  @Test
  void otherSpellings_ofAText_areRefused() {
    for (String field :
        List.of(
            "\\u{41}",
            "\\u{00}",
            "\\u{A0}",
            "\\u{110000}",
            "\\u{",
            "\\u",
            "\\",
            "\\x",
            "a\\",
            "\\N",
            "\\u{d800}",
            "\u0000",
            "\t",
            "\u2028")) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> FieldEscaping.text(bytes, 0, bytes.length))
          .as(field)
          .isInstanceOf(MalformedLineException.class);
    }
    byte[] invalid = {'a', (byte) 0xc3, (byte) 0x28};
    assertThatThrownBy(() -> FieldEscaping.text(invalid, 0, invalid.length))
        .isInstanceOf(MalformedLineException.class);
  }

  @Test
  void snapshotLine_ofAnyRow_leadsBackToItsLogLine() throws MalformedLineException {
    HostileRows rows = new HostileRows(Seeds.random("snapshotLine_ofAnyRow"));
    LineCodec codec = new LineCodec();
    LineBuffer scratch = new LineBuffer();
    for (int i = 0; i < 5_000; i++) {
      for (var table : Snapshots.tables()) {
        Line line = Line.encode(rows.change(rows.next(table)), codec, scratch);
        assertThat(SnapshotCodec.toLog(table, SnapshotCodec.fromLog(table, line.logText())))
            .isEqualTo(line.logText());
      }
    }
  }

  @Test
  void page_whoseTextImitatesAPage_givesItsLinesBack() throws MalformedLineException {
    LineCodec codec = new LineCodec();
    LineBuffer scratch = new LineBuffer();
    Row plain =
        Row.in(Catalog.PRAYERS)
            .set(Catalog.Prayers.ID, "p1")
            .set(Catalog.Prayers.AUTHOR, "mary")
            .set(Catalog.Prayers.TEXT, "Peace.")
            .build();
    String imitation =
        new String(
            PrayerPageFile.render(List.of(line(plain, 1, codec, scratch))), StandardCharsets.UTF_8);
    Row hostile =
        Row.in(Catalog.PRAYERS)
            .set(Catalog.Prayers.ID, "p1")
            .set(Catalog.Prayers.AUTHOR, "mary")
            .set(Catalog.Prayers.TEXT, imitation)
            .set(Catalog.Prayers.GENERATED_PRAYER, imitation)
            .build();
    List<Line> lines = List.of(line(hostile, 2, codec, scratch));
    assertThat(PrayerPageFile.lines(PrayerPageFile.render(lines), codec)).isEqualTo(lines);
  }

  private static Line line(Row row, long seq, LineCodec codec, LineBuffer scratch) {
    return Line.encode(
        new Change(
            Operation.ADDED,
            row,
            seq,
            new Change.TransactionInfo(seq, seq, 0, 0, Change.Cause.by("mary"))),
        codec,
        scratch);
  }
}
