package org.thywill.legacy.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacyTime;
import org.thywill.legacy.schema.SqliteValue;

/**
 * What could sign a member in at the time of the import, and how it is hidden wherever it stands:
 * session ids, tokens that are neither expired nor used up (but invites for new members, whose
 * maker may look at them again; texts do not say which invites are), and tokens that confirm an
 * e-mail address.
 *
 * <p>Hidden is a secret by its hash, so that references to it still meet. Besides the columns where
 * secrets belong, every text and blob of a source is searched, since logs and backup tables repeat
 * them: for those secrets that a machine made, that is, twelve letters and digits or more. (A
 * session whose id is {@code Mary} must not take the name out of her prayers.) The search slides a
 * hash over each stretch without blanks and looks closer only where the first twelve characters of
 * some secret stand.
 */
public final class Secrets {
  private static final int PREFIX = 12;
  private static final int FILTER_BITS = 24;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final long OLDEST = power(FACTOR, PREFIX);
  private static final long HOUR = 3_600_000_000L;

  private final KeySet all = new KeySet();
  private final KeySet invites = new KeySet();
  private final KeySet verifications = new KeySet();
  private final BitSet filter = new BitSet(1 << FILTER_BITS);
  private final TreeSet<Integer> lengths = new TreeSet<>(Comparator.reverseOrder());

  /** What a column may hold. */
  public enum Policy {
    /** Anything; secrets within it are hidden. */
    SEARCHED,
    /** Invites; one that is a secret is hidden however short it is. */
    INVITE,
    /** Tokens that confirm an e-mail address; likewise. */
    VERIFICATION,
    /** Tokens of either kind; likewise. */
    TOKEN,
    /** Session ids: always hidden. */
    SESSION,
    /** Verification codes in a place that the original never had: nothing of them goes on. */
    GONE,
    /** The column of verification codes, of which only whether there was one is read. */
    CODE
  }

  private Secrets() {}

  /**
   * Collects the secrets of all sources as they stand now.
   *
   * @param existing the community that is added to: an invite that was a secret when it was taken
   *     over stays one
   */
  public static Secrets of(List<SourceDatabase> sources, Optional<CommunityRows> existing, long now)
      throws IOException {
    Secrets secrets = new Secrets();
    for (SourceDatabase source : sources) {
      try {
        for (SourceTable table : source.tables()) {
          switch (table.lowerName()) {
            case LegacyLayout.SESSION -> secrets.addSessions(table, now);
            case LegacyLayout.INVITE_TOKEN -> secrets.addTokens(table, existing, now);
            case LegacyLayout.USER_EMAIL -> secrets.addVerifications(table, now);
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
    boolean idOfSession =
        name.equals("id")
            && (table.legacy().isEmpty()
                ? table.lowerName().contains(LegacyLayout.SESSION)
                : isSessions(table));
    if (idOfSession || name.equals("session_id") || name.equals("session_token")) {
      return Policy.SESSION;
    }
    if (known == null) {
      return name.contains("token") ? Policy.TOKEN : Policy.SEARCHED;
    }
    boolean isInvite =
        known.ours().refersTo(Catalog.INVITES)
            || table.lowerName().equals(LegacyLayout.INVITE_TOKEN) && name.equals("token");
    return isInvite
        ? Policy.INVITE
        : name.equals(LegacyLayout.VERIFICATION_TOKEN) ? Policy.VERIFICATION : Policy.SEARCHED;
  }

  /** The cell without what is secret in it; the same cell if nothing is. */
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

  private void addSessions(SourceTable table, long now) throws SQLException {
    try (Columns rows = new Columns(table, now, "id")) {
      while (rows.next()) {
        add(rows.cell("id"));
      }
    }
  }

  private void addTokens(SourceTable table, Optional<CommunityRows> existing, long now)
      throws SQLException, IOException {
    try (Columns rows =
        new Columns(
            table,
            now,
            "token",
            "expires_at",
            "usage_count",
            "used",
            "max_uses",
            "token_type",
            "created_by_user")) {
      boolean counted = rows.has("usage_count");
      while (rows.next()) {
        OptionalLong expires = time(rows.cell("expires_at"));
        boolean open = expires.isEmpty() || expires.getAsLong() > now;
        boolean usedUp =
            counted
                ? rows.cell("usage_count") instanceof SqliteValue.Whole(long uses)
                    && rows.cell("max_uses") instanceof SqliteValue.Whole(long most)
                    && uses >= most
                : rows.cell("used") instanceof SqliteValue.Whole(long used) && used != 0;
        boolean forNewMembers =
            !table.database().holdsTexts()
                && (!rows.has("token_type")
                    || rows.cell("token_type").equals(new SqliteValue.Text("new_user")))
                && !rows.cell("created_by_user").equals(new SqliteValue.Text(LegacyLayout.SYSTEM));
        SqliteValue token = rows.cell("token");
        boolean wasSecret =
            existing.isPresent()
                && !token.isNull()
                && existing.get().find(Catalog.INVITES, ContentHash.ofSecret(token)).isPresent();
        if (wasSecret || open && !usedUp && !forNewMembers) {
          addTo(invites, token);
        }
      }
    }
  }

  private void addVerifications(SourceTable table, long now) throws SQLException {
    try (Columns rows =
        new Columns(table, now, LegacyLayout.VERIFICATION_TOKEN, "email_verified", "added_at")) {
      while (rows.next()) {
        OptionalLong added = time(rows.cell("added_at"));
        boolean verified =
            rows.cell("email_verified") instanceof SqliteValue.Whole(long yes) && yes != 0;
        if (!verified && (added.isEmpty() || added.getAsLong() > now - HOUR)) {
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

  /** A value by its characters; bytes that are no text, by one character for each. */
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

  /** Some columns of a table by name; one that the table lacks is null in every row. */
  private static final class Columns implements AutoCloseable {
    private final List<String> present = new ArrayList<>();
    private final SourceScan scan;

    Columns(SourceTable table, long now, String... wanted) throws SQLException {
      List<String> spelled = new ArrayList<>();
      for (String name : wanted) {
        int position = table.position(name);
        if (position >= 0) {
          present.add(name);
          spelled.add(table.shape().columns().get(position).name());
        }
      }
      scan = SourceScan.of(table, spelled, now);
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
