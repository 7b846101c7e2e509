package org.thywill.legacy.source;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.TableShape;

/**
 * Asks SQLite whether a database is whole, before anything is taken from it.
 *
 * <p>A damaged page does not always fail a query: rows may just be missing, and only an index still
 * knows of them.
 */
public final class IntegrityCheck {
  private static final int SHOWN_MAX = 2;
  private static final Set<SQLiteErrorCode> DAMAGE =
      Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);

  /** What SQLite says of values that are readable, and of indexes that are not carried. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "ok|\\*\\*\\* in database .*|(?:NULL|NUMERIC|TEXT|non-\\S+) value in .*"
              + "|CHECK constraint failed in .*"
              + "|(?:malformed|unable to validate the) inverted index .*");

  private IntegrityCheck() {}

  /**
   * Checks a database.
   *
   * @return why SQLite cannot check it, as with a collation that it does not know; empty if it is
   *     sound
   * @throws LegacyException if it is damaged; the message names the tables and the way out
   */
  public static Optional<String> reasonNotToCheck(SourceDatabase database) throws LegacyException {
    try {
      List<String> problems = problems(database, "PRAGMA main.integrity_check");
      if (problems.isEmpty()) {
        return Optional.empty();
      }
      List<String> tables = new ArrayList<>();
      for (SourceTable table : database.tables()) {
        String check = "PRAGMA main.integrity_check(" + TableShape.quoted(table.name()) + ")";
        if (!problems(database, check).isEmpty()) {
          tables.add(LegacyFinding.shown(table.name()));
        }
      }
      throw damaged(database, tables, problems);
    } catch (SQLException e) {
      if (e instanceof SQLiteException sqlite && DAMAGE.contains(sqlite.getResultCode())) {
        throw database.unreadable(e);
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static LegacyException damaged(
      SourceDatabase database, List<String> tables, List<String> problems) {
    return new LegacyException(
        "%s is damaged%s, and rows may be missing; SQLite says: %s. Import a backup, or what can be saved: sqlite3 %s .recover | sqlite3 saved.db"
            .formatted(
                database.name(),
                tables.isEmpty() ? "" : " in table " + String.join(", ", tables),
                String.join("; ", problems.subList(0, Math.min(SHOWN_MAX, problems.size()))),
                database.name()));
  }

  private static List<String> problems(SourceDatabase database, String check) throws SQLException {
    List<String> problems = new ArrayList<>();
    try (Statement query = database.connection().createStatement();
        ResultSet rows = query.executeQuery(check)) {
      while (rows.next()) {
        rows.getString(1)
            .lines()
            .filter(line -> !line.isBlank() && !HARMLESS.matcher(line).matches())
            .map(LegacyFinding::shown)
            .forEach(problems::add);
      }
    }
    return problems;
  }
}
