package org.thywill.legacy.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.sqlite.SQLiteConfig;

/**
 * A database in which statements of {@code legacy_schema} are run, each only if it is harmless.
 *
 * <p>The statements come from an archive or from another database, so they may have been written to
 * do harm. A statement is run if it begins with {@code CREATE}, the kind and the name of its entry.
 * It is undone if SQLite then lists anything but this one object, made by the whole text. So there
 * is one statement, and nothing after it. Pragmas come from a list, with values that are checked.
 *
 * <p>The driver has no way to set SQLite's defensive mode. These settings replace it: no database
 * can be attached, which also prevents {@code VACUUM INTO}; no extension can be loaded; the schema
 * is not trusted, so it can call harmless functions only; it cannot be written to as a table; and
 * values and patterns are bounded, because expressions in a definition are computed for each row.
 */
public final class SchemaDatabase {
  /** More than any line of an archive holds; an expression could ask for a gigabyte. */
  private static final int VALUE_BYTES_MAX = 67_108_864;

  /** A longer pattern can take very long to compare. */
  private static final int PATTERN_BYTES_MAX = 64;

  private static final Pattern ENCODING =
      Pattern.compile("PRAGMA encoding = '(?:UTF-8|UTF-16|UTF-16le|UTF-16be)'");
  private static final Pattern NUMBER =
      Pattern.compile("PRAGMA (?:application_id|user_version) = -?[0-9]{1,10}");

  private final Connection connection;

  /** One object as SQLite lists it. */
  private record Listed(String kind, String name, String table, String sql) {}

  /** A database on an open connection of {@link #connect}. */
  public SchemaDatabase(Connection connection) {
    this.connection = connection;
  }

  /** Opens a database that can reach no file but its own. */
  public static Connection connect(String url) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(false); // as in the original; references that lead nowhere are data
    config.enableLoadExtension(false);
    config.setPragma(SQLiteConfig.Pragma.LIMIT_ATTACHED, "0");
    config.setPragma(SQLiteConfig.Pragma.LIMIT_LENGTH, Integer.toString(VALUE_BYTES_MAX));
    config.setPragma(
        SQLiteConfig.Pragma.LIMIT_LIKE_PATTERN_LENGTH, Integer.toString(PATTERN_BYTES_MAX));
    Connection connection = config.createConnection(url);
    try (Statement statement = connection.createStatement()) {
      distrust(statement);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Makes a connection distrust the schema of its database. */
  public static void distrust(Statement statement) throws SQLException {
    statement.execute("PRAGMA trusted_schema = OFF");
    statement.execute("PRAGMA writable_schema = OFF");
  }

  /**
   * Runs the statement of an entry that was proven in a scratch database.
   *
   * @throws SQLException if the statement is refused, which leaves the database as it was, or fails
   */
  public void run(LegacySchema.Entry entry) throws SQLException {
    requireHarmless(entry);
    execute(entry.sql());
  }

  /**
   * Runs the statement of an entry in a scratch database and looks at what it made.
   *
   * <p>Pragmas are only read, since the scratch database has no need of them.
   *
   * @throws SQLException if the statement is refused or fails, or does anything else than its entry
   *     says; the database is as it was
   */
  void prove(LegacySchema.Entry entry) throws SQLException {
    requireHarmless(entry);
    if (entry.kind().equals(LegacySchema.PRAGMA)) {
      return;
    }
    execute("SAVEPOINT one_statement");
    try {
      long lastInMain = last("main");
      long lastInTemp = last("temp");
      execute(entry.sql());
      if (last("temp") != lastInTemp || !isExactly(entry, made(lastInMain))) {
        throw new SQLException(
            "it is not one statement that makes this " + entry.kind() + " and nothing else");
      }
    } catch (SQLException e) {
      execute("ROLLBACK TO one_statement");
      throw e;
    } finally {
      execute("RELEASE one_statement");
    }
  }

  private static void requireHarmless(LegacySchema.Entry entry) throws SQLException {
    String refusal = refusal(entry);
    if (!refusal.isEmpty()) {
      throw new SQLException(refusal);
    }
  }

  /** Why the statement of an entry must not be run; empty if it may be run. */
  static String refusal(LegacySchema.Entry entry) {
    if (entry.kind().equals(LegacySchema.PRAGMA)) {
      return isListedPragma(entry) ? "" : "it is no property of a database that is carried";
    }
    if (!LegacySchema.KINDS.contains(entry.kind())) {
      return "it is of no known kind";
    }
    Words words = new Words(entry.sql());
    if (!words.skip("CREATE")) {
      return "it does not begin with CREATE";
    }
    if (entry.kind().equals("index")) {
      words.skip("UNIQUE");
    }
    if (!words.skip(entry.kind()) || !words.name().equals(entry.name())) {
      return "it does not create the " + entry.kind() + " that it is listed as";
    }
    if (entry.kind().equals(LegacySchema.TABLE) && !words.continueWith('(')) {
      return "it does not list the table's columns"; // CREATE TABLE … AS SELECT runs a query
    }
    if (entry.kind().equals("view") && LegacyLayout.find(entry.name()).isPresent()) {
      return "it has the name of one of the original's tables";
    }
    return "";
  }

  private static boolean isListedPragma(LegacySchema.Entry entry) {
    String sql = entry.sql();
    if (!sql.startsWith("PRAGMA " + entry.name() + " = ")) {
      return false;
    }
    if (ENCODING.matcher(sql).matches()) {
      return true;
    }
    if (!NUMBER.matcher(sql).matches()) {
      return false;
    }
    long value = Long.parseLong(sql.substring(sql.lastIndexOf(' ') + 1));
    return value == (int) value;
  }

  /**
   * Whether one object was made, the one of the entry, by the whole of its statement.
   *
   * <p>SQLite keeps of a statement what follows the kind, up to its end.
   */
  private static boolean isExactly(LegacySchema.Entry entry, List<Listed> made) {
    if (made.size() != 1) {
      return false;
    }
    Listed one = made.getFirst();
    Words words = new Words(entry.sql());
    words.skip("CREATE");
    String start = words.skip("UNIQUE") ? "CREATE UNIQUE " : "CREATE ";
    words.skip(entry.kind());
    String whole = start + entry.kind().toUpperCase(Locale.ROOT) + " " + words.rest();
    return one.kind.equals(entry.kind())
        && one.name.equals(entry.name())
        && one.table.equalsIgnoreCase(entry.table())
        && one.sql.stripTrailing().equals(whole.stripTrailing());
  }

  /** The highest number of a row in the list of objects of a schema; 0 if there are none. */
  private long last(String schema) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT max(rowid) FROM " + schema + ".sqlite_master");
        ResultSet rows = query.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** The objects listed after a row, without what SQLite makes of its own accord. */
  private List<Listed> made(long last) throws SQLException {
    List<Listed> made = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT type, name, tbl_name, sql FROM main.sqlite_master WHERE rowid > ?")) {
      query.setLong(1, last);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          if (!rows.getString(2).startsWith("sqlite_")) {
            made.add(
                new Listed(
                    rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
          }
        }
      }
    }
    return made;
  }

  /** Runs the first statement of a text; the driver ignores what follows it. */
  private void execute(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  /** Reads the first words of a statement as SQLite does. */
  private static final class Words {
    private final String sql;
    private int at;

    Words(String sql) {
      this.sql = sql;
      skipBlanks();
    }

    /** Passes over a word, in any case, if it comes next. */
    boolean skip(String word) {
      int end = endOfWord();
      if (!sql.substring(at, end).equalsIgnoreCase(word)) {
        return false;
      }
      at = end;
      skipBlanks();
      return true;
    }

    /** Reads a name without its quotes; empty if none comes next. */
    String name() {
      int end = endOfWord();
      String name = sql.substring(at, end);
      if (end == at && at < sql.length()) {
        String close = closingQuote(sql.charAt(at));
        end = close.isEmpty() ? at : endOfQuoted(close);
        if (end > at) {
          name = sql.substring(at + 1, end - 1);
          name = close.equals("]") ? name : name.replace(close + close, close);
        }
      }
      at = end;
      skipBlanks();
      return name;
    }

    boolean continueWith(char next) {
      return at < sql.length() && sql.charAt(at) == next;
    }

    String rest() {
      return sql.substring(at);
    }

    private void skipBlanks() {
      int before = -1;
      while (before != at) {
        before = at;
        while (at < sql.length() && " \t\n\f\r".indexOf(sql.charAt(at)) >= 0) {
          at++;
        }
        if (sql.startsWith("--", at)) {
          at = endAfter("\n", at + 2);
        } else if (sql.startsWith("/*", at)) {
          at = endAfter("*/", at + 2);
        }
      }
    }

    private int endAfter(String mark, int from) {
      int found = sql.indexOf(mark, from);
      return found < 0 ? sql.length() : found + mark.length();
    }

    private int endOfWord() {
      int end = at;
      while (end < sql.length() && isOfWord(sql.charAt(end))) {
        end++;
      }
      return end;
    }

    private static boolean isOfWord(char c) {
      return c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c >= '0' && c <= '9'
          || c == '_'
          || c == '$'
          || c >= 0x80;
    }

    private static String closingQuote(char open) {
      return switch (open) {
        case '"', '\'', '`' -> String.valueOf(open);
        case '[' -> "]";
        default -> "";
      };
    }

    /** The end of a name in quotes; the present position if the quotes are not closed. */
    private int endOfQuoted(String close) {
      int end = sql.indexOf(close, at + 1);
      while (end >= 0 && !close.equals("]") && sql.startsWith(close, end + 1)) {
        end = sql.indexOf(close, end + 2);
      }
      return end < 0 ? at : end + 1;
    }
  }
}
