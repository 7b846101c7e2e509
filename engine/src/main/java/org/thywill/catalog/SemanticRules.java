package org.thywill.catalog;

import static org.thywill.catalog.Catalog.APPLICATIONS;
import static org.thywill.catalog.Catalog.AUTH_REQUESTS;
import static org.thywill.catalog.Catalog.CHANGELOG;
import static org.thywill.catalog.Catalog.EMAIL_ADDRESSES;
import static org.thywill.catalog.Catalog.INVITES;
import static org.thywill.catalog.Catalog.MEMBERS;
import static org.thywill.catalog.Catalog.NOTIFICATIONS;
import static org.thywill.catalog.Catalog.PRAYERS;
import static org.thywill.catalog.Catalog.ROLES;
import static org.thywill.catalog.Catalog.ROLE_ASSIGNMENTS;
import static org.thywill.catalog.Catalog.SESSIONS;

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
 * What the values of a row must say together to make sense. A row that breaks such a rule is kept
 * and carried like any other: the rule is broken by history that was imported, or by lines that
 * were lost, and a person decides.
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

  /**
   * References to what may well have come later than the row itself: who decided about it, or made
   * use of it.
   */
  private static final Set<String> LATER =
      Set.of(
          "invites.used_by",
          "auth_requests.approved_by",
          "applications.processed_by",
          "applications.invite",
          "members.invite");

  private static final Map<Table, List<Rule>> RULES =
      Catalog.TABLES.stream().collect(Collectors.toMap(Function.identity(), SemanticRules::rules));

  /**
   * Something that must hold within a row.
   *
   * @param code a word that scripts can rely on, such as {@code times-reversed}
   * @param column the position of the column that is in doubt
   * @param broken says whether a row breaks it
   * @param found says of a row that breaks it what was found, and what was expected
   */
  public record Rule(String code, int column, Test broken, Function<Row, String> found) {}

  /** Looks at a row. */
  @FunctionalInterface
  public interface Test {
    boolean of(Row row);
  }

  private SemanticRules() {}

  /** The rules that hold within each row of a table. */
  public static List<Rule> of(Table table) {
    return Objects.requireNonNull(RULES.get(table));
  }

  /** The position of the column that says since when a row is there. */
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
   * A key as it is shown to people; of an invite only the first letters, since the rest lets people
   * in.
   */
  public static String shown(Table table, String key) {
    return shown(key, table == INVITES ? INVITE_SHOWN_MAX : SHOWN_MAX);
  }

  /** A text as it is shown to people: cut short, and on one line. */
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
              table.position("invited_by"),
              row -> !row.has(table.position("invited_by")),
              row -> "was invited by nobody; expected a member, or system"));
    }
    if (table == INVITES) {
      rules.add(
          new Rule(
              "invite-overused",
              table.position("used_count"),
              row ->
                  row.number("max_uses").isPresent()
                      && row.number("used_count").orElse(0L) > row.number("max_uses").get(),
              row ->
                  "was used "
                      + row.number("used_count").orElse(0L)
                      + " times; expected "
                      + row.number("max_uses").orElse(0L)
                      + " at most"));
    }
    if (table == ROLES) {
      rules.add(
          new Rule(
              "permission-unknown",
              table.position("permissions"),
              row -> !unknownPermissions(row).isEmpty(),
              row ->
                  "allows "
                      + unknownPermissions(row).stream()
                          .limit(3)
                          .map(word -> shown(word))
                          .collect(Collectors.joining(", "))
                      + ", which this program does not know; expected words such as"
                      + " moderate.prayers, or *"));
    }
    return List.copyOf(rules);
  }

  /** The permissions of a role that mean nothing to the program. */
  private static Set<String> unknownPermissions(Row role) {
    return Arrays.stream(role.text("permissions").orElse("").split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty() && !PERMISSIONS.contains(word))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Rule> times(Table table) {
    return Stream.of(
            inOrder(INVITES, "created_at", "expires_at"),
            inOrder(ROLE_ASSIGNMENTS, "granted_at", "expires_at"),
            inOrder(PRAYERS, "created_at", "edited_at"),
            inOrder(AUTH_REQUESTS, "created_at", "expires_at"),
            inOrder(AUTH_REQUESTS, "created_at", "approved_at"),
            inOrder(SESSIONS, "created_at", "expires_at"),
            inOrder(NOTIFICATIONS, "created_at", "read_at"),
            inOrder(APPLICATIONS, "created_at", "processed_at"),
            inOrder(EMAIL_ADDRESSES, "added_at", "verified_at"),
            inOrder(CHANGELOG, "commit_date", "created_at"))
        .filter(pair -> pair.table() == table)
        .map(Pair::rule)
        .toList();
  }

  private static List<Rule> words(Table table) {
    return Stream.of(
            oneOf(PRAYERS, "moderation", "open", "flagged", "hidden"),
            oneOf(PRAYERS, "visibility", "members", "public", "anonymous"),
            oneOf(
                INVITES,
                "kind",
                "new_user",
                "multi_device",
                "admin",
                "user_login",
                "email_verification"),
            oneOf(AUTH_REQUESTS, "status", "pending", "approved", "rejected", "expired"),
            oneOf(APPLICATIONS, "status", "pending", "approved", "rejected"))
        .filter(words -> words.table() == table)
        .map(Words::rule)
        .toList();
  }

  private static Pair inOrder(Table table, String earlier, String later) {
    return new Pair(table, table.position(earlier), table.position(later));
  }

  private static Words oneOf(Table table, String column, String... words) {
    return new Words(table, table.position(column), List.of(words));
  }

  /** Two times of a row of which the first cannot be after the second. */
  private record Pair(Table table, int earlier, int later) {
    Rule rule() {
      return new Rule(
          "times-reversed",
          later,
          row ->
              row.value(earlier) instanceof Long first
                  && row.value(later) instanceof Long second
                  && second < first,
          row ->
              "has "
                  + time(row, later)
                  + ", before "
                  + time(row, earlier)
                  + "; expected a later time");
    }

    private String time(Row row, int position) {
      return table.columns().get(position).name()
          + " "
          + (row.value(position) instanceof Long at ? Timestamps.format(at) : "");
    }
  }

  /** A column that holds one of a few words. */
  private record Words(Table table, int column, List<String> words) {
    Rule rule() {
      return new Rule(
          "value-unknown",
          column,
          row -> row.value(column) instanceof String word && !words.contains(word),
          row ->
              "says "
                  + (row.value(column) instanceof String word ? shown(word) : "")
                  + " in "
                  + table.columns().get(column).name()
                  + "; expected "
                  + String.join(", ", words));
    }
  }
}
