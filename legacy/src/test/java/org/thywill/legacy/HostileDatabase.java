package org.thywill.legacy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.SqliteValue;

/**
 * A random database of some version of the original, with every irregularity that SQLite allows.
 *
 * <p>Definitions lack constraints; columns have other types, other cases or odd names, or are
 * missing; and values are anything that SQLite can hold.
 */
final class HostileDatabase {
  private static final String[] TEXTS = {
    "",
    " ",
    "Mary Johnson",
    "mary johnson",
    "MARY  JOHNSON",
    "Mary Johnson ",
    "system",
    "admin",
    "a|b",
    "a=b",
    "back\\slash",
    "\\n",
    "line\nbreak",
    "\r\n",
    "tab\t",
    "\0",
    "nul\0inside",
    "\u0001\u001f\u007f\u0085\u2028",
    "🙏🏽",
    "Zoë",
    "Zoe\u0308",
    "\u202Eright to left",
    "مريم",
    "\uFFFD",
    "\uFEFFbom",
    "null",
    "None",
    "NULL:",
    "text:x",
    "'quote'",
    "\"double\"",
    "-- comment",
    "1",
    "007",
    "1e3",
    " 12 ",
    "[]",
    "[\"*\"]",
    "[\"a,b\"]",
    "{\"a\": 1}",
    "true",
    "FALSE",
    "open",
    "pending",
    "new_user",
    "sha256:",
    "ﬁ",
    "İ",
    "ß",
    "x".repeat(3000)
  };
  private static final String[] TIMES = {
    "2024-01-15 10:30:00.123456",
    "2024-01-15 10:30:00.123456",
    "2024-02-29 23:59:59.999999",
    "2025-06-30 00:00:00.000000",
    "2024-01-15 10:30:00",
    "2024-01-15T10:30:00.123456",
    "2024-01-15T10:30:00",
    "2024-01-15 10:30:00.1",
    "2024-01-15 10:30:00Z",
    "2024-01-15 10:30:00+02:00",
    "2023-02-29 00:00:00",
    "0001-01-01 00:00:00.000000",
    "9999-12-31 23:59:59.999999",
    "9999-12-31T23:59:59-12:00",
    "2999-01-01 00:00:00.000000",
    "January 05 2025 at 10:00",
    "yesterday"
  };
  private static final String[] ODD_NAMES = {
    "sel\"ect",
    "order",
    "group by",
    "",
    "Ünï|cödé",
    "row id",
    "a'b",
    "rowid",
    "x]y",
    "ID2",
    "verification_codes",
    "--"
  };
  private static final String[] TYPES = {
    "", "TEXT", "BLOB", "NUMERIC", "REAL", "INTEGER", "BOOLEAN", "VARCHAR(3)", "TIMESTAMP"
  };

  final List<String> sessionIds = new ArrayList<>();
  final List<String> codes = new ArrayList<>();
  private final Random random;
  private final Map<String, List<SqliteValue>> pools = new HashMap<>();
  private final boolean membersHaveIds;

  HostileDatabase(long seed) {
    random = new Random(seed);
    membersHaveIds = random.nextInt(4) == 0;
  }

  /** A column as it will be created; {@code was} is its name in the last layout. */
  private record TestColumn(String name, String was, String type, String rest) {
    String ddl() {
      return quoted(name) + " " + type + " " + rest;
    }
  }

  void write(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      if (random.nextInt(20) == 0) {
        statement.execute("PRAGMA encoding = 'UTF-16le'");
      }
      if (random.nextBoolean()) {
        statement.execute("PRAGMA journal_mode = WAL");
      }
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("PRAGMA user_version = " + random.nextInt(3));
      connection.setAutoCommit(false);
      boolean isUtf16 = statement.executeQuery("PRAGMA encoding").getString(1).startsWith("UTF-16");
      for (LegacySchema.Entry entry : LegacySchema.newest()) {
        if (entry.kind().equals("table")
            && (random.nextInt(12) > 0 || entry.name().equals("user"))) {
          writeKnown(connection, statement, entry.name(), columns(entry.sql()), isUtf16);
        }
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        writeUnknown(connection, statement, i, isUtf16);
      }
      extras(statement);
      connection.commit();
    }
  }

  private void writeKnown(
      Connection connection,
      Statement statement,
      String table,
      List<TestColumn> columns,
      boolean isUtf16)
      throws SQLException {
    List<TestColumn> created = new ArrayList<>();
    for (TestColumn column : columns) {
      TestColumn aged = membersHaveIds ? aged(table, column) : column;
      boolean isKey = column.rest.contains("PRIMARY");
      if (!isKey && random.nextInt(25) == 0 && !table.equals("user")) {
        continue;
      }
      String name = random.nextInt(10) == 0 ? aged.name.toUpperCase(Locale.ROOT) : aged.name;
      // The hash of a secret is text, which a column of row numbers cannot take.
      boolean isSecret = isKey && (table.equals("session") || table.equals("invitetoken"));
      String type = random.nextInt(6) == 0 && !isSecret ? pick(TYPES) : aged.type;
      String rest = random.nextInt(3) == 0 ? "" : aged.rest;
      created.add(new TestColumn(name, aged.was, type, rest));
    }
    if (membersHaveIds && table.equals("user")) {
      created.addFirst(
          new TestColumn("id", "id", "VARCHAR", random.nextBoolean() ? "PRIMARY KEY" : ""));
      created.replaceAll(
          column ->
              column.was.equals("display_name")
                  ? new TestColumn(column.name, column.was, column.type, "")
                  : column);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      created.add(odd(i));
    }
    boolean isWithoutRowid =
        created.stream().anyMatch(column -> column.rest.contains("PRIMARY"))
            && random.nextInt(8) == 0;
    String name = random.nextInt(8) == 0 ? table.toUpperCase(Locale.ROOT) : table;
    create(statement, name, created, isWithoutRowid);
    insert(connection, name, created, 3 + random.nextInt(20), isUtf16, table);
  }

  private void writeUnknown(Connection connection, Statement statement, int number, boolean isUtf16)
      throws SQLException {
    List<TestColumn> created = new ArrayList<>();
    created.add(
        switch (random.nextInt(4)) {
          case 0 -> new TestColumn("k", "", "INTEGER", "PRIMARY KEY AUTOINCREMENT");
          case 1 -> new TestColumn("k", "", "TEXT", "PRIMARY KEY");
          default -> odd(9);
        });
    for (int i = random.nextInt(4); i > 0; i--) {
      created.add(odd(i));
    }
    create(
        statement,
        pick(ODD_NAMES) + number,
        created,
        created.getFirst().rest.equals("PRIMARY KEY") && random.nextBoolean());
    insert(connection, lastTable, created, random.nextInt(10), isUtf16, "");
  }

  private String lastTable = "";

  private void create(
      Statement statement, String name, List<TestColumn> columns, boolean isWithoutRowid)
      throws SQLException {
    lastTable = name;
    String generated = random.nextInt(10) == 0 ? ", generated AS (1 + 1)" : "";
    statement.executeUpdate(
        "CREATE TABLE "
            + quoted(name)
            + " ("
            + columns.stream().map(TestColumn::ddl).collect(Collectors.joining(", "))
            + generated
            + ")"
            + (isWithoutRowid ? " WITHOUT ROWID" : ""));
  }

  private void extras(Statement statement) throws SQLException {
    statement.executeUpdate(
        "CREATE INDEX \"odd \"\"index\" ON user(display_name COLLATE NOCASE) WHERE created_at IS"
            + " NOT NULL");
    statement.executeUpdate("CREATE VIEW \"a view\" AS SELECT * FROM user");
    statement.executeUpdate(
        "CREATE TRIGGER \"a trigger\" AFTER INSERT ON user BEGIN DELETE FROM user WHERE"
            + " display_name = 'nobody at all'; END");
    if (random.nextBoolean()) {
      statement.executeUpdate("CREATE TABLE numbers (n INTEGER PRIMARY KEY AUTOINCREMENT, t)");
      statement.executeUpdate("INSERT INTO numbers VALUES (7, 'x'), (70, 'y')");
      statement.executeUpdate("DELETE FROM numbers WHERE n = 70");
    }
  }

  private void insert(
      Connection connection,
      String name,
      List<TestColumn> columns,
      int rows,
      boolean isUtf16,
      String table)
      throws SQLException {
    for (int row = 0; row < rows; row++) {
      Map<String, SqliteValue> cells = new LinkedHashMap<>();
      for (TestColumn column : columns) {
        SqliteValue cell = cell(table, column);
        cells.put(
            column.name,
            isUtf16 && cell instanceof SqliteValue.BrokenText
                ? new SqliteValue.Text("no broken text")
                : cell);
      }
      String values =
          cells.values().stream()
              .map(cell -> cell instanceof SqliteValue.BrokenText ? "CAST(? AS TEXT)" : "?")
              .collect(Collectors.joining(", "));
      String names =
          columns.stream().map(column -> quoted(column.name)).collect(Collectors.joining(", "));
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT OR IGNORE INTO "
                  + quoted(name)
                  + " ("
                  + names
                  + ") VALUES ("
                  + values
                  + ")")) {
        int parameter = 1;
        for (SqliteValue cell : cells.values()) {
          cell.bind(insert, parameter++);
        }
        if (insert.executeUpdate() == 1) {
          columns.stream()
              .filter(column -> column.was.equals(identity(table)))
              .forEach(
                  column ->
                      pools
                          .computeIfAbsent(table, _ -> new ArrayList<>())
                          .add(cells.get(column.name)));
        }
      } catch (SQLException e) {
        if (!String.valueOf(e.getMessage()).contains("mismatch")) {
          throw e;
        }
      }
    }
  }

  private String identity(String table) {
    return switch (table) {
      case "user" -> membersHaveIds ? "id" : "display_name";
      case "invitetoken" -> "token";
      default -> "id";
    };
  }

  private SqliteValue cell(String table, TestColumn column) {
    String name = column.was;
    boolean isSecretKey = name.equals("token") || name.equals("id") && table.equals("session");
    if (random.nextInt(12) == 0) {
      return isSecretKey ? anythingLong() : anything();
    }
    if (name.equals("verification_code")) {
      String code = "code-" + hex(8);
      codes.add(code);
      return new SqliteValue.Text(code);
    }
    if (name.equals("id") && table.equals("session")) {
      sessionIds.add(hex(16));
      return new SqliteValue.Text(sessionIds.getLast());
    }
    if (name.equals(identity(table)) && !name.equals("display_name")) {
      return new SqliteValue.Text(name.equals("token") ? hex(8) : idOfRow());
    }
    String target = target(table, name);
    if (!target.isEmpty() && random.nextInt(6) > 0) {
      List<SqliteValue> pool = pools.getOrDefault(target, List.of());
      return pool.isEmpty()
          ? new SqliteValue.Text(name.startsWith("created_by") ? "system" : hex(4))
          : pool.get(random.nextInt(pool.size()));
    }
    if (name.endsWith("_at") || name.endsWith("_since") || name.endsWith("_date")) {
      return new SqliteValue.Text(pick(TIMES));
    }
    if (Set.of(
            "flagged",
            "is_supporter",
            "is_read",
            "is_fully_authenticated",
            "is_system_role",
            "email_verified",
            "welcome_message_dismissed",
            "used")
        .contains(name)) {
      return new SqliteValue.Whole(random.nextInt(2));
    }
    return switch (name) {
      case "usage_count", "max_uses" -> new SqliteValue.Whole(random.nextInt(3));
      case "token_type" ->
          new SqliteValue.Text(pick("new_user", "multi_device", "admin", "user_login"));
      case "safety_score", "specificity_confidence" -> new SqliteValue.Real(random.nextDouble());
      default -> new SqliteValue.Text(pick(TEXTS));
    };
  }

  private String idOfRow() {
    return random.nextInt(10) == 0 ? pick(TEXTS) : hex(16);
  }

  /** The table that a column refers to; empty if it is no reference. */
  private static String target(String table, String column) {
    return switch (column) {
      case "prayer_id" -> "prayer";
      case "role_id" -> "role";
      case "auth_request_id" -> "authenticationrequest";
      case "invite_token_used", "invite_token_id", "invite_token" -> "invitetoken";
      case "author_username",
          "author_id",
          "invited_by_username",
          "invited_by_user_id",
          "user_id",
          "granted_by",
          "created_by",
          "created_by_user",
          "used_by_user_id",
          "approved_by_user_id",
          "approver_user_id",
          "actor_user_id",
          "processed_by_user_id" ->
          "user";
      case "username" -> table.equals("membership_application") ? "" : "user";
      default -> "";
    };
  }

  /** A value of any storage class that equals no other. */
  private SqliteValue anythingLong() {
    return switch (random.nextInt(4)) {
      case 0 -> SqliteValue.Null.CELL;
      case 1 -> new SqliteValue.Whole(random.nextLong());
      case 2 -> new SqliteValue.Blob(hex(5));
      default -> new SqliteValue.BrokenText("\u00ff" + hex(5));
    };
  }

  private SqliteValue anything() {
    byte[] bytes = new byte[random.nextInt(6)];
    random.nextBytes(bytes);
    return switch (random.nextInt(9)) {
      case 0, 1 -> SqliteValue.Null.CELL;
      case 2 ->
          new SqliteValue.Whole(random.nextBoolean() ? random.nextLong() : random.nextInt(3) - 1);
      case 3 ->
          new SqliteValue.Real(
              switch (random.nextInt(5)) {
                case 0 -> -0.0;
                case 1 -> Double.POSITIVE_INFINITY;
                case 2 -> 1.0;
                case 3 -> Double.MIN_VALUE;
                default -> random.nextGaussian() * 1e30;
              });
      case 4, 5 -> SqliteValue.text(bytes);
      case 6 -> new SqliteValue.Blob(new String(bytes, StandardCharsets.ISO_8859_1));
      default -> new SqliteValue.Text(pick(TEXTS));
    };
  }

  private TestColumn odd(int number) {
    String rest =
        switch (random.nextInt(5)) {
          case 0 -> "DEFAULT 'de''fault'";
          case 1 -> "DEFAULT (-7)";
          case 2 -> "NOT NULL DEFAULT FALSE";
          case 3 -> "DEFAULT CURRENT_TIMESTAMP";
          default -> "";
        };
    return new TestColumn(pick(ODD_NAMES) + " " + number, "", pick(TYPES), rest);
  }

  /** A column with the name that it had while members had ids. */
  private static TestColumn aged(String table, TestColumn column) {
    String name =
        switch (column.name) {
          case "invited_by_username" -> "invited_by_user_id";
          case "author_username" -> "author_id";
          case "username" -> table.equals("membership_application") ? "username" : "user_id";
          default -> column.name;
        };
    return new TestColumn(name, name, column.type, column.rest);
  }

  private static List<TestColumn> columns(String sql) {
    List<TestColumn> columns = new ArrayList<>();
    String key =
        sql.contains("PRIMARY KEY (")
            ? sql.substring(
                sql.indexOf("PRIMARY KEY (") + 13, sql.indexOf(')', sql.indexOf("PRIMARY KEY (")))
            : "";
    for (String line : sql.lines().toList()) {
      String[] words = line.strip().replaceAll(",$", "").split(" ", 3);
      if (line.startsWith("\t") && !Set.of("PRIMARY", "UNIQUE", "FOREIGN").contains(words[0])) {
        boolean isName = sql.contains("UNIQUE (" + words[0] + ")");
        columns.add(
            new TestColumn(
                words[0],
                words[0],
                words[1],
                (words.length > 2 ? words[2].strip() : "")
                    + (words[0].equals(key) ? " PRIMARY KEY" : "")
                    + (isName ? " UNIQUE" : "")));
      }
    }
    return columns;
  }

  private String hex(int bytes) {
    byte[] some = new byte[bytes];
    random.nextBytes(some);
    return HexFormat.of().formatHex(some);
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
