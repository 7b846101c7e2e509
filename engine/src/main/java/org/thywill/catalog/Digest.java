package org.thywill.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The digest of a community: one for each table, and one for all. Equal digests mean equal rows.
 * {@code operations} is left out (FORMAT.md, Digest).
 *
 * @param tables by name, in the order of their names; without tables that came after the first
 *     catalog and have no row
 */
public record Digest(Map<String, Entry> tables) {
  /**
   * The digest of one table.
   *
   * @param hex 64 hexadecimal digits
   */
  public record Entry(long rows, String hex) {}

  public Digest {
    Map<String, Entry> sorted = new TreeMap<>(tables);
    sorted.entrySet().removeIf(each -> isLeftOut(each.getKey(), each.getValue()));
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
  }

  /** Whether a table came after the first catalog and has no row. */
  private static boolean isLeftOut(String table, Entry entry) {
    return entry.rows() == 0
        && Catalog.find(table).filter(found -> found.sinceCatalog() > 1).isPresent();
  }

  /** The digest of a community without rows. */
  public static Digest empty() {
    return new Running().digest();
  }

  /**
   * SHA-256 over a line {@code table|rows|hex} for each table of the community, in the order of
   * their names.
   */
  public String hex() {
    StringBuilder lines = new StringBuilder();
    tables.forEach(
        (name, entry) -> {
          if (Catalog.find(name).map(Table::inDigest).orElse(true)) {
            lines
                .append(name)
                .append('|')
                .append(entry.rows())
                .append('|')
                .append(entry.hex())
                .append('\n');
          }
        });
    return Sha256.hex(lines.toString());
  }

  /** The number of rows in all tables, including those that are not in the digest. */
  public long rows() {
    return tables.values().stream().mapToLong(Entry::rows).sum();
  }

  /** A digest that is updated as rows change. Not safe for several threads. */
  public static final class Running {
    private final Map<Table, TableDigest> sums = new LinkedHashMap<>();

    public Running() {
      Catalog.TABLES.forEach(table -> sums.put(table, new TableDigest()));
    }

    /** Continues from a digest. Tables that it does not name are empty. */
    public Running(Digest from) {
      this();
      from.tables()
          .forEach(
              (name, entry) ->
                  Catalog.find(name)
                      .ifPresent(
                          table -> sums.put(table, new TableDigest(entry.rows(), entry.hex()))));
    }

    public void add(Row row) {
      of(row.table()).add(row);
    }

    public void remove(Row row) {
      of(row.table()).remove(row);
    }

    /** The digest of some tables. */
    public Digest digest(Set<Table> some) {
      Map<String, Entry> tables = new LinkedHashMap<>();
      some.forEach(table -> tables.put(table.name(), new Entry(of(table).rows(), of(table).hex())));
      return new Digest(tables);
    }

    /** The digest of all tables. */
    public Digest digest() {
      Map<String, Entry> tables = new LinkedHashMap<>();
      sums.forEach((table, sum) -> tables.put(table.name(), new Entry(sum.rows(), sum.hex())));
      return new Digest(tables);
    }

    private TableDigest of(Table table) {
      return Objects.requireNonNull(sums.get(table));
    }
  }
}
