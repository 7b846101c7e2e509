package org.thywill.legacy.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacyTime;
import org.thywill.legacy.schema.SqliteValue;

/**
 * Finds the secrets of the sources of an import, and hides them in every cell.
 *
 * <p>A secret is what could let somebody in at the time of the import: a session id, a token of an
 * invite or another link that is neither expired nor used up, or a token that confirms an e-mail
 * address.
 *
 * <p>A secret is replaced by its hash, so that references to it still match. Logs and backup tables
 * repeat secrets, so every text and blob of a source is searched, and not only the columns that
 * secrets belong to. That search is for secrets that a machine made: twelve or more letters and
 * digits. (A session whose id is {@code Mary} must not remove the name from her prayers.) It slides
 * a hash over each run of characters without blanks, and compares further only where the hash is
 * that of the first twelve characters of some secret.
 */
public final class Secrets {
  private static final int PREFIX = 12;
  private static final int FILTER_BITS = 24;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final long OLDEST = power(FACTOR, PREFIX);
  private static final long HOUR_MICROS = 3_600_000_000L;

  private final KeySet all = new KeySet();
  private final KeySet invites = new KeySet();
  private final KeySet verifications = new KeySet();
  private final BitSet filter = new BitSet(1 << FILTER_BITS);
  private final TreeSet<Integer> lengths = new TreeSet<>(Comparator.reverseOrder());

  /** What a column may hold, and so how it is searched. */
  public enum Policy {
    /** Anything: secrets within a value are hidden. */
    SEARCHED,
    /** Invites: a secret one is hidden, however short it is. */
    INVITE,
    /** Tokens that confirm an e-mail address: a secret one is hidden, however short it is. */
    VERIFICATION,
    /** Tokens of either kind: a secret one is hidden, however short it is. */
    TOKEN,
    /** Session ids: always hidden. */
    SESSION,
    /** Verification codes in a column that the original never had: they are removed. */
    GONE,
    /** The original's verification codes: only whether there was one is imported. */
    CODE
  }

  private Secrets() {}

  /**
   * Collects the secrets of all sources.
   *
   * @param existing the community that is added to, or null: an invite that was a secret when it
   *     was first imported stays one, and one that an earlier program kept as it is stays so
   * @throws LegacyException if a source cannot be read
   */
  public static Secrets of(
      List<SourceDatabase> sources, @Nullable CommunityRows existing, long nowMicros)
      throws IOException {
    Secrets secrets = new Secrets();
    for (SourceDatabase source : sources) {
      try {
        for (SourceTable table : source.tables()) {
          switch (table.lowerName()) {
            case LegacyLayout.SESSION -> secrets.addSessions(table, nowMicros);
            case LegacyLayout.INVITE_TOKEN -> secrets.addTokens(table, existing, nowMicros);
            case LegacyLayout.USER_EMAIL -> secrets.addVerifications(table, nowMicros);
            default -> {}
          }
        }
      } catch (SQLException e) {
        throw source.unreadable(e);
      }
    }
    return secrets;
  }

  /** What a column of a source may hold. */
  public static Policy policy(SourceTable table, String column, @Nullable LegacyColumn known) {
    String name = column.toLowerCase(Locale.ROOT);
    if (known != null && known.kind() == LegacyColumn.Kind.CODE) {
      return Policy.CODE;
    }
    if (name.equals(LegacyLayout.VERIFICATION_CODE)) {
      return Policy.GONE;
    }
    boolean isIdOfSession =
        name.equals("id")
            && (table.original() == null
                ? table.lowerName().contains(LegacyLayout.SESSION)
                : isSessions(table));
    if (isIdOfSession || name.equals("session_id") || name.equals("session_token")) {
      return Policy.SESSION;
    }
    if (known == null) {
      return name.contains("token") ? Policy.TOKEN : Policy.SEARCHED;
    }
    boolean isInvite =
        known.ours().refersTo(Catalog.INVITES)
            || table.lowerName().equals(LegacyLayout.INVITE_TOKEN) && name.equals("token");
    if (isInvite) {
      return Policy.INVITE;
    }
    return name.equals(LegacyLayout.VERIFICATION_TOKEN) ? Policy.VERIFICATION : Policy.SEARCHED;
  }

  /** The cell without its secrets; the same cell if it has none. */
  public SqliteValue hide(Policy policy, SqliteValue cell) {
    return switch (policy) {
      case CODE -> cell;
      case GONE -> SqliteValue.Null.CELL;
      case SESSION -> hashed(cell);
      case INVITE -> invites.contains(letters(cell)) ? hashed(cell) : searched(cell);
      case VERIFICATION -> verifications.contains(letters(cell)) ? hashed(cell) : searched(cell);
      case TOKEN ->
          invites.contains(letters(cell)) || verifications.contains(letters(cell))
              ? hashed(cell)
              : searched(cell);
      case SEARCHED -> searched(cell);
    };
  }

  private static SqliteValue hashed(SqliteValue secret) {
    return secret.isNull() ? secret : new SqliteValue.Text(ContentHash.ofSecret(secret));
  }

  private static boolean isSessions(SourceTable table) {
    return table.lowerName().equals(LegacyLayout.SESSION);
  }

  private void addSessions(SourceTable table, long nowMicros) throws SQLException {
    try (Columns rows = new Columns(table, nowMicros, "id")) {
      while (rows.next()) {
        add(rows.cell("id"));
      }
    }
  }

  private void addTokens(SourceTable table, @Nullable CommunityRows existing, long nowMicros)
      throws SQLException, IOException {
    try (Columns rows =
        new Columns(table, nowMicros, "token", "expires_at", "usage_count", "used", "max_uses")) {
      boolean isCounted = rows.has("usage_count");
      while (rows.next()) {
        OptionalLong expires = time(rows.cell("expires_at"));
        boolean isOpen = expires.isEmpty() || expires.getAsLong() > nowMicros;
        boolean isUsedUp =
            isCounted
                ? rows.cell("usage_count") instanceof SqliteValue.Whole(long uses)
                    && rows.cell("max_uses") instanceof SqliteValue.Whole(long most)
                    && uses >= most
                : rows.cell("used") instanceof SqliteValue.Whole(long used) && used != 0;
        SqliteValue token = rows.cell("token");
        boolean wasSecret =
            existing != null
                && !token.isNull()
                && existing.find(Catalog.INVITES, ContentHash.ofSecret(token)).isPresent();
        boolean wasKept =
            existing != null && existing.find(Catalog.INVITES, letters(token)).isPresent();
        if (wasSecret || isOpen && !isUsedUp && !wasKept) {
          addTo(invites, token);
        }
      }
    }
  }

  private void addVerifications(SourceTable table, long nowMicros) throws SQLException {
    try (Columns rows =
        new Columns(
            table, nowMicros, LegacyLayout.VERIFICATION_TOKEN, "email_verified", "added_at")) {
      while (rows.next()) {
        OptionalLong added = time(rows.cell("added_at"));
        boolean isVerified =
            rows.cell("email_verified") instanceof SqliteValue.Whole(long yes) && yes != 0;
        if (!isVerified && (added.isEmpty() || added.getAsLong() > nowMicros - HOUR_MICROS)) {
          addTo(verifications, rows.cell(LegacyLayout.VERIFICATION_TOKEN));
        }
      }
    }
  }

  private static OptionalLong time(SqliteValue cell) {
    return cell instanceof SqliteValue.Text(String text)
        ? LegacyTime.parse(text)
        : OptionalLong.empty();
  }

  private void addTo(KeySet tokens, SqliteValue cell) {
    if (add(cell)) {
      tokens.add(letters(cell));
    }
  }

  private boolean add(SqliteValue cell) {
    String secret = letters(cell);
    if (cell.isNull() || ContentHash.isHashed(secret)) {
      return false;
    }
    if (isMachineMade(secret)) {
      all.add(secret);
      long hash = 0;
      for (int i = 0; i < PREFIX; i++) {
        hash = hash * FACTOR + secret.charAt(i);
      }
      filter.set(slot(hash));
      lengths.add(secret.length());
    }
    return true;
  }

  private static boolean isMachineMade(String secret) {
    return secret.length() >= PREFIX
        && secret
            .chars()
            .allMatch(
                c ->
                    c >= '0' && c <= '9'
                        || c >= 'A' && c <= 'Z'
                        || c >= 'a' && c <= 'z'
                        || c == '-'
                        || c == '_')
        && secret.chars().anyMatch(c -> c >= '0' && c <= '9');
  }

  /** The cell with every secret in it replaced by its hash. */
  private SqliteValue searched(SqliteValue cell) {
    if (all.isEmpty()) {
      return cell;
    }
    String letters = letters(cell);
    return switch (cell) {
      case SqliteValue.Text _ -> {
        String clean = searched(letters);
        yield clean.equals(letters) ? cell : new SqliteValue.Text(clean);
      }
      case SqliteValue.BrokenText _ -> {
        String clean = searched(letters);
        yield clean.equals(letters) ? cell : new SqliteValue.BrokenText(clean);
      }
      case SqliteValue.Blob _ -> {
        String clean = searched(letters);
        yield clean.equals(letters) ? cell : new SqliteValue.Blob(clean);
      }
      case SqliteValue.Null _, SqliteValue.Whole _, SqliteValue.Real _ -> cell;
    };
  }

  private String searched(String text) {
    StringBuilder clean = new StringBuilder();
    int copied = 0;
    long hash = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      run = c <= ' ' ? 0 : run + 1;
      hash =
          c <= ' ' ? 0 : hash * FACTOR + c - (run > PREFIX ? text.charAt(i - PREFIX) * OLDEST : 0);
      if (run >= PREFIX && filter.get(slot(hash))) {
        int start = i - PREFIX + 1;
        int end = endOfSecret(text, start);
        if (end > 0) {
          clean.append(text, copied, start).append(hashed(text.substring(start, end)));
          copied = end;
          i = end - 1;
          run = 0;
          hash = 0;
        }
      }
    }
    return copied == 0 ? text : clean.append(text, copied, text.length()).toString();
  }

  /** The end of the longest secret that begins at a position, or 0. */
  private int endOfSecret(String text, int start) {
    for (int length : lengths) {
      if (start + length <= text.length() && all.contains(text.substring(start, start + length))) {
        return start + length;
      }
    }
    return 0;
  }

  private static String hashed(String secret) {
    return ContentHash.ofSecret(new SqliteValue.Text(secret));
  }

  /** The characters of a value; bytes that are not text become one character each. */
  private static String letters(SqliteValue cell) {
    return switch (cell) {
      case SqliteValue.Text(String text) -> text;
      case SqliteValue.BrokenText(String each) -> each;
      case SqliteValue.Blob(String each) -> each;
      case SqliteValue.Null _, SqliteValue.Whole _, SqliteValue.Real _ ->
          new String(cell.bytes(), StandardCharsets.UTF_8);
    };
  }

  private static int slot(long hash) {
    return (int) (hash * FACTOR >>> Long.SIZE - FILTER_BITS);
  }

  private static long power(long base, int exponent) {
    long product = 1;
    for (int i = 0; i < exponent; i++) {
      product *= base;
    }
    return product;
  }

  /** Reads some columns of a table by name; a column that the table lacks is null in every row. */
  private static final class Columns implements AutoCloseable {
    private final List<String> present = new ArrayList<>();
    private final SourceScan scan;

    Columns(SourceTable table, long nowMicros, String... wanted) throws SQLException {
      List<String> spelled = new ArrayList<>();
      for (String name : wanted) {
        int position = table.position(name);
        if (position >= 0) {
          present.add(name);
          spelled.add(table.shape().columns().get(position).name());
        }
      }
      scan = SourceScan.of(table, spelled, nowMicros);
    }

    boolean has(String name) {
      return present.contains(name);
    }

    boolean next() throws SQLException {
      return scan.next();
    }

    SqliteValue cell(String name) {
      return has(name) ? scan.cells()[present.indexOf(name)] : SqliteValue.Null.CELL;
    }

    @Override
    public void close() throws SQLException {
      scan.close();
    }
  }
}
