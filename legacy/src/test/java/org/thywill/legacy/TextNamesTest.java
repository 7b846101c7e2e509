package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;

/** Names that hold what usually ends a name are read as a whole, in every layout with names. */
class TextNamesTest {
  private static final List<String> NAMES =
      List.of(
          "Anna by Grace",
          "Ruth - Naomi",
          "Pat|Kim",
          "x=y Collective",
          "Ann joined on invitation from Joy",
          "Bo prayed this prayer",
          "Lee (Berlin)",
          "Ed added testimony: yes",
          "Old  Tom",
          "Zoë\\|");

  /**
   * One layout: a file with a record for each name.
   *
   * @param path of the file; with {@code #} there is one file for each name
   * @param head what is above the records
   * @param line {@code @} is the name, {@code #} its number of one digit, {@code ~} a number of 32
   *     hex digits
   * @param sql reads the names
   */
  private record Layout(String path, String head, String line, String sql) {}

  private static final String TITLE = "Whatever (exported March 01 2025 at 10:00)\nFormat: ";
  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(
              "prayers/2025/03/2025_03_1#_prayer_at_0900.txt",
              "",
              """
              Prayer pr# by @
              Submitted March 1# 2025 at 09:00

              Text of @

              Activity:
              March 1# 2025 at 10:00 - @ prayed this prayer
              March 1# 2025 at 11:00 - @ added testimony: so @ prayed this prayer
              """,
              "SELECT author_username FROM prayer WHERE id LIKE 'pr_'"),
          new Layout("", "", "", "SELECT username FROM prayermark WHERE prayer_id LIKE 'pr_'"),
          new Layout(
              "",
              "",
              "",
              "SELECT user_id FROM prayer_activity_log WHERE prayer_id LIKE 'pr_' AND action ="
                  + " 'testimony'"),
          new Layout(
              "",
              "",
              "",
              "SELECT substr(substr(attribute_value, 4), 1, length(attribute_value) - 22) FROM"
                  + " prayer_attributes WHERE attribute_name = 'answer_testimony'"),
          new Layout(
              "activity/activity_2025_03.txt",
              "Activity for March 2025\n\n\nMarch 20 2025\n",
              "10:0# - @ prayed for prayer ac#\n10:1# - Reg# registered via invitation from @\n",
              "SELECT username FROM prayermark WHERE prayer_id LIKE 'ac_'"),
          new Layout(
              "", "", "", "SELECT invited_by_username FROM user WHERE display_name LIKE 'Reg_'"),
          new Layout(
              "users/2025_04_users.txt",
              "User Registrations for April 2025\n\n",
              "April 01 2025 at 10:0# - Inv# joined on invitation from @\n",
              "SELECT invited_by_username FROM user WHERE display_name LIKE 'Inv_'"),
          new Layout(
              "users/user_attributes.txt",
              "User Attributes\n\n",
              "username: @\nis_supporter: true\n\n",
              "SELECT display_name FROM user WHERE is_supporter = 1"),
          new Layout(
              "membership_applications/#.txt",
              "",
              """
              MEMBERSHIP APPLICATION
              ======================

              Application ID: ap#
              Submitted: 2025-09-17T10:00:16.367016
              IP Address: Unknown

              USERNAME: @

              ESSAY/MOTIVATION:
              I am @

              CONTACT INFO: None provided

              STATUS: pending

              APPROVED by @ at 2025-09-18T10:00:16.367016
              Invite token: to#
              """,
              "SELECT username FROM membership_application"),
          new Layout("", "", "", "SELECT processed_by_user_id FROM membership_application"),
          new Layout(
              "system/current_state/active_sessions.txt",
              "# Active Sessions Snapshot\n\n",
              """
              Session sn#:
                User: @ (ID: @)
                Created: 2025-03-29 08:00:16.913229
                Expires: 2025-04-12 08:00:16.913092
                IP: None
                Device: Unknown
                Fully authenticated: False

              """,
              "SELECT username FROM session WHERE device_info IS NULL AND ip_address IS NULL"),
          table(
              "sessions/2025_03_sessions.txt",
              "created_at|session_id|username|expires_at|device_info|ip_address|is_fully_authenticated",
              "March 01 2025 at 10:00|sl#|@|March 15 2025 at 10:00|live||yes\n",
              "SELECT username FROM session WHERE device_info = 'live'"),
          table(
              "export/sessions/2025_03_sessions.txt",
              "created_at|session_id|username|expires_at|device_info|ip_address|is_fully_authenticated\n",
              "March 01 2025 at 10:00|se#|@|March 15 2025 at 10:00|a|b|unknown|yes\n",
              "SELECT username FROM session WHERE device_info = 'a|b'"),
          table(
              "auth/2025_01_auth_requests.txt",
              "timestamp|user_id|device_info|ip_address|status|details",
              "2025-01-02T10:00:00.000001|@|d|192.0.2.1|pending|\n",
              "SELECT user_id FROM authenticationrequest WHERE created_at LIKE '2025-01-%'"),
          table(
              "auth/2025_01_auth_approvals.txt",
              "timestamp|auth_request_id|approver_user_id|action|details",
              "2025-01-02T10:00:00.000001|ra#|@|approved|by @\n",
              "SELECT approver_user_id FROM authapproval WHERE created_at LIKE '2025-01-%'"),
          table(
              "auth/2025_01_security_events.txt",
              "timestamp|event_type|user_id|ip_address|user_agent|details",
              "2025-01-02T10:00:00.000001|live|@|None|agent|of @\n",
              "SELECT user_id FROM securitylog WHERE event_type = 'live'"),
          table(
              "system/2025_01_invite_usage.txt",
              "timestamp|token|used_by_user|created_by_user|action",
              "2025-01-02T10:00:00.000001|tu#|@|@|token_used\n",
              "SELECT user_id FROM invite_token_usage WHERE claimed_at LIKE '2025-01-%'"),
          new Layout(
              "",
              "",
              "",
              "SELECT created_by_user FROM invitetoken WHERE expires_at LIKE '2025-01-%'"),
          table(
              "roles/2025_01_role_assignments.txt",
              "timestamp|user_id|role_name|action|granted_by|expires_at|details",
              "2025-01-02T10:00:00.000001|@|singer|assigned|@||why\n",
              "SELECT user_id FROM user_roles WHERE granted_at LIKE '2025-01-%'"),
          new Layout(
              "", "", "", "SELECT granted_by FROM user_roles WHERE granted_at LIKE '2025-01-%'"),
          table(
              "roles/2025_01_definitions.txt",
              "role_name|description|permissions_json|is_system_role|created_by",
              "role#|text|[]|no|@\n",
              "SELECT created_by FROM role WHERE name LIKE 'role_'"),
          table(
              "system/invite_tokens.txt",
              "token|created_by_user|expires_at|used|used_by_user_id|created_at",
              "tl#|@|2025-02-01T10:00:00|True|@|None\n",
              "SELECT used_by_user_id FROM invitetoken WHERE expires_at LIKE '2025-02-%'"),
          table(
              "sessions/2025_03_20_active_sessions.txt",
              "session_id|user_id|created_at|expires_at|device_info|ip_address|is_fully_authenticated",
              "sd#|@|2025-03-19T07:00:00.000001|2025-04-02T07:00:00.000001|daily|None|True\n",
              "SELECT username FROM session WHERE device_info = 'daily'"),
          table(
              "prayers/attributes/2025_01_attributes.txt",
              "timestamp|prayer_id|attribute_name|attribute_value|user_id",
              "January 02 2025 at 10:00|at#|pinned|a value|@\n",
              "SELECT created_by FROM prayer_attributes WHERE prayer_id LIKE 'at_'"),
          new Layout(
              "prayers/marks/2025_01_marks.txt",
              "Prayer Marks for January 2025\nFormat: timestamp|prayer_id|user_id\n\n",
              "January 02 2025 at 10:00|ma#|@\n",
              "SELECT username FROM prayermark WHERE prayer_id LIKE 'ma_'"),
          new Layout(
              "prayers/skips/2025_01_skips.txt",
              "Prayer Skips for January 2025\nFormat: timestamp|prayer_id|user_id\n\n",
              "January 02 2025 at 10:00|sk#|@\n",
              "SELECT user_id FROM prayerskip WHERE prayer_id LIKE 'sk_'"),
          table(
              "export/prayers/prayer_attributes.txt",
              "id|created_at|prayer_id|attribute_name|attribute_value|created_by\n",
              "~|March 02 2025 at 10:00|ax#|pinned|a \\| b|@\n",
              "SELECT created_by FROM prayer_attributes WHERE prayer_id LIKE 'ax_'"),
          table(
              "export/prayers/prayer_marks.txt",
              "id|created_at|prayer_id|username\n",
              "~|March 02 2025 at 10:00|mx#|@\n",
              "SELECT username FROM prayermark WHERE prayer_id LIKE 'mx_'"),
          table(
              "export/prayers/prayer_skips.txt",
              "id|created_at|prayer_id|user_id\n",
              "~|March 02 2025 at 10:00|sx#|@\n",
              "SELECT user_id FROM prayerskip WHERE prayer_id LIKE 'sx_'"),
          table(
              "export/prayers/prayer_activity_logs.txt",
              "id|created_at|prayer_id|user_id|action|old_value|new_value\n",
              "~|March 02 2025 at 10:00|lx#|@|set_note|a \\| b|c\n",
              "SELECT user_id FROM prayer_activity_log WHERE prayer_id LIKE 'lx_' AND old_value ="
                  + " 'a | b'"),
          table(
              "export/users/notification_states.txt",
              "id|created_at|user_id|auth_request_id|notification_type|is_read|read_at\n",
              "~|March 02 2025 at 10:00|@|rn#|auth_request|yes|never\n",
              "SELECT user_id FROM notification_state"),
          table(
              "export/authentication/auth_requests.txt",
              "id|created_at|user_id|device_info|ip_address|status|expires_at\n",
              "~|April 02 2025 at 10:00|@|unknown|unknown|pending|April 09 2025 at 10:00\n",
              "SELECT user_id FROM authenticationrequest WHERE created_at LIKE '2025-04-%'"),
          table(
              "export/authentication/auth_approvals.txt",
              "created_at|auth_request_id|approver_user_id\n",
              "April 02 2025 at 10:00|rb#|@\n",
              "SELECT approver_user_id FROM authapproval WHERE created_at LIKE '2025-04-%'"),
          table(
              "export/authentication/auth_audit_logs.txt",
              "created_at|auth_request_id|action|actor_user_id|actor_type|details|ip_address|user_agent\n",
              "April 02 2025 at 10:00|rb#|approved|@|user|of \\| @|unknown|unknown\n",
              "SELECT actor_user_id FROM authauditlog"),
          table(
              "export/security/2025_04_security_events.txt",
              "timestamp|event_type|user_id|ip_address|details\n",
              "April 02 2025 at 10:00|exported|@|unknown|of @\n",
              "SELECT user_id FROM securitylog WHERE event_type = 'exported'"),
          table(
              "export/invites/invite_tokens.txt",
              "token|created_by_user|usage_count|max_uses|expires_at|used_by_user_id\n",
              "tx#|@|1|unlimited|April 02 2025 at 10:00|@\n",
              "SELECT created_by_user FROM invitetoken WHERE expires_at LIKE '2025-04-%'"),
          new Layout(
              "",
              "",
              "",
              "SELECT used_by_user_id FROM invitetoken WHERE expires_at LIKE '2025-04-%'"),
          table(
              "export/invites/invite_token_usage.txt",
              "claimed_at|invite_token_id|user_id|ip_address\n",
              "April 02 2025 at 10:00|tx#|@|unknown\n",
              "SELECT user_id FROM invite_token_usage WHERE claimed_at LIKE '2025-04-%'"),
          table(
              "export/roles/roles.txt",
              "id|role_name|description|permissions|created_by|is_system_role\n",
              "~|rolex#|a|[]|@|no\n",
              "SELECT created_by FROM role WHERE name LIKE 'rolex_'"),
          table(
              "export/roles/user_roles.txt",
              "id|granted_at|user_id|role_id|granted_by|expires_at\n",
              "~|April 02 2025 at 10:00|@|singer|@|never\n",
              "SELECT granted_by FROM user_roles WHERE granted_at LIKE '2025-04-%'"),
          table(
              "july/sessions/2025_07_sessions.txt",
              "timestamp|session_id|username|expires_at|device_info|ip_address|is_fully_authenticated\n",
              "July 01 2025 at 10:00|sj#|@|July 15 2025 at 10:00|july|unknown|yes\n",
              "SELECT username FROM session WHERE device_info = 'july'"),
          table(
              "july/invites/invite_tokens.txt",
              "token|created_by|usage_count|max_uses|expires_at|used_by_user\n",
              "tj#|@|1|1|July 02 2025 at 10:00|@\n",
              "SELECT created_by_user FROM invitetoken WHERE expires_at LIKE '2025-07-%'"),
          table(
              "july/authentication/auth_requests.txt",
              "created_at|user_id|device_info|ip_address|status|expires_at\n",
              "July 02 2025 at 10:00|@|unknown|unknown|pending|July 09 2025 at 10:00\n",
              "SELECT user_id FROM authenticationrequest WHERE created_at LIKE '2025-07-%'"),
          table(
              "july/roles/user_roles.txt",
              "granted_at|user_id|role_id|granted_by|expires_at\n",
              "July 02 2025 at 10:00|@|rj#|@|never\n",
              "SELECT user_id FROM user_roles WHERE granted_at LIKE '2025-07-%'"),
          new Layout(
              "planned/auth/2024_01_auth_requests.txt",
              "",
              "2024-01-15T10:3#:00Z|@|Tablet|192.0.2.7|approved|approver_@\n",
              "SELECT user_id FROM authenticationrequest WHERE created_at LIKE '2024-%'"),
          new Layout(
              "",
              "",
              "",
              "SELECT approved_by_user_id FROM authenticationrequest WHERE created_at LIKE"
                  + " '2024-%'"),
          new Layout(
              "planned/auth/2024_01_security_events.txt",
              "",
              "2024-01-15T10:3#:00Z|planned|@|192.0.2.7|of @\n",
              "SELECT user_id FROM securitylog WHERE event_type = 'planned'"),
          new Layout(
              "planned/roles/2024_01_role_assignments.txt",
              "",
              "2024-01-15T10:3#:00Z|@|singer|assigned_by_@|for | all\n",
              "SELECT granted_by FROM user_roles WHERE granted_at LIKE '2024-%'"),
          new Layout("", "", "", "SELECT user_id FROM user_roles WHERE granted_at LIKE '2024-%'"),
          new Layout(
              "sessions_backup.json",
              "",
              """
              {"sessions": [{"session_id": "sb", "username": "@", "created_at": "2025-03-20T08:00:00", "expires_at": "2025-03-27T08:00:00", "device_info": "backup"}]}
              """,
              "SELECT username FROM session WHERE device_info = 'backup'"));

  @TempDir Path folder;

  private static Layout table(String path, String columns, String line, String sql) {
    return new Layout(path, TITLE + columns + "\n\n", line, sql);
  }

  @Test
  void difficultNames_areReadAsWholes_inEveryLayout() throws Exception {
    StringBuilder users = new StringBuilder("User Registrations for January 2025\n\n");
    NAMES.forEach(
        name ->
            users.append("January 01 2025 at 10:00 - ").append(name).append(" joined directly\n"));
    write("users/2025_01_users.txt", users.toString());
    for (int layout = 0; layout < LAYOUTS.size(); layout++) {
      write(LAYOUTS.get(layout), layout);
    }
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(folder.resolve("tree"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    Path database = folder.resolve("back.db");
    new LegacyExport(sample.community).allowingPowerfulNames().to(database);
    Map<String, Set<String>> wrong = new LinkedHashMap<>();
    for (Layout layout : LAYOUTS) {
      Set<String> found = new LinkedHashSet<>(TextSample.askFile(database, layout.sql()));
      if (!found.equals(
          layout.path().endsWith(".json") ? Set.of(NAMES.getFirst()) : Set.copyOf(NAMES))) {
        wrong.put(layout.sql(), found);
      }
    }
    assertThat(wrong).isEmpty();
    List<String> members = new ArrayList<>(NAMES);
    for (int i = 0; i < NAMES.size(); i++) {
      members.add("Reg" + i);
      members.add("Inv" + i);
    }
    assertThat(TextSample.askFile(database, "SELECT display_name FROM user"))
        .containsExactlyInAnyOrderElementsOf(members);
  }

  private void write(Layout layout, int number) throws IOException {
    StringBuilder text = new StringBuilder(layout.head());
    for (int i = 0; i < NAMES.size() && !layout.path().isEmpty(); i++) {
      String line =
          layout
              .line()
              .replace("#", String.valueOf(i))
              .replace("~", "%032x".formatted(number * 16 + i))
              .replace("@", NAMES.get(i));
      if (layout.path().contains("#") || layout.path().endsWith(".json")) {
        write(layout.path().replace("#", String.valueOf(i)), layout.head() + line);
        text.setLength(0);
        if (layout.path().endsWith(".json")) {
          return;
        }
      } else {
        text.append(line);
      }
    }
    if (!text.isEmpty()) {
      write(layout.path(), text.toString());
    }
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve("tree").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
