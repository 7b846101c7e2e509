package org.thywill.legacy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The spelling of values is exact, and only one for each value. */
class SqliteValueTest {
  private static final List<SqliteValue> CELLS =
      List.of(
          SqliteValue.Null.CELL,
          new SqliteValue.Whole(5),
          new SqliteValue.Whole(Long.MIN_VALUE),
          new SqliteValue.Real(1),
          new SqliteValue.Real(-0.0),
          new SqliteValue.Real(0.1),
          new SqliteValue.Real(Double.POSITIVE_INFINITY),
          new SqliteValue.Real(Double.NEGATIVE_INFINITY),
          new SqliteValue.Real(Double.MIN_VALUE),
          new SqliteValue.Text(""),
          new SqliteValue.Text("null:"),
          new SqliteValue.Text("a|b\\c\\|"),
          new SqliteValue.Text("\0\n\r\uFFFD🙏"),
          SqliteValue.text(new byte[] {(byte) 0xff, 0, 65}),
          new SqliteValue.Blob(""),
          new SqliteValue.Blob("\0|ÿ"));

  @Test
  void spell_everyStorageClass_readsBackAsTheSameCell() {
    for (SqliteValue cell : CELLS) {
      assertThat(SqliteValue.parse(cell.spell())).isEqualTo(cell);
    }
    assertThat(CELLS.stream().map(SqliteValue::spell)).doesNotHaveDuplicates();
    assertThat(new SqliteValue.Real(-0.0).spell()).isEqualTo("real:-0.0");
    assertThat(SqliteValue.text(new byte[] {(byte) 0xff}).spell()).isEqualTo("textbytes:ff");
  }

  @Test
  void spellAll_anyCells_readsBackAsTheSameList() {
    assertThat(SqliteValue.parseAll(SqliteValue.spellAll(CELLS))).isEqualTo(CELLS);
    assertThat(SqliteValue.parseAll(SqliteValue.spellAll(List.of(new SqliteValue.Text("\\")))))
        .containsExactly(new SqliteValue.Text("\\"));
  }

  @Test
  void parse_otherSpellings_areRefused() {
    for (String wrong :
        List.of(
            "",
            "5",
            "integer:05",
            "real:1",
            "textbytes:41",
            "blob:F",
            "blob:FF",
            "null:x",
            "number:1")) {
      assertThatThrownBy(() -> SqliteValue.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
