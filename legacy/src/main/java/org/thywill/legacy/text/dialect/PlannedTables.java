package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.thywill.legacy.text.file.TextFile;
import org.thywill.legacy.text.merge.Merge;

/**
 * Layouts that were planned and never written by any version, read for those who wrote them by
 * hand: as in {@link LiveTables}, but without title and format line, with a {@code Z} after the
 * time; lines that begin with {@code #} are comments.
 *
 * <pre>
 * auth/YYYY_MM_auth_requests.txt       STAMP|user|device|ip|status|expires_STAMP or approver_NAME
 * auth/YYYY_MM_security_events.txt     STAMP|event|user|ip|details
 * roles/role_definitions.txt           name|description|permission,permission
 * roles/YYYY_MM_role_assignments.txt   STAMP|user|role|assigned_by_NAME|reason
 * </pre>
 */
public final class PlannedTables implements Dialect {
  private static final String GRANTED_BY = "assigned_by_";

  private final String name;
  private final Pattern path;
  private final Pattern first;
  private final PipeTable table;

  private PlannedTables(
      String name,
      String path,
      String first,
      String layout,
      BiConsumer<RecordFields, AssertionSink> maker) {
    this.name = name;
    this.path = Pattern.compile("(?:.*/)?" + path);
    this.first = Pattern.compile(first);
    this.table = new PipeTable(name, SourcePriority.LIVE, layout, maker).furniture("#.*");
  }

  public static List<Dialect> all() {
    String stamp = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\|";
    return List.of(
        new PlannedTables(
            "planned sign-in requests",
            ".*auth_requests\\.txt",
            stamp + ".*",
            "timestamp:iso|user_id:name|device_info:text|ip_address:word|status:status|details:name",
            (f, to) -> {
              Assertion.RowStated request =
                  f.copy(
                          f.row("authenticationrequest", f.text("user_id")),
                          "device_info",
                          "ip_address",
                          "status")
                      .time("created_at", f.stamp("timestamp"));
              LocalTimestamp expires =
                  LocalTimestamp.ofIso(f.text("details").replaceFirst("^expires_", ""));
              String details = f.text("details");
              to.add(
                  expires != null
                      ? request.time("expires_at", expires)
                      : details.startsWith("approver_")
                          ? request.set(
                              "approved_by_user_id", details.substring("approver_".length()))
                          : request);
            }),
        new PlannedTables(
            "planned security events",
            ".*security_events\\.txt",
            stamp + ".*",
            "timestamp:iso|event_type:word|user_id:name=None|ip_address:word=None|details:text",
            (f, to) ->
                to.add(
                    f.copy(
                            f.row(
                                "securitylog",
                                f.text("event_type"),
                                Merge.orNothing(f.maybe("user_id"))),
                            "ip_address",
                            "details")
                        .time("created_at", f.stamp("timestamp")))),
        new PlannedTables(
            "planned assignments of roles",
            ".*role_assignments\\.txt",
            stamp + ".*",
            "timestamp:iso|user_id:name|role_name:id|granted_by:name|reason:text",
            (f, to) -> {
              String by = f.text("granted_by");
              String who = by.startsWith(GRANTED_BY) ? by.substring(GRANTED_BY.length()) : by;
              to.add(
                  f.row("user_roles", f.text("user_id"))
                      .set(Merge.ROLE_NAME, f.text("role_name"))
                      .set("granted_by", who.equals("system") ? null : who)
                      .time("granted_at", f.stamp("timestamp"))
                      .set(Assertion.RowStated.REMARK, f.text("reason")));
            }),
        new PlannedTables(
            "planned definitions of roles",
            ".*role_definitions\\.txt",
            "[a-z_]+\\|[^|]*\\|[a-z_, ]*",
            "role_name:id|description:text|permissions:word",
            (f, to) ->
                to.add(
                    f.row("role", f.text("role_name"))
                        .set("description", f.text("description"))
                        .set(
                            "permissions",
                            f.text("permissions").isBlank()
                                ? "[]"
                                : "[\""
                                    + String.join(
                                        "\", \"", f.text("permissions").split("\\s*,\\s*"))
                                    + "\"]"))));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean recognises(TextFile file) {
    return path.matcher(file.name()).matches()
        && file.text()
            .lines()
            .filter(line -> !line.startsWith("#") && !line.isEmpty())
            .findFirst()
            .filter(line -> first.matcher(line).matches())
            .isPresent();
  }

  @Override
  public boolean needsNames() {
    return true;
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    table.records(file, file.lines(), 0, to);
  }
}
