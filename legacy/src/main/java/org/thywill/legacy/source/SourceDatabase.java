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
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.SchemaDatabase;
import org.thywill.legacy.schema.SkippedItem;
import org.thywill.legacy.schema.TableShape;
import org.thywill.legacy.schema.TextDatabase;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.ScratchFolder;

/**
 * A database file of the original, open for reading; neither the file nor its folder is written to.
 *
 * <p>SQLite itself would write in two cases, both after a crash or for a copy of a running server:
 * to use a {@code -wal} file it makes a {@code -shm} file, and to use a {@code -journal} file it
 * rolls back. In these cases the files are first copied to a temporary folder. A database in WAL
 * mode without a {@code -wal} file is not in use, and is opened as immutable, which makes no {@code
 * -shm} file either.
 */
public final class SourceDatabase implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final String IMMUTABLE = "mode=ro&immutable=1";
  private static final Set<Integer> NO_LOCKS =
      Set.of(
          SQLiteErrorCode.SQLITE_CANTOPEN.code,
          SQLiteErrorCode.SQLITE_IOERR.code,
          SQLiteErrorCode.SQLITE_READONLY.code);
  private static final String MAGIC = "SQLite format 3\0";

  private final Path file;
  private final @Nullable Path copy;
  private final Connection connection;
  private final List<SourceTable> tables = new ArrayList<>();
  private final List<LegacySchema.Entry> schema = new ArrayList<>();
  private final List<SkippedItem> notCarried = new ArrayList<>();
  private boolean holdsTexts;

  private SourceDatabase(Path file, @Nullable Path copy, Connection connection) {
    this.file = file;
    this.copy = copy;
    this.connection = connection;
  }

  /**
   * Opens a file and reads which tables it has. A database with a log is copied, because reading it
   * would write to it.
   *
   * @param beside a file or folder in whose folder a copy is kept while it is open
   * @throws LegacyException if it is no database that can be read
   */
  public static SourceDatabase open(Path file, Path beside) throws IOException {
    byte[] header = header(file);
    boolean isWal = header[18] == 2 || header[19] == 2;
    Path copy = null;
    try {
      if (Files.exists(sibling(file, "-wal")) || isFilled(sibling(file, "-journal"))) {
        copy = copyTo(ScratchFolder.create(beside), file);
      }
      Connection connection;
      if (copy != null) {
        connection = connect(copy, "mode=rw");
      } else if (isWal) {
        connection = connect(file, IMMUTABLE);
      } else {
        connection = connectReadOnly(file);
      }
      SourceDatabase database = new SourceDatabase(file, copy, connection);
      database.readSchema();
      return database;
    } catch (SQLException e) {
      if (copy != null) {
        delete(copy);
      }
      throw unreadable(file, e);
    }
  }

  /** The name of the file, without its folder. */
  public String name() {
    return String.valueOf(file.getFileName());
  }

  /** The open connection, within a transaction that only reads. */
  public Connection connection() {
    return connection;
  }

  /** The tables that can be imported, in the order in which the database has them. */
  public List<SourceTable> tables() {
    return tables;
  }

  /** The table of a name in lower case, or empty. */
  public Optional<SourceTable> table(String lowerName) {
    return tables.stream().filter(table -> table.lowerName().equals(lowerName)).findFirst();
  }

  /** The statements that create what the database has, in the order in which it has them. */
  public List<LegacySchema.Entry> schema() {
    return schema;
  }

  /** Parts that cannot be imported. */
  public List<SkippedItem> notCarried() {
    return notCarried;
  }

  /** Whether the file was made from text archives, and holds file and line of each row. */
  public boolean holdsTexts() {
    return holdsTexts;
  }

  /** Whether references to members hold {@code user.id} in this file. */
  boolean membersHaveIds() {
    return LegacySchema.membersHaveIds(columns(LegacyLayout.USER), columns(LegacyLayout.PRAYER));
  }

  /** The name of the original's layout that the file has. */
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
      if (copy != null) {
        delete(copy);
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

  /**
   * Reads the schema of the database.
   *
   * <p>It begins a transaction, so that everything that is read later is of the same moment.
   */
  private void readSchema() throws SQLException {
    connection.setAutoCommit(false);
    Map<String, String> kinds = kinds();
    pragma("encoding", "UTF-8", true);
    pragma("application_id", "0", false);
    pragma("user_version", "0", false);
    Set<String> skipped = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
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
            kind.equals(LegacySchema.TABLE) ? reasonToSkip(name, kinds.getOrDefault(name, "")) : "";
        if (!reason.isEmpty()) {
          skipped.add(name);
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
    schema.removeIf(entry -> !entry.kind().equals("view") && skipped.contains(entry.table()));
  }

  private static String reasonToSkip(String name, String kind) {
    return switch (kind) {
      case "virtual" -> "a virtual table: an index that a module of SQLite keeps over other data";
      case "shadow" -> "belongs to a virtual table";
      default -> name.startsWith("sqlite_stat") ? "statistics, which ANALYZE makes again" : "";
    };
  }

  private void addTable(String name) throws SQLException {
    SourceTable table =
        new SourceTable(
            this, name, LegacyLayout.find(name).orElse(null), TableShape.of(connection, name));
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
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")) {
      while (rows.next()) {
        kinds.put(rows.getString(1), rows.getString(2));
      }
    }
    return kinds;
  }

  private void pragma(String name, String usual, boolean isText) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery("PRAGMA " + name)) {
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

  /** Opens a file that others may write to; as immutable, where the folder allows no locks. */
  private static Connection connectReadOnly(Path file) throws SQLException {
    try {
      return connect(file, "mode=ro");
    } catch (SQLiteException e) {
      if (NO_LOCKS.contains(e.getResultCode().code & 0xff)) {
        return connect(file, IMMUTABLE);
      }
      throw e;
    }
  }

  private static Connection connect(Path file, String mode) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(mode.startsWith("mode=ro"));
    config.enableLoadExtension(false);
    Connection connection = config.createConnection("jdbc:sqlite:" + uri(file) + "?" + mode);
    try (Statement first = connection.createStatement()) {
      SchemaDatabase.distrust(first);
      first.execute("SELECT count(*) FROM sqlite_master");
      first.execute("PRAGMA cache_size = -16000");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The file as a URI; no part of its name is taken for a parameter. */
  public static String uri(Path file) {
    return "file:"
        + Stream.of(file.toAbsolutePath().toString().split("/", -1))
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
  }

  /**
   * Copies the file, its write-ahead log and its journal to a folder that only this user can read.
   *
   * @throws LegacyException if the files keep changing while they are copied
   */
  private static Path copyTo(Path folder, Path file) throws IOException {
    Path copy = folder.resolve("copy.db");
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Map<String, String> before = fileStates(file);
        for (String suffix : List.of("", "-wal", "-journal")) {
          Path from = sibling(file, suffix);
          Files.deleteIfExists(sibling(copy, suffix));
          if (Files.exists(from)) {
            Files.copy(from, sibling(copy, suffix), StandardCopyOption.REPLACE_EXISTING);
          }
        }
        if (before.equals(fileStates(file))) {
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

  /** Size and time of the file, its write-ahead log and its journal. */
  private static Map<String, String> fileStates(Path file) throws IOException {
    Map<String, String> fileStates = new LinkedHashMap<>();
    for (String suffix : List.of("", "-wal", "-journal")) {
      Path path = sibling(file, suffix);
      if (Files.exists(path)) {
        fileStates.put(suffix, Files.size(path) + " " + Files.getLastModifiedTime(path));
      }
    }
    return fileStates;
  }

  private static boolean isFilled(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static void delete(Path copy) throws IOException {
    Path folder = copy.toAbsolutePath().getParent();
    if (folder != null) {
      ArchiveFolders.delete(folder);
    }
  }

  private static LegacyException unreadable(Path file, SQLException cause) {
    return new LegacyException(file + " cannot be read: " + cause.getMessage() + ".", cause);
  }
}
