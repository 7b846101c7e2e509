package org.thywill.legacy.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.SkippedItem;
import org.thywill.legacy.schema.TableShape;
import org.thywill.legacy.schema.TextDatabase;

/**
 * A database file of the original, open for reading. Neither the file nor its folder is ever
 * written to.
 *
 * <p>SQLite itself would write in two cases, both of them after a crash or for a copy taken of a
 * running server: to use a {@code -wal} beside the file it makes a {@code -shm}, and to use a
 * {@code -journal} it rolls back. Then the files are copied to a folder of our own first. A
 * database in WAL mode with nothing beside it is in nobody's hands, and is opened as immutable,
 * because that makes no {@code -shm} either.
 */
public final class SourceDatabase implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final String UNCHANGING = "mode=ro&immutable=1";
  private static final Set<Integer> NO_LOCKS =
      Set.of(
          SQLiteErrorCode.SQLITE_CANTOPEN.code,
          SQLiteErrorCode.SQLITE_IOERR.code,
          SQLiteErrorCode.SQLITE_READONLY.code);
  private static final String MAGIC = "SQLite format 3\0";

  private final Path file;
  private final Optional<Path> copy;
  private final Connection connection;
  private final List<SourceTable> tables = new ArrayList<>();
  private final List<LegacySchema.Entry> schema = new ArrayList<>();
  private final List<SkippedItem> notCarried = new ArrayList<>();
  private boolean holdsTexts;

  private SourceDatabase(Path file, Optional<Path> copy, Connection connection) {
    this.file = file;
    this.copy = copy;
    this.connection = connection;
  }

  /**
   * Opens a file and looks at its tables.
   *
   * @throws LegacyException if it is no database that can be read
   */
  public static SourceDatabase open(Path file) throws IOException {
    byte[] header = header(file);
    boolean wal = header[18] == 2 || header[19] == 2;
    Optional<Path> copy = Optional.empty();
    try {
      if (Files.exists(beside(file, "-wal")) || isFilled(beside(file, "-journal"))) {
        copy = Optional.of(copied(file));
      }
      Connection connection =
          copy.isPresent()
              ? connect(copy.get(), "mode=rw")
              : wal ? connect(file, UNCHANGING) : connectReadOnly(file);
      SourceDatabase database = new SourceDatabase(file, copy, connection);
      database.look();
      return database;
    } catch (SQLException e) {
      if (copy.isPresent()) {
        delete(copy.get());
      }
      throw unreadable(file, e);
    }
  }

  public String name() {
    return String.valueOf(file.getFileName());
  }

  public Connection connection() {
    return connection;
  }

  public List<SourceTable> tables() {
    return tables;
  }

  public Optional<SourceTable> table(String lowerName) {
    return tables.stream().filter(table -> table.lowerName().equals(lowerName)).findFirst();
  }

  public List<LegacySchema.Entry> schema() {
    return schema;
  }

  public List<SkippedItem> notCarried() {
    return notCarried;
  }

  /** Whether the file was made of text archives, and tells of each row where it stood. */
  public boolean holdsTexts() {
    return holdsTexts;
  }

  /** Whether references to members hold {@code user.id} in this file. */
  boolean membersHaveIds() {
    return LegacySchema.membersHaveIds(columns(LegacyLayout.USER), columns(LegacyLayout.PRAYER));
  }

  /** Which of the original's layouts the file has, in words. */
  public String dialect() {
    Set<String> users = columns(LegacyLayout.USER);
    if (users.isEmpty()) {
      return table(LegacyLayout.USER_EMAIL).isPresent()
          ? "e-mail addresses"
          : "part of a community";
    }
    if (membersHaveIds()) {
      return "members by id, before 30 June 2025";
    }
    return table("membership_application").isPresent()
        ? "members by name, from 14 September 2025"
        : "members by name, before 14 September 2025";
  }

  LegacyException unreadable(SQLException cause) {
    return unreadable(file, cause);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unreadable(e);
    } finally {
      if (copy.isPresent()) {
        delete(copy.get());
      }
    }
  }

  private Set<String> columns(String table) {
    return table(table)
        .map(
            found ->
                found.shape().columnNames().stream()
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet()))
        .orElse(Set.of());
  }

  /** Reads what the database says of itself; everything read from here on is of one moment. */
  private void look() throws SQLException {
    connection.setAutoCommit(false);
    Map<String, String> kinds = kinds();
    pragma("encoding", "UTF-8", true);
    pragma("application_id", "0", false);
    pragma("user_version", "0", false);
    Set<String> left = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    try (Statement ask = connection.createStatement();
        ResultSet rows =
            ask.executeQuery(
                "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid")) {
      while (rows.next()) {
        String kind = rows.getString(1);
        String name = rows.getString(2);
        if (name.equals(TextDatabase.SOURCES)) {
          holdsTexts = true;
        }
        if (name.equals(TextDatabase.SOURCES) || name.equals(TextDatabase.SYNTHETIC_IDS)) {
          continue;
        }
        String reason =
            kind.equals(LegacySchema.TABLE)
                ? reasonToLeave(name, kinds.getOrDefault(name, ""))
                : "";
        if (!reason.isEmpty()) {
          left.add(name);
          notCarried.add(new SkippedItem("table " + name, reason));
        } else if (kind.equals(LegacySchema.TABLE)) {
          addTable(name);
        }
        String sql = rows.getString(4);
        if (sql != null && reason.isEmpty() && !name.startsWith("sqlite_")) {
          schema.add(new LegacySchema.Entry(kind, name, rows.getString(3), sql));
        }
      }
    }
    schema.removeIf(entry -> !entry.kind().equals("view") && left.contains(entry.table()));
  }

  private static String reasonToLeave(String name, String kind) {
    return switch (kind) {
      case "virtual" -> "a virtual table: an index that a module of SQLite keeps over other data";
      case "shadow" -> "belongs to a virtual table";
      default -> name.startsWith("sqlite_stat") ? "statistics, which ANALYZE makes again" : "";
    };
  }

  private void addTable(String name) throws SQLException {
    SourceTable table =
        new SourceTable(this, name, LegacyLayout.find(name), TableShape.of(connection, name));
    tables.add(table);
    table
        .shape()
        .generated()
        .forEach(
            column ->
                notCarried.add(
                    new SkippedItem(
                        "column " + name + "." + column,
                        "computed by the table's definition, and again after an export")));
  }

  private Map<String, String> kinds() throws SQLException {
    Map<String, String> kinds = new HashMap<>();
    try (Statement ask = connection.createStatement();
        ResultSet rows =
            ask.executeQuery("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")) {
      while (rows.next()) {
        kinds.put(rows.getString(1), rows.getString(2));
      }
    }
    return kinds;
  }

  private void pragma(String name, String usual, boolean isText) throws SQLException {
    try (Statement ask = connection.createStatement();
        ResultSet rows = ask.executeQuery("PRAGMA " + name)) {
      String value = rows.next() ? rows.getString(1) : usual;
      if (!value.equals(usual)) {
        schema.add(
            new LegacySchema.Entry(
                LegacySchema.PRAGMA,
                name,
                "",
                "PRAGMA " + name + " = " + (isText ? "'" + value + "'" : value)));
      }
    }
  }

  private static byte[] header(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new LegacyException("There is no file " + file + ".");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] header = in.readNBytes(100);
      if (header.length < 100 || !new String(header, 0, 16, ISO_8859_1).equals(MAGIC)) {
        throw new LegacyException(file + " is not a SQLite database.");
      }
      return header;
    } catch (LegacyException e) {
      throw e;
    } catch (IOException e) {
      throw new LegacyException(file + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /**
   * Opens a file as one that others may write to; where the folder allows no locks, as one that
   * does not change.
   */
  private static Connection connectReadOnly(Path file) throws SQLException {
    try {
      return connect(file, "mode=ro");
    } catch (SQLiteException e) {
      if (NO_LOCKS.contains(e.getResultCode().code & 0xff)) {
        return connect(file, UNCHANGING);
      }
      throw e;
    }
  }

  private static Connection connect(Path file, String mode) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(mode.startsWith("mode=ro"));
    Connection connection = config.createConnection("jdbc:sqlite:" + uri(file) + "?" + mode);
    try (Statement first = connection.createStatement()) {
      first.execute("SELECT count(*) FROM sqlite_master");
      first.execute("PRAGMA cache_size = -16000");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The file as a URI in which nothing of its name is taken for a parameter. */
  public static String uri(Path file) {
    return "file:"
        + Stream.of(file.toAbsolutePath().toString().split("/", -1))
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
  }

  /**
   * A copy of the file and of what stands beside it, all of one moment, in a folder that only this
   * user can read.
   */
  private static Path copied(Path file) throws IOException {
    Path folder = Files.createTempDirectory("legacy");
    Path copy = folder.resolve("copy.db");
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Map<String, String> before = marks(file);
        for (String suffix : List.of("", "-wal", "-journal")) {
          Path from = beside(file, suffix);
          Files.deleteIfExists(beside(copy, suffix));
          if (Files.exists(from)) {
            Files.copy(from, beside(copy, suffix), StandardCopyOption.REPLACE_EXISTING);
          }
        }
        if (before.equals(marks(file))) {
          return copy;
        }
      }
      throw new LegacyException(
          file + " keeps changing: stop the server that writes to it, then import.");
    } catch (IOException e) {
      delete(copy);
      throw e;
    }
  }

  private static Map<String, String> marks(Path file) throws IOException {
    Map<String, String> marks = new LinkedHashMap<>();
    for (String suffix : List.of("", "-wal", "-journal")) {
      Path path = beside(file, suffix);
      if (Files.exists(path)) {
        marks.put(suffix, Files.size(path) + " " + Files.getLastModifiedTime(path));
      }
    }
    return marks;
  }

  private static boolean isFilled(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static void delete(Path copy) throws IOException {
    Path folder = copy.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static LegacyException unreadable(Path file, SQLException cause) {
    return new LegacyException(file + " cannot be read: " + cause.getMessage() + ".", cause);
  }
}
