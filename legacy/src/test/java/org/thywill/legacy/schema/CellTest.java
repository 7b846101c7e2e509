package org.thywill.legacy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellTest {
  private static final List<Cell> CELLS =
      List.of(
          Cell.Null.CELL,
          new Cell.Whole(5),
          new Cell.Whole(Long.MIN_VALUE),
          new Cell.Real(1),
          new Cell.Real(-0.0),
          new Cell.Real(0.1),
          new Cell.Real(Double.POSITIVE_INFINITY),
          new Cell.Real(Double.NEGATIVE_INFINITY),
          new Cell.Real(Double.MIN_VALUE),
          new Cell.Text(""),
          new Cell.Text("null:"),
          new Cell.Text("a|b\\c\\|"),
          new Cell.Text("\0\n\r\uFFFD🙏"),
          Cell.text(new byte[] {(byte) 0xff, 0, 65}),
          new Cell.Blob(""),
          new Cell.Blob("\0|ÿ"));

  @Test
  void spell_everyStorageClass_readsBackAsTheSameCell() {
    for (Cell cell : CELLS) {
      assertThat(Cell.parse(cell.spell())).isEqualTo(cell);
    }
    assertThat(CELLS.stream().map(Cell::spell)).doesNotHaveDuplicates();
    assertThat(new Cell.Real(-0.0).spell()).isEqualTo("real:-0.0");
    assertThat(Cell.text(new byte[] {(byte) 0xff}).spell()).isEqualTo("textbytes:ff");
  }

  @Test
  void spellAll_anyCells_readsBackAsTheSameList() {
    assertThat(Cell.parseAll(Cell.spellAll(CELLS))).isEqualTo(CELLS);
    assertThat(Cell.parseAll(Cell.spellAll(List.of(new Cell.Text("\\")))))
        .containsExactly(new Cell.Text("\\"));
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
      assertThatThrownBy(() -> Cell.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
