package org.thywill.catalog;

import static org.thywill.catalog.Catalog.INVITES;
import static org.thywill.catalog.Catalog.MEMBERS;
import static org.thywill.catalog.Catalog.ROLES;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules about the values within a row. A row that breaks one is kept like any other: imported
 * history and lost lines can break a rule, and a person decides what to do.
 */
public final class SemanticRules {
  /** The permissions that the program asks for, and those of the Python original's roles. */
  public static final Set<String> PERMISSIONS =
      Set.of(
          "*",
          "admin.users",
          "admin.roles",
          "admin.prayers",
          "admin.system",
          "moderate.prayers",
          "view.analytics",
          "view.users",
          "flag.prayers",
          "view.reports",
          "create.prayers",
          "view.prayers",
          "mark.prayers",
          "view.profile",
          "take.part");

  private static final Set<String> SINCE =
      Set.of("created_at", "granted_at", "claimed_at", "added_at");
  private static final int SHOWN_MAX = 40;
  private static final int INVITE_SHOWN_MAX = 4;
  private static final int PERMISSIONS_SHOWN_MAX = 3;

  /** References to rows that may be younger than the row itself, such as the member who decided. */
  private static final Set<String> LATER =
      Set.of(
          "invites.used_by",
          "known_devices.last_request",
          "auth_requests.approved_by",
          "applications.processed_by",
          "applications.invite",
          "members.invite");

  private static final Map<Table, List<Rule>> RULES =
      Catalog.TABLES.stream().collect(Collectors.toMap(Function.identity(), SemanticRules::rules));

  /**
   * A rule about one row.
   *
   * @param code the code of its finding, such as {@code times-reversed}
   * @param column the position of the column that is in doubt
   * @param broken whether a row breaks the rule
   * @param found what was found in a row that breaks it, and what was expected
   */
  public record Rule(String code, int column, Test broken, Function<Row, String> found) {}

  /** A condition on a row. */
  @FunctionalInterface
  public interface Test {
    boolean of(Row row);
  }

  private SemanticRules() {}

  /** The rules for the rows of a table. */
  public static List<Rule> of(Table table) {
    return Objects.requireNonNull(RULES.get(table));
  }

  /** The position of the column with the time when the row was made. */
  public static Optional<Integer> since(Table table) {
    return table.columns().stream()
        .filter(column -> SINCE.contains(column.name()))
        .findFirst()
        .map(column -> table.position(column.name()));
  }

  /** Whether what a column refers to must be at least as old as the row itself. */
  public static boolean isOlder(Table table, Column<?> column) {
    return column.target().flatMap(SemanticRules::since).isPresent()
        && since(table).isPresent()
        && !LATER.contains(table.name() + "." + column.name());
  }

  /**
   * A key as it is shown to people. An invite is cut after a few letters, because its token is a
   * secret.
   */
  public static String shown(Table table, String key) {
    return shown(key, table == INVITES ? INVITE_SHOWN_MAX : SHOWN_MAX);
  }

  /** A text as it is shown to people: shortened, and on one line. */
  public static String shown(String text) {
    return shown(text, SHOWN_MAX);
  }

  private static String shown(String key, int most) {
    StringBuilder shown = new StringBuilder();
    key.codePoints()
        .limit(most)
        .forEach(
            letter -> {
              boolean visible =
                  switch (Character.getType(letter)) {
                    case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                        false;
                    default -> true;
                  };
              shown.appendCodePoint(visible ? letter : '\uFFFD');
            });
    return key.codePointCount(0, key.length()) > most ? shown + "…" : shown.toString();
  }

  private static List<Rule> rules(Table table) {
    List<Rule> rules = new ArrayList<>();
    for (Column<?> column : table.columns()) {
      if (column.required()) {
        int position = table.position(column.name());
        rules.add(
            new Rule(
                "value-missing",
                position,
                row -> !row.has(position),
                row ->
                    "has nothing in "
                        + column.name()
                        + "; expected "
                        + column.target().map(target -> "a row of " + target).orElse("a value")));
      }
    }
    rules.addAll(times(table));
    rules.addAll(words(table));
    if (table == MEMBERS) {
      rules.add(
          new Rule(
              "invite-stranger",
              Catalog.Members.INVITED_BY.position(),
              row -> !row.has(Catalog.Members.INVITED_BY),
              row -> "was invited by nobody; expected a member, or system"));
    }
    if (table == INVITES) {
      rules.add(
          new Rule(
              "invite-overused",
              Catalog.Invites.USED_COUNT.position(),
              row -> row.get(Catalog.Invites.MAX_USES).filter(max -> uses(row) > max).isPresent(),
              row ->
                  "was used "
                      + uses(row)
                      + " times; expected "
                      + row.get(Catalog.Invites.MAX_USES).orElse(0L)
                      + " at most"));
    }
    if (table == ROLES) {
      rules.add(
          new Rule(
              "permission-unknown",
              Catalog.Roles.PERMISSIONS.position(),
              row -> !unknownPermissions(row).isEmpty(),
              row ->
                  "allows "
                      + unknownPermissions(row).stream()
                          .limit(PERMISSIONS_SHOWN_MAX)
                          .map(SemanticRules::shown)
                          .collect(Collectors.joining(", "))
                      + ", which this program does not know; expected words such as"
                      + " moderate.prayers, or *"));
    }
    return List.copyOf(rules);
  }

  private static long uses(Row invite) {
    return invite.get(Catalog.Invites.USED_COUNT).orElse(0L);
  }

  /** The permissions of a role that the program does not know. */
  private static Set<String> unknownPermissions(Row role) {
    return Arrays.stream(role.get(Catalog.Roles.PERMISSIONS).orElse("").split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty() && !PERMISSIONS.contains(word))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Rule> times(Table table) {
    return Stream.of(
            new TimePair(Catalog.Invites.CREATED_AT, Catalog.Invites.EXPIRES_AT),
            new TimePair(Catalog.RoleAssignments.GRANTED_AT, Catalog.RoleAssignments.EXPIRES_AT),
            new TimePair(Catalog.Prayers.CREATED_AT, Catalog.Prayers.EDITED_AT),
            new TimePair(Catalog.AuthRequests.CREATED_AT, Catalog.AuthRequests.EXPIRES_AT),
            new TimePair(Catalog.AuthRequests.CREATED_AT, Catalog.AuthRequests.APPROVED_AT),
            new TimePair(Catalog.Sessions.CREATED_AT, Catalog.Sessions.EXPIRES_AT),
            new TimePair(Catalog.Notifications.CREATED_AT, Catalog.Notifications.READ_AT),
            new TimePair(Catalog.MutedClaimants.CREATED_AT, Catalog.MutedClaimants.EXPIRES_AT),
            new TimePair(Catalog.RecoveryCodes.CREATED_AT, Catalog.RecoveryCodes.USED_AT),
            new TimePair(Catalog.Applications.CREATED_AT, Catalog.Applications.PROCESSED_AT),
            new TimePair(Catalog.EmailAddresses.ADDED_AT, Catalog.EmailAddresses.VERIFIED_AT),
            new TimePair(Catalog.Changelog.COMMIT_DATE, Catalog.Changelog.CREATED_AT))
        .filter(pair -> pair.earlier().table().equals(table.name()))
        .map(TimePair::rule)
        .toList();
  }

  private static List<Rule> words(Table table) {
    return Stream.of(
            oneOf(Catalog.Prayers.MODERATION, "open", "flagged", "hidden"),
            oneOf(Catalog.Prayers.VISIBILITY, "members", "public", "anonymous"),
            oneOf(
                Catalog.Invites.KIND,
                "new_user",
                "multi_device",
                "admin",
                "user_login",
                "email_verification"),
            oneOf(Catalog.AuthRequests.STATUS, "pending", "approved", "rejected", "expired"),
            oneOf(Catalog.Applications.STATUS, "pending", "approved", "rejected"))
        .filter(words -> words.column().table().equals(table.name()))
        .map(AllowedWords::rule)
        .toList();
  }

  private static AllowedWords oneOf(Column<String> column, String... words) {
    return new AllowedWords(column, List.of(words));
  }

  /** Two times of a row, the first of which must not be later. */
  private record TimePair(Column<Long> earlier, Column<Long> later) {
    Rule rule() {
      return new Rule("times-reversed", later.position(), this::isReversed, this::found);
    }

    private boolean isReversed(Row row) {
      return row.get(earlier).flatMap(first -> row.get(later).filter(at -> at < first)).isPresent();
    }

    private String found(Row row) {
      return "has "
          + time(row, later)
          + ", before "
          + time(row, earlier)
          + "; expected a later time";
    }

    private static String time(Row row, Column<Long> column) {
      return column.name() + " " + row.get(column).map(Timestamps::format).orElse("");
    }
  }

  /** A column that has one of a few words. */
  private record AllowedWords(Column<String> column, List<String> words) {
    Rule rule() {
      return new Rule(
          "value-unknown",
          column.position(),
          row -> row.get(column).filter(word -> !words.contains(word)).isPresent(),
          row ->
              "says "
                  + row.get(column).map(SemanticRules::shown).orElse("")
                  + " in "
                  + column.name()
                  + "; expected "
                  + String.join(", ", words));
    }
  }
}
