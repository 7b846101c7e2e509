package org.thywill.legacy.text.merge;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.UncheckedSqlException;
import org.thywill.legacy.text.dialect.Assertion;
import org.thywill.legacy.text.dialect.Assertion.ActivityEntry;
import org.thywill.legacy.text.dialect.Assertion.MemberEvidence;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.Assertion.Submission;
import org.thywill.legacy.text.dialect.AssertionSink;
import org.thywill.legacy.text.dialect.LocalTimestamp;
import org.thywill.legacy.text.dialect.MemberNameMatcher;
import org.thywill.legacy.text.dialect.PrayerFile;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * Stores all assertions on disk, and returns them in the order in which they are merged.
 *
 * <p>The memory that it needs grows with the number of members and sign-ins, but not with the
 * number of prayers or marks.
 */
public final class AssertionStore implements AssertionSink, AutoCloseable {
  private static final int BATCH = 1_000;
  private static final String SEPARATOR = "\u001f";
  private static final String ESCAPE = "\u001e";

  private final Connection connection;
  private final PreparedStatement addRow;
  private final PreparedStatement addAct;
  private final PreparedStatement addSubmission;
  private final MemberNameMatcher names = new MemberNameMatcher();
  private final TextReport report;
  private final List<String> files = new ArrayList<>();
  private final Map<String, Integer> fileNumbers = new HashMap<>();
  private int pending;

  /** Table → the time of its newest export. */
  final Map<String, LocalTimestamp> exportTimes = new HashMap<>();

  /**
   * An export that may lack rows, and so does not show what was removed.
   *
   * @param why as part of a sentence for the operator
   */
  record PartialExport(String table, LocalTimestamp at, SourceLocation location, String why) {}

  final List<PartialExport> partialExports = new ArrayList<>();

  /** Session → where its end is stated. */
  final Map<String, SourceLocation> sessionEnds = new LinkedHashMap<>();

  /** Name → the earliest evidence that it is a member's. */
  public final Map<String, MemberEvidence> memberEvidence = new LinkedHashMap<>();

  /** Id of a sign-in → its rejection. */
  final Map<String, Assertion.Rejection> rejections = new LinkedHashMap<>();

  final Set<String> hashedSessions = new HashSet<>();

  /** Prayers whose files lost the id. */
  public final List<RowAssertion> placeholders = new ArrayList<>();

  /** Prayers of the community whose ids an earlier import made. */
  public final List<RowAssertion> syntheticPrayers = new ArrayList<>();

  /** Id of a prayer → the id that an earlier import made, under which the community has it. */
  final Map<String, String> unitedPrayers = new LinkedHashMap<>();

  private final Set<String> hashedTokens = new HashSet<>();
  public final ClockOffsetEstimator clockOffset = new ClockOffsetEstimator();

  /**
   * A store in a new database.
   *
   * @throws SQLException if the file cannot be written
   */
  public AssertionStore(Path file, TextReport report) throws SQLException {
    this.report = report;
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement sql = connection.createStatement()) {
      // The file is thrown away after a crash, so nothing has to reach the disk in order.
      sql.execute("PRAGMA journal_mode = OFF");
      sql.execute("PRAGMA synchronous = OFF");
      sql.execute("PRAGMA cache_size = -64000");
      sql.execute(
          "CREATE TABLE assertion (tbl TEXT, grp TEXT, origin TEXT, trust INTEGER, file INTEGER,"
              + " line INTEGER, approx TEXT, inferred TEXT, vals TEXT)");
      sql.execute(
          "CREATE TABLE act (prayer TEXT, at TEXT, words TEXT, path TEXT, monthly INTEGER, file"
              + " INTEGER, line INTEGER)");
      sql.execute(
          "CREATE TABLE submission (prayer TEXT, author TEXT, at TEXT, file INTEGER, line"
              + " INTEGER)");
    }
    connection.setAutoCommit(false);
    addRow =
        connection.prepareStatement("INSERT INTO assertion VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    addAct = connection.prepareStatement("INSERT INTO act VALUES (?, ?, ?, ?, ?, ?, ?)");
    addSubmission = connection.prepareStatement("INSERT INTO submission VALUES (?, ?, ?, ?, ?)");
  }

  @Override
  public MemberNameMatcher names() {
    return names;
  }

  @Override
  public void exported(String table, LocalTimestamp at) {
    exportTimes.merge(table, at, (a, b) -> a.time().isAfter(b.time()) ? a : b);
  }

  @Override
  public void exportedInPart(String table, LocalTimestamp at, SourceLocation location, String why) {
    partialExports.add(new PartialExport(table, at, location, why));
  }

  @Override
  public void add(Assertion assertion) {
    try {
      report.take(assertion);
      switch (assertion) {
        case RowAssertion row -> add(row);
        case ActivityEntry act ->
            add(
                addAct,
                act.location(),
                act.prayer(),
                act.at().column(),
                act.words(),
                act.path(),
                act.isMonthly() ? 1 : 0);
        case Submission one ->
            add(addSubmission, one.location(), one.prayer(), one.author(), one.at().column());
        case Assertion.SessionEnd end -> sessionEnds.put(end.session(), end.location());
        case MemberEvidence seen ->
            memberEvidence.merge(
                seen.name(), seen, (a, b) -> a.at().time().isAfter(b.at().time()) ? b : a);
        case Assertion.Rejection rejection -> rejections.put(rejection.request(), rejection);
        case Assertion.UnreadableLine _, Assertion.Remark _ -> {}
      }
    } catch (SQLException e) {
      throw new UncheckedSqlException(e);
    }
  }

  private void add(RowAssertion stated) throws SQLException {
    RowAssertion row = withHashedToken(stated);
    clockOffset.add(row);
    if (row.priority() == SourcePriority.DATABASE) {
      noteCommunityRow(row);
    }
    if (row.table().equals("prayer")
        && row.key().getFirst().startsWith(PrayerFile.PLACEHOLDER + ":")) {
      placeholders.add(row);
      return;
    }
    add(
        addRow,
        row.location(),
        row.table(),
        joined(row.key()),
        row.origin(),
        row.priority().rank(),
        FILE,
        String.join(",", row.approximate()),
        String.join(",", row.inferred()),
        encoded(row.values()));
  }

  /** Notes which secrets the community has as hashes, and which prayers have synthetic ids. */
  private void noteCommunityRow(RowAssertion row) {
    String key = row.key().getFirst();
    if (key.startsWith(ContentHash.PREFIX) && row.table().equals("session")) {
      hashedSessions.add(key);
    } else if (key.startsWith(ContentHash.PREFIX) && row.table().equals("invitetoken")) {
      hashedTokens.add(key);
    } else if (row.table().equals("prayer")
        && row.values().containsKey(RowAssertion.SYNTHETIC_ID)) {
      syntheticPrayers.add(row);
    }
  }

  /** The assertion with the hash of its invite as key, if the community has the hash. */
  private RowAssertion withHashedToken(RowAssertion row) {
    boolean isOfToken =
        row.table().equals("invitetoken") || row.table().equals("invite_token_usage");
    if (!isOfToken
        || hashedTokens.isEmpty()
        || !hashedTokens.contains(ContentHash.hashed(row.key().getFirst()))) {
      return row;
    }
    List<String> key = new ArrayList<>(row.key());
    key.set(0, ContentHash.hashed(key.getFirst()));
    return new RowAssertion(
        row.table(),
        key,
        row.origin(),
        row.priority(),
        row.location(),
        row.values(),
        row.approximate(),
        row.inferred());
  }

  private static final Object FILE = new Object();

  /** Adds a row of values; the location comes last, or in place of {@link #FILE}. */
  private void add(PreparedStatement statement, SourceLocation location, Object... values)
      throws SQLException {
    int number =
        fileNumbers.computeIfAbsent(
            location.file(),
            file -> {
              files.add(file);
              return files.size() - 1;
            });
    int at = 1;
    boolean isLocationSet = false;
    for (Object value : values) {
      if (value == FILE) {
        statement.setInt(at++, number);
        statement.setLong(at++, location.line());
        isLocationSet = true;
      } else if (value instanceof Integer whole) {
        statement.setInt(at++, whole);
      } else {
        statement.setString(at++, (String) value);
      }
    }
    if (!isLocationSet) {
      statement.setInt(at++, number);
      statement.setLong(at, location.line());
    }
    statement.addBatch();
    if (++pending >= BATCH) {
      flush();
    }
  }

  private void flush() throws SQLException {
    addRow.executeBatch();
    addAct.executeBatch();
    addSubmission.executeBatch();
    pending = 0;
  }

  /** Ids of prayers that were submitted, and of which no file has the text. */
  public Set<String> submissionsWithoutText() throws SQLException {
    flush();
    return texts(
        "SELECT DISTINCT prayer FROM submission WHERE prayer NOT IN (SELECT grp FROM assertion"
            + " WHERE tbl = 'prayer')");
  }

  private Set<String> texts(String sql, String... parameters) throws SQLException {
    Set<String> found = new TreeSet<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        query.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }

  /** Ids of prayers that an author submitted at a time, and of which no file has the text. */
  public Set<String> submittedWithoutText(String author, String at) throws SQLException {
    flush();
    return texts(
        "SELECT DISTINCT prayer FROM submission WHERE author = ? AND at = ? AND prayer NOT IN"
            + " (SELECT grp FROM assertion WHERE tbl = 'prayer')",
        author,
        at);
  }

  /**
   * Ids of prayers without a text whose entries are those of a file that lost its id.
   *
   * <p>The entries are compared with those of the monthly activity.
   */
  public Set<String> submissionsWithSameEntries(String placeholder) throws SQLException {
    flush();
    return texts(
        "SELECT DISTINCT m.prayer FROM act t JOIN act m ON m.at = t.at AND m.words = t.words AND"
            + " m.monthly = 1 WHERE t.prayer = ? AND m.prayer NOT IN (SELECT grp FROM assertion"
            + " WHERE tbl = 'prayer')",
        placeholder);
  }

  /** Where the submission of a prayer is stated. */
  public SourceLocation submission(String prayer) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT file, line FROM submission WHERE prayer = ? LIMIT 1")) {
      query.setString(1, prayer);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next()
            ? new SourceLocation(files.get(rows.getInt(1)), rows.getLong(2))
            : new SourceLocation("", 0);
      }
    }
  }

  /** The prayers of some authors with the values of highest priority: author → id → values. */
  public Map<String, Map<String, Map<String, @Nullable String>>> prayersOf(Set<String> authors)
      throws SQLException {
    flush();
    Map<String, Map<String, Map<String, @Nullable String>>> found = new HashMap<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT grp, vals FROM assertion WHERE tbl = 'prayer' ORDER BY grp, trust");
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        Map<String, @Nullable String> values = decoded(rows.getString(2));
        String author = values.get("author_username");
        if (author != null && authors.contains(author)) {
          found
              .computeIfAbsent(author, _ -> new LinkedHashMap<>())
              .putIfAbsent(split(rows.getString(1)).getFirst(), values);
        }
      }
    }
    return found;
  }

  /** Changes the id of the entries of a prayer. */
  public void rename(String placeholder, String id) throws SQLException {
    flush();
    try (PreparedStatement change =
        connection.prepareStatement("UPDATE act SET prayer = ? WHERE prayer = ?")) {
      change.setString(1, id);
      change.setString(2, placeholder);
      change.executeUpdate();
    }
  }

  /** Changes the id of a prayer in everything that was stated about it. */
  public void unite(String prayer, String id) throws SQLException {
    rename(prayer, id);
    unitedPrayers.put(prayer, id);
    try (PreparedStatement change =
        connection.prepareStatement(
            "UPDATE assertion SET grp = ?1 || substr(grp, ?3) WHERE grp = ?2 AND tbl = 'prayer' OR"
                + " grp >= ?2 || char(31) AND grp < ?2 || char(32) AND tbl IN ('prayermark',"
                + " 'prayerskip', 'prayer_activity_log', 'prayer_attributes')")) {
      change.setString(1, joined(List.of(id)));
      change.setString(2, joined(List.of(prayer)));
      change.setInt(3, joined(List.of(prayer)).length() + 1);
      change.executeUpdate();
    }
  }

  /** Visits each prayer with its entries, which are in the order of their times. */
  public void forEachPrayer(BiConsumer<String, List<ActivityEntry>> each) throws SQLException {
    flush();
    try (Statement query = connection.createStatement();
        ResultSet rows =
            query.executeQuery(
                "SELECT prayer, at, words, path, monthly, file, line FROM act ORDER BY prayer, at,"
                    + " monthly, file, line")) {
      List<ActivityEntry> acts = new ArrayList<>();
      while (rows.next()) {
        LocalTimestamp at = LocalTimestamp.ofIso(rows.getString(2));
        ActivityEntry act =
            new ActivityEntry(
                rows.getString(1),
                new LocalTimestamp(Objects.requireNonNull(at).time(), false),
                rows.getString(3),
                rows.getString(4),
                rows.getInt(5) == 1,
                new SourceLocation(files.get(rows.getInt(6)), rows.getLong(7)));
        if (!acts.isEmpty() && !acts.getFirst().prayer().equals(act.prayer())) {
          each.accept(acts.getFirst().prayer(), acts);
          acts = new ArrayList<>();
        }
        acts.add(act);
      }
      if (!acts.isEmpty()) {
        each.accept(acts.getFirst().prayer(), acts);
      }
    }
  }

  /** Visits each key of a table with all assertions about its rows. */
  void forEachGroup(String table, BiConsumer<List<String>, List<RowAssertion>> each)
      throws SQLException {
    flush();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT grp, origin, trust, file, line, approx, inferred, vals FROM assertion WHERE tbl"
                + " = ? ORDER BY grp, trust, rowid")) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        List<RowAssertion> group = new ArrayList<>();
        while (rows.next()) {
          List<String> key = split(rows.getString(1));
          RowAssertion row =
              new RowAssertion(
                  table,
                  key,
                  rows.getString(2),
                  SourcePriority.of(rows.getInt(3)),
                  new SourceLocation(files.get(rows.getInt(4)), rows.getLong(5)),
                  decoded(rows.getString(8)),
                  words(rows.getString(6)),
                  words(rows.getString(7)));
          if (!group.isEmpty() && !group.getFirst().key().equals(key)) {
            each.accept(group.getFirst().key(), group);
            group = new ArrayList<>();
          }
          group.add(row);
        }
        if (!group.isEmpty()) {
          each.accept(group.getFirst().key(), group);
        }
      }
    }
  }

  /** Creates the indexes by which the rows of one key are found; call it after the last file. */
  public void createIndexes() throws SQLException {
    flush();
    try (Statement sql = connection.createStatement()) {
      sql.execute("CREATE INDEX assertion_by_group ON assertion (tbl, grp, trust)");
      sql.execute("CREATE INDEX act_by_time ON act (at, words)");
      sql.execute("CREATE INDEX act_by_prayer ON act (prayer)");
      sql.execute("CREATE INDEX submission_by_author ON submission (author, at)");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** A key as one text; a separator within a part, which damage may cause, is escaped. */
  private static String joined(List<String> key) {
    return key.stream()
        .map(part -> part.replace(ESCAPE, ESCAPE + "0").replace(SEPARATOR, ESCAPE + "1"))
        .collect(Collectors.joining(SEPARATOR));
  }

  private static List<String> split(String joined) {
    return Stream.of(joined.split(SEPARATOR, -1))
        .map(part -> part.replace(ESCAPE + "1", SEPARATOR).replace(ESCAPE + "0", ESCAPE))
        .toList();
  }

  private static SortedSet<String> words(String list) {
    return list.isEmpty() ? new TreeSet<>() : new TreeSet<>(List.of(list.split(",")));
  }

  /** {@code name=length:value} for each value; a length of -1 is null. */
  private static String encoded(Map<String, @Nullable String> values) {
    return values.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + "="
                    + (entry.getValue() == null
                        ? "-1:"
                        : entry.getValue().length() + ":" + entry.getValue()))
        .collect(Collectors.joining());
  }

  private static SequencedMap<String, @Nullable String> decoded(String text) {
    LinkedHashMap<String, @Nullable String> values = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length()) {
      int equal = text.indexOf('=', at);
      int colon = text.indexOf(':', equal);
      int length = Integer.parseInt(text.substring(equal + 1, colon));
      values.put(
          text.substring(at, equal),
          length < 0 ? null : text.substring(colon + 1, colon + 1 + length));
      at = colon + 1 + Math.max(0, length);
    }
    return values;
  }
}
