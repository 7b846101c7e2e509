package org.thywill.view;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;

/** Names the rows in which a view that was set aside differs from the one in its place. */
public final class ViewDifferences {
  private static final int NAMED_MAX = 5;

  private ViewDifferences() {}

  /**
   * The first differences, such as {@code members/anna.display_name}, and what is missing or was
   * added. Only keys and columns are named, since texts of members must not get into logs.
   *
   * @throws IOException if the old view cannot be read
   */
  public static List<String> of(Path old, SqliteReader now) throws IOException {
    try (SqliteReader before = SqliteReader.open(old)) {
      Digest expected = now.state().digest();
      List<Table> differing = new ArrayList<>();
      for (Table table : Catalog.TABLES) {
        if (!before.exists(table)
            || !Objects.equals(
                before.computeDigest(List.of(table)).tables().get(table.name()),
                expected.tables().get(table.name()))) {
          differing.add(table);
        }
      }
      List<String> named = new ArrayList<>(before.foreignObjects());
      before.missingIndexes().forEach(index -> named.add("the index " + index));
      if (named.size() > NAMED_MAX) {
        named.set(NAMED_MAX, "more of this kind");
        named.subList(NAMED_MAX + 1, named.size()).clear();
      }
      named.addAll(named(Comparison.of(now, before, differing)));
      return named;
    }
  }

  private static List<String> named(Comparison.Result result) {
    List<String> named = new ArrayList<>();
    for (Comparison.Difference each : result.differences()) {
      if (named.size() == NAMED_MAX) {
        break;
      }
      named.add(name(each));
    }
    long all = result.counts().values().stream().mapToLong(Long::longValue).sum();
    if (all > named.size()) {
      named.add((all - named.size()) + " more in " + String.join(", ", result.counts().keySet()));
    }
    return named;
  }

  private static String name(Comparison.Difference difference) {
    if (difference.key().isEmpty()) {
      return "the table " + difference.table();
    }
    Table table = Catalog.find(difference.table()).orElseThrow();
    return difference.table()
        + "/"
        + SemanticRules.shown(table, difference.key())
        + (difference.column().isEmpty() ? "" : "." + difference.column());
  }
}
