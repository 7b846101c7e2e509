package org.thywill.legacy.text.dialect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.json.Json;
import org.thywill.json.JsonObject;
import org.thywill.legacy.text.dialect.Assertion.MemberEvidence;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads what the original wrote as JSON, where times have all their digits.
 *
 * <ul>
 *   <li>{@code sessions_backup.json}: an object with {@code sessions}, the only file that says to
 *       which sign-in a session belongs.
 *   <li>{@code community_export_DATE.json} in a community ZIP of June 2025: an object with {@code
 *       export_metadata} and a list for each table, in which references to members are ids. The ZIP
 *       also has one file for each of these tables, which is not read.
 *   <li>A list of prayers for {@code thywill import prayers}: {@code text}, {@code
 *       generated_prayer}, {@code author_name}, {@code project_tag}, {@code created_at}.
 * </ul>
 */
public final class JsonFiles implements Dialect {
  private static final Set<String> REPEATED_TABLES =
      Set.of(
          "metadata.json",
          "users.json",
          "prayers.json",
          "prayer_attributes.json",
          "prayer_marks.json",
          "prayer_skips.json",
          "prayer_activity_log.json",
          "roles.json",
          "user_roles.json",
          "changelog_entries.json",
          "archive_metadata.json");

  @Override
  public String name() {
    return "JSON";
  }

  @Override
  public boolean recognises(TextFile file) {
    return file.name().endsWith(".json");
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    to.claim(1, file.lines().size());
    Object document = Json.document(file.text());
    String base = file.name().substring(file.name().lastIndexOf('/') + 1);
    if (document instanceof JsonObject object && object.containsKey("sessions")) {
      object.objects("sessions").forEach(session -> session(file, session, to));
      reportUnread(file, object, to);
    } else if (document instanceof JsonObject object && object.containsKey("export_metadata")) {
      community(file, object, to);
    } else if (REPEATED_TABLES.contains(base)) {
      to.note(
          file,
          1,
          "said-elsewhere",
          "one table of a community's export; the file community_export beside it has all of them");
    } else if (document instanceof List<?> list && !list.isEmpty()) {
      Json.objects(list).forEach(prayer -> prayer(file, prayer, to));
    } else {
      to.notUnderstood(
          file,
          1,
          document == null ? "no JSON, or JSON cut short" : "JSON that the original did not write");
    }
  }

  /** Reports the properties of an object that were not read. */
  static void reportUnread(TextFile file, JsonObject object, AssertionSink to) {
    object
        .unread()
        .forEach(
            name ->
                to.warn(
                    file,
                    object.line(),
                    "property-not-carried",
                    "a property that has no column here, or that the original never wrote: "
                        + name.replaceAll("\\p{Cntrl}", "?")));
  }

  private static void session(TextFile file, JsonObject session, AssertionSink to) {
    String id = session.text("session_id");
    LocalTimestamp created = timestamp(session, "created_at");
    if (id == null || created == null) {
      to.notUnderstood(file, session.line(), "a session without session_id or created_at");
      return;
    }
    RowAssertion row =
        RowAssertion.of("session", file.name(), SourcePriority.BACKUP, file.at(session.line()), id)
            .time("created_at", created);
    copy(session, row, "username", "ip_address", "device_info", "auth_request_id")
        .set("is_fully_authenticated", flag(session, "is_fully_authenticated"));
    if (timestamp(session, "expires_at") != null) {
      row.time("expires_at", timestamp(session, "expires_at"));
    }
    to.add(row);
    reportUnread(file, session, to);
  }

  private static void community(TextFile file, JsonObject export, AssertionSink to) {
    Map<String, String> names = new HashMap<>();
    for (JsonObject user : export.objects("users")) {
      String name = user.text("display_name");
      String id = user.text("id");
      if (name != null && id != null) {
        names.put(id, name);
        to.names().add(name);
      }
    }
    new CommunityExport(file, names, to).read(export);
  }

  private static void prayer(TextFile file, JsonObject prayer, AssertionSink to) {
    String text = prayer.text("text");
    String author = prayer.text("author_name");
    LocalTimestamp created = timestamp(prayer, "created_at");
    if (text == null || author == null || created == null) {
      to.notUnderstood(
          file, prayer.line(), "expected a prayer with text, author_name and created_at");
      return;
    }
    String id = SyntheticIds.prayer(author, created.column(), text);
    RowAssertion row =
        RowAssertion.of("prayer", file.name(), SourcePriority.BACKUP, file.at(prayer.line()), id)
            .set("author_username", author)
            .set("text", text);
    to.add(copy(prayer, row, "generated_prayer", "project_tag").time("created_at", created));
    to.add(new MemberEvidence(author, created, file.at(prayer.line())));
    reportUnread(file, prayer, to);
  }

  /** Sets columns that have the same name in the object and in the row. */
  static RowAssertion copy(JsonObject object, RowAssertion row, String... columns) {
    for (String column : columns) {
      row.set(column, object.text(column));
    }
    return row;
  }

  /** The time of a property; null if it has none. */
  static @Nullable LocalTimestamp timestamp(JsonObject object, String name) {
    String text = object.text(name);
    return text == null ? null : LocalTimestamp.ofIso(text);
  }

  /** {@code 1} for true, {@code 0} for anything else. */
  static String flag(JsonObject object, String name) {
    return "true".equals(object.text(name)) ? "1" : "0";
  }
}
