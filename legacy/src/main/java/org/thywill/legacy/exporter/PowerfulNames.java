package org.thywill.legacy.exporter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.SqliteValue;

/**
 * Names of members that give rights in the original, which compares names and asks no role.
 *
 * <p>Each is found, and unless the operator allows it, the member is written under another name. An
 * id of an imported member that equals such a name was given by the original, and is kept.
 */
final class PowerfulNames {
  private static final Map<String, String> EFFECTS =
      Map.of(
          "admin", "the original takes a member of this name for an admin",
          "system", "in the original an invite by this name makes an admin");

  private final boolean isAllowed;
  private final Map<String, LegacyFinding> findings = new LinkedHashMap<>();

  PowerfulNames(boolean isAllowed) {
    this.isAllowed = isAllowed;
  }

  /** The value that is written for the name or the id of a member. */
  SqliteValue written(Row member, SqliteValue value) {
    if (!(value instanceof SqliteValue.Text text) || !EFFECTS.containsKey(text.value())) {
      return value;
    }
    String other = text.value() + " (" + member.key() + ")";
    findings.put(
        member.key(),
        new LegacyFinding(
            "powerful-name",
            "warning",
            LegacyLayout.USER,
            0,
            "Member "
                + LegacyFinding.shown(member.key())
                + " has the name "
                + text.value()
                + ": "
                + EFFECTS.get(text.value())
                + (isAllowed
                    ? "; it is written as it is"
                    : "; it is written as \""
                        + LegacyFinding.shown(other)
                        + "\", and as it is only with --allow-powerful-names")));
    return isAllowed ? value : new SqliteValue.Text(other);
  }

  /** The value that is written for the id of a member; an id may have been made of the handle. */
  SqliteValue writtenId(Row member, SqliteValue id) {
    return id.equals(new SqliteValue.Text(member.require(Catalog.Members.HANDLE)))
        ? written(member, id)
        : id;
  }

  /** A finding for each member with such a name. */
  List<LegacyFinding> findings() {
    return List.copyOf(findings.values());
  }
}
