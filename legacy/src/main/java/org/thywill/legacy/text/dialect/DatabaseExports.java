package org.thywill.legacy.text.dialect;

import java.util.List;

/**
 * The tables in {@code database_exports/}, which only the version of 5 July 2025 wrote.
 *
 * <p>They are like those of {@link ExportTables}, but without ids and without escapes. {@code
 * roles/user_roles.txt} refers to roles by ids that {@code roles/roles.txt} lacks.
 */
public final class DatabaseExports {
  private DatabaseExports() {}

  /** The dialects of these tables. */
  public static List<Dialect> all() {
    return List.of(
        ExportTables.sessions(
            "sessions of 5 July 2025", SourcePriority.EXPORT, "timestamp", "unknown"),
        ExportTables.tokens("invites of 5 July 2025", "created_by", "used_by_user"),
        new PipeTable(
            "sign-in requests of 5 July 2025",
            SourcePriority.EXPORT,
            "created_at:minute|user_id:name|device_info:text=unknown|ip_address:address=unknown|status:status|expires_at:minute",
            (f, to) ->
                to.add(
                    f.copy(
                            f.row("authenticationrequest", f.text("user_id")),
                            "device_info",
                            "ip_address",
                            "status")
                        .time("created_at", f.timestamp("created_at"))
                        .time("expires_at", f.timestamp("expires_at")))),
        new PipeTable(
            "roles of 5 July 2025",
            SourcePriority.EXPORT,
            "role_name:word|description:text=|permissions:json|created_by:name=system|is_system_role:flag",
            ExportTables::role),
        new PipeTable(
            "assignments of roles of 5 July 2025",
            SourcePriority.EXPORT,
            "granted_at:minute|user_id:name|role_id:id|granted_by:name=system|expires_at:minute=never",
            (f, to) ->
                to.add(
                    f.copy(f.row("user_roles", f.text("user_id")), "role_id", "granted_by")
                        .time("granted_at", f.timestamp("granted_at"))
                        .time("expires_at", f.timestamp("expires_at")))));
  }
}
