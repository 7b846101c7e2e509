package org.thywill.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.thywill.catalog.Timestamps;
import org.thywill.legacy.schema.LegacyTime;

/**
 * What a database is after an import and an export: equal to the byte, except for secrets.
 *
 * <p>What is secret depends on the time, which is noon of 28 September 2025.
 */
final class RoundTripContract {
  static final String NOW = "2025-09-28T12:00:00Z";
  private static final long NOW_MICROS = Timestamps.micros(Instant.parse(NOW));
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final Set<String> TOKEN_COLUMNS =
      Set.of(
          "invitetoken.token",
          "user.invite_token_used",
          "invite_token_usage.invite_token_id",
          "membership_application.invite_token");

  private RoundTripContract() {}

  /** Checks that a target is equal to its source, except for secrets. */
  static void assertKept(Path source, Path target) throws SQLException {
    Set<String> validTokens = validTokens(source);
    Set<String> unconfirmed = unconfirmed(source);
    OriginalFile expected =
        OriginalFile.read(
            source,
            (table, column, value) -> expected(table, column, value, validTokens, unconfirmed));
    OriginalFile actual = OriginalFile.read(target, (_, _, value) -> value);
    assertThat(actual.schema).isEqualTo(expected.schema);
    assertThat(actual.tables.keySet()).isEqualTo(expected.tables.keySet());
    expected.tables.forEach(
        (table, rows) -> assertSame(table, rows, actual.tables.getOrDefault(table, List.of())));
  }

  /** Shows only the rows that differ. */
  private static void assertSame(String table, List<String> expected, List<String> actual) {
    if (!actual.equals(expected)) {
      List<String> missing = new ArrayList<>(expected);
      actual.forEach(missing::remove);
      List<String> unexpected = new ArrayList<>(actual);
      expected.forEach(unexpected::remove);
      assertThat(unexpected).as(table).isEqualTo(missing);
    }
  }

  private static String expected(
      String table, String column, String value, Set<String> validTokens, Set<String> unconfirmed) {
    if (column.equals("verification_code")) {
      return "null:";
    }
    String after = value.substring(value.indexOf(':') + 1);
    String bare =
        value.startsWith("integer:") || value.startsWith("real:")
            ? HexFormat.of().formatHex(after.getBytes(UTF_8))
            : after;
    boolean isToken =
        TOKEN_COLUMNS.contains(table + "." + column) && validTokens.contains(bare)
            || column.equals("verification_token") && unconfirmed.contains(bare);
    return table.equals("session") && column.equals("id") || isToken
        ? OriginalFile.hashed(value)
        : value;
  }

  /** The hex of tokens that let somebody in at the time of the test. */
  static Set<String> validTokens(Path source) throws SQLException {
    Set<String> valid = new HashSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + source);
        Statement query = connection.createStatement()) {
      Set<String> columns = columns(query, "invitetoken");
      if (columns.isEmpty()) {
        return valid;
      }
      try (ResultSet rows = query.executeQuery("SELECT * FROM invitetoken")) {
        while (rows.next()) {
          Optional<Object> expires = value(rows, columns, "expires_at");
          boolean isExpired =
              expires.isPresent()
                  && expires.get() instanceof String time
                  && LegacyTime.parse(time).isPresent()
                  && LegacyTime.parse(time).getAsLong() <= NOW_MICROS;
          Optional<Object> uses = value(rows, columns, "usage_count");
          Optional<Object> most = value(rows, columns, "max_uses");
          boolean isUsedUp =
              uses.isPresent()
                  && most.isPresent()
                  && isWhole(uses.get())
                  && isWhole(most.get())
                  && ((Number) uses.get()).longValue() >= ((Number) most.get()).longValue();
          Object token = rows.getObject("token");
          if (!isExpired && !isUsedUp && token != null) {
            valid.add(bare(rows, "token", token));
          }
        }
      }
    }
    return valid;
  }

  /** The hex of tokens that confirm an e-mail address, are unused, and are at most an hour old. */
  private static Set<String> unconfirmed(Path source) throws SQLException {
    Set<String> tokens = new HashSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + source);
        Statement query = connection.createStatement()) {
      Set<String> columns = columns(query, "user_email");
      if (columns.isEmpty()) {
        return tokens;
      }
      try (ResultSet rows = query.executeQuery("SELECT * FROM user_email")) {
        while (rows.next()) {
          boolean isVerified =
              value(rows, columns, "email_verified")
                  .filter(yes -> isWhole(yes) && ((Number) yes).longValue() != 0)
                  .isPresent();
          boolean isOld =
              value(rows, columns, "added_at")
                  .filter(
                      added ->
                          added instanceof String time
                              && LegacyTime.parse(time).isPresent()
                              && LegacyTime.parse(time).getAsLong() <= NOW_MICROS - HOUR_MICROS)
                  .isPresent();
          Optional<Object> token = value(rows, columns, "verification_token");
          if (!isVerified && !isOld && token.isPresent()) {
            tokens.add(bare(rows, "verification_token", token.get()));
          }
        }
      }
    }
    return tokens;
  }

  private static String bare(ResultSet rows, String column, Object value) throws SQLException {
    return HexFormat.of()
        .formatHex(
            value instanceof Number ? value.toString().getBytes(UTF_8) : rows.getBytes(column));
  }

  private static Set<String> columns(Statement query, String table) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (ResultSet rows =
        query.executeQuery("SELECT lower(name) FROM pragma_table_info('" + table + "')")) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }

  private static boolean isWhole(Object value) {
    return value instanceof Integer || value instanceof Long;
  }

  private static Optional<Object> value(ResultSet rows, Set<String> columns, String name)
      throws SQLException {
    return columns.contains(name) ? Optional.ofNullable(rows.getObject(name)) : Optional.empty();
  }
}
