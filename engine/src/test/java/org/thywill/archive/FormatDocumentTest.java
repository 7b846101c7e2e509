package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.thywill.archive.format.LineCodec;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;

/** The tables in FORMAT.md are those of the catalog; {@code -Dthywill.update=true} updates them. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "FORMAT.md");
  private static final String BEGIN = "<!-- tables -->\n";
  private static final String END = "<!-- /tables -->";

  @Test
  void tables_inTheDocument_areThoseOfTheCatalog() throws IOException {
    String document = Files.readString(DOCUMENT);
    int from = document.indexOf(BEGIN) + BEGIN.length();
    int to = document.indexOf(END);
    if (Boolean.getBoolean("thywill.update")) {
      Files.writeString(DOCUMENT, document.substring(0, from) + tables() + document.substring(to));
      return;
    }
    assertThat(document.substring(from, to)).isEqualTo(tables());
  }

  @Test
  void header_inTheDocument_hasTheFieldsOfTheCodec() throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .contains("#|" + LineCodec.columns(Catalog.ROLE_ASSIGNMENTS) + "\n");
  }

  @Test
  void fields_ofEveryLog_haveOneMeaningEach() {
    for (Table table : Catalog.TABLES) {
      assertThat(LineCodec.columns(table).split("\\|")).doesNotHaveDuplicates();
    }
  }

  private static String tables() {
    StringBuilder text = new StringBuilder();
    for (Table table : Catalog.TABLES) {
      text.append("\n### ")
          .append(table.name())
          .append("\n\n")
          .append(table.description())
          .append(" Log: `")
          .append(table.logLocation())
          .append("`.");
      table
          .snapshot()
          .ifPresent(snapshot -> text.append(" Snapshot: `").append(snapshot.file()).append("`."));
      text.append(" Recovery group: `")
          .append(table.group().label())
          .append("`.\n\n| column | type | meaning |\n|---|---|---|\n");
      for (Column<?> column : table.columns()) {
        text.append("| `")
            .append(column.name())
            .append("`")
            .append(column.equals(table.keyColumn()) ? " (key)" : "")
            .append(" | ")
            .append(column.type().name().toLowerCase(Locale.ROOT))
            .append(column.required() ? "" : ", may be missing")
            .append(column.target().map(target -> ", a key of `" + target + "`").orElse(""))
            .append(" | ")
            .append(column.description())
            .append(" |\n");
      }
    }
    return text.append('\n').toString();
  }
}
