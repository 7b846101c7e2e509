package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * The four tables of which the original's reconstruction plan shows sample lines.
 *
 * <p>No version of the original wrote them: they are read so that the plan's own sample lines are
 * valid for import. Unlike the tables of {@link LiveTables} they have no title and no format line,
 * and a {@code Z} follows the time. A line that begins with {@code #} is a comment.
 *
 * <pre>
 * auth/YYYY_MM_auth_requests.txt       STAMP|user|device|ip|status|expires_STAMP or approver_NAME
 * auth/YYYY_MM_security_events.txt     STAMP|event|user|ip|details
 * roles/role_definitions.txt           name|description|permission,permission
 * roles/YYYY_MM_role_assignments.txt   STAMP|user|role|assigned_by_NAME|reason
 * </pre>
 */
public final class ReconstructionPlanTables implements Dialect {
  private static final String STAMP = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\|";
  private static final String EXPIRES = "expires_";
  private static final String APPROVER = "approver_";
  private static final String ASSIGNED_BY = "assigned_by_";
  private static final String SYSTEM = "system";

  private final String name;
  private final Pattern path;
  private final Pattern firstRecord;
  private final PipeTable table;

  private ReconstructionPlanTables(
      String name,
      String path,
      String firstRecord,
      String layout,
      BiConsumer<RecordFields, AssertionSink> interpreter) {
    this.name = name;
    this.path = Pattern.compile("(?:.*/)?" + path);
    this.firstRecord = Pattern.compile(firstRecord);
    this.table = new PipeTable(name, SourcePriority.LIVE, layout, interpreter).otherLines("#.*");
  }

  /** The dialects of the four tables. */
  public static List<Dialect> all() {
    return List.of(
        new ReconstructionPlanTables(
            "planned sign-in requests",
            ".*auth_requests\\.txt",
            STAMP + ".*",
            "timestamp:iso|user_id:name|device_info:text|ip_address:word|status:status|details:name",
            ReconstructionPlanTables::request),
        new ReconstructionPlanTables(
            "planned security events",
            ".*security_events\\.txt",
            STAMP + ".*",
            "timestamp:iso|event_type:word|user_id:name=None|ip_address:word=None|details:text",
            ReconstructionPlanTables::event),
        new ReconstructionPlanTables(
            "planned assignments of roles",
            ".*role_assignments\\.txt",
            STAMP + ".*",
            "timestamp:iso|user_id:name|role_name:id|granted_by:name|reason:text",
            ReconstructionPlanTables::assignment),
        new ReconstructionPlanTables(
            "planned definitions of roles",
            ".*role_definitions\\.txt",
            "[a-z_]+\\|[^|]*\\|[a-z_, ]*",
            "role_name:id|description:text|permissions:word",
            ReconstructionPlanTables::role));
  }

  private static void request(RecordFields record, AssertionSink to) {
    RowAssertion request =
        record
            .copy(
                record.row("authenticationrequest", record.text("user_id")),
                "device_info",
                "ip_address",
                "status")
            .time("created_at", record.timestamp("timestamp"));
    String details = record.text("details");
    LocalTimestamp expires = LocalTimestamp.ofIso(details.replaceFirst("^" + EXPIRES, ""));
    if (expires != null) {
      request.time("expires_at", expires);
    } else if (details.startsWith(APPROVER)) {
      request.set("approved_by_user_id", details.substring(APPROVER.length()));
    }
    to.add(request);
  }

  private static void event(RecordFields record, AssertionSink to) {
    RowAssertion event =
        record.row(
            "securitylog",
            record.text("event_type"),
            RowAssertion.keyPart(record.textOrNull("user_id")));
    to.add(
        record
            .copy(event, "ip_address", "details")
            .time("created_at", record.timestamp("timestamp")));
  }

  private static void assignment(RecordFields record, AssertionSink to) {
    String by = record.text("granted_by");
    String granter = by.startsWith(ASSIGNED_BY) ? by.substring(ASSIGNED_BY.length()) : by;
    to.add(
        record
            .row("user_roles", record.text("user_id"))
            .set(RowAssertion.ROLE_NAME, record.text("role_name"))
            .set("granted_by", granter.equals(SYSTEM) ? null : granter)
            .time("granted_at", record.timestamp("timestamp"))
            .set(RowAssertion.REMARK, record.text("reason")));
  }

  private static void role(RecordFields record, AssertionSink to) {
    to.add(
        record
            .row("role", record.text("role_name"))
            .set("description", record.text("description"))
            .set("permissions", json(record.text("permissions"))));
  }

  /** Permissions with commas between them, as the JSON list that the original's column holds. */
  private static String json(String permissions) {
    return permissions.isBlank()
        ? "[]"
        : "[\"" + String.join("\", \"", permissions.split("\\s*,\\s*")) + "\"]";
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
            .filter(line -> firstRecord.matcher(line).matches())
            .isPresent();
  }

  @Override
  public boolean needsNames() {
    return true;
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    table.readRecords(file, file.lines(), 0, to);
  }
}
