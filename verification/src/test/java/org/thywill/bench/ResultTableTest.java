package org.thywill.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table takes the place of the one before, and says where a target was missed. */
class ResultTableTest {
  @TempDir Path folder;

  @Test
  void ratio_isTheOneInTheMiddle_ofNeighbours() {
    ResultTable.Series ours = new ResultTable.Series(List.of(1.0, 4.0, 3.0), "s");
    ResultTable.Series peer = new ResultTable.Series(List.of(2.0, 2.0, 2.0), "s");
    assertThat(ResultTable.ratio(ours, peer)).isCloseTo(1.5, within(1e-9));
    assertThat(ours).hasToString("3.00 s (1.00 – 4.00)");
  }

  @Test
  void table_replacesTheOneBefore_andLeavesTheTextAround() throws IOException {
    Path document = folder.resolve("P.md");
    Files.writeString(document, "above\n<!-- table -->\nold\n<!-- /table -->\nbelow\n");
    ResultTable table = new ResultTable();
    ResultTable.Series two = new ResultTable.Series(List.of(2.0), "s");
    table.add(
        new ResultTable.Entry(
            "recover",
            "10 rows",
            two,
            new ResultTable.Peer("peer", two),
            new ResultTable.Target("≤ 0.5", false)));
    table.writeInto(document, "A machine.");
    assertThat(Files.readString(document))
        .startsWith("above\n")
        .endsWith("<!-- /table -->\nbelow\n")
        .doesNotContain("old")
        .contains(
            "| recover | 10 rows | 2.00 s (2.00 – 2.00) | peer | 2.00 s (2.00 – 2.00) | 1.00 |"
                + " ≤ 0.5 | **no** |\n");
  }

  @Test
  void documentWithoutAPlaceForTheTable_isNotTouched() throws IOException {
    Path document = folder.resolve("P.md");
    Files.writeString(document, "nothing");
    assertThatThrownBy(() -> new ResultTable().writeInto(document, "A machine."))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("table");
    assertThat(document).hasContent("nothing");
  }
}
