package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.json.JsonObject;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.SourceLocation;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads a community's JSON export of June 2025.
 *
 * <p>It has a list of objects for each table, with the columns of that time. Members are named by
 * their ids.
 */
final class CommunityExport {
  private static final List<String> TABLES =
      List.of(
          "export_metadata",
          "users",
          "prayers",
          "roles",
          "user_roles",
          "changelog_entries",
          "prayer_attributes",
          "prayer_marks",
          "prayer_skips",
          "prayer_activity_log");

  private final TextFile file;
  private final Map<String, String> names;
  private final AssertionSink to;

  CommunityExport(TextFile file, Map<String, String> names, AssertionSink to) {
    this.file = file;
    this.names = names;
    this.to = to;
  }

  void read(JsonObject export) {
    each(
        export,
        "users",
        "display_name",
        user ->
            timed(row("user", user, "display_name"), user, "created_at")
                .set("invited_by_username", member(user, "invited_by_user_id"))
                .set(
                    "welcome_message_dismissed",
                    JsonFiles.flag(user, "welcome_message_dismissed")));
    each(
        export,
        "prayers",
        "id",
        prayer ->
            timed(
                    JsonFiles.copy(
                        prayer,
                        row("prayer", prayer, "id"),
                        "text",
                        "generated_prayer",
                        "project_tag"),
                    prayer,
                    "created_at")
                .set("author_username", member(prayer, "author_id")));
    each(
        export,
        "roles",
        "name",
        role ->
            timed(
                    JsonFiles.copy(
                        role, row("role", role, "name"), "id", "description", "permissions"),
                    role,
                    "created_at")
                .set("created_by", member(role, "created_by"))
                .set("is_system_role", JsonFiles.flag(role, "is_system_role")));
    each(
        export,
        "user_roles",
        "user_id",
        one ->
            timed(
                    JsonFiles.copy(
                        one,
                        RowAssertion.of(
                            "user_roles",
                            file.name(),
                            SourcePriority.BACKUP,
                            location(one),
                            RowAssertion.keyPart(member(one, "user_id"))),
                        "id",
                        "role_id"),
                    one,
                    "granted_at",
                    "expires_at")
                .set("granted_by", member(one, "granted_by")));
    each(
        export,
        "changelog_entries",
        "commit_id",
        entry ->
            timed(
                JsonFiles.copy(
                    entry,
                    row("changelogentry", entry, "commit_id"),
                    "original_message",
                    "friendly_description",
                    "change_type"),
                entry,
                "commit_date",
                "created_at"));
    each(
        export,
        "prayer_marks",
        "prayer_id",
        mark -> timed(JsonFiles.copy(mark, child("prayermark", mark), "id"), mark, "created_at"));
    each(
        export,
        "prayer_skips",
        "prayer_id",
        skip -> timed(JsonFiles.copy(skip, child("prayerskip", skip), "id"), skip, "created_at"));
    each(
        export,
        "prayer_attributes",
        "prayer_id",
        one ->
            timed(
                    JsonFiles.copy(
                        one,
                        RowAssertion.of(
                            "prayer_attributes",
                            file.name(),
                            SourcePriority.EXPORT,
                            location(one),
                            key(one, "prayer_id"),
                            key(one, "attribute_name")),
                        "id",
                        "attribute_value"),
                    one,
                    "created_at")
                .set("created_by", member(one, "created_by")));
    each(
        export,
        "prayer_activity_log",
        "prayer_id",
        one ->
            timed(
                JsonFiles.copy(
                    one,
                    RowAssertion.of(
                        "prayer_activity_log",
                        file.name(),
                        SourcePriority.BACKUP,
                        location(one),
                        key(one, "prayer_id"),
                        RowAssertion.keyPart(member(one, "user_id")),
                        key(one, "action")),
                    "id",
                    "old_value",
                    "new_value"),
                one,
                "created_at"));
    for (String table : export.keySet()) {
      if (!TABLES.contains(table)) {
        to.warn(
            file,
            1,
            "unknown-table",
            "a table that the original's export never had: " + table.replaceAll("\\p{Cntrl}", "?"));
      }
    }
  }

  /** Makes a row of an object. */
  private interface RowMaker {
    RowAssertion row(JsonObject object);
  }

  private void each(JsonObject export, String table, String needed, RowMaker maker) {
    for (JsonObject object : export.objects(table)) {
      if (object.text(needed) == null) {
        to.notUnderstood(file, object.line(), "one of " + table + " without " + needed);
      } else {
        to.add(maker.row(object));
        JsonFiles.reportUnread(file, object, to);
      }
    }
  }

  private RowAssertion row(String table, JsonObject object, String key) {
    return RowAssertion.of(
        table, file.name(), SourcePriority.BACKUP, location(object), key(object, key));
  }

  private RowAssertion child(String table, JsonObject object) {
    return RowAssertion.of(
        table,
        file.name(),
        SourcePriority.BACKUP,
        location(object),
        key(object, "prayer_id"),
        RowAssertion.keyPart(member(object, "user_id")));
  }

  private static RowAssertion timed(RowAssertion row, JsonObject object, String... columns) {
    for (String column : columns) {
      row.time(column, JsonFiles.timestamp(object, column));
    }
    return row;
  }

  private @Nullable String member(JsonObject object, String name) {
    String id = object.text(name);
    return id == null ? null : names.getOrDefault(id, id);
  }

  private static String key(JsonObject object, String name) {
    return RowAssertion.keyPart(object.text(name));
  }

  private SourceLocation location(JsonObject object) {
    return file.at(object.line());
  }
}
