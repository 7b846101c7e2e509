package org.thywill.legacy.text;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thywill.legacy.text.Statement.RowStated;

/**
 * What the server's clock showed against UTC, where both stamped one event: an exported attribute {@code answered} has its time in UTC, and the value of
 * {@code answer_date} beside it is the same moment on the server's clock.
 */
final class Offsets {
  private static final int QUARTER = 15;

  private final Map<String, Stamp> answered = new HashMap<>();
  private final Map<String, Stamp> dates = new HashMap<>();

  void look(RowStated row) {
    if (row.table().equals("prayer_attributes") && row.trust() == Trust.EXPORT) {
      String name = row.key().get(1);
      String value = row.values().get(name.equals("answer_date") ? "attribute_value" : "created_at");
      Stamp stamp = value == null ? null : Stamp.ofIso(value);
      if (stamp != null && (name.equals("answered") || name.equals("answer_date"))) {
        (name.equals("answered") ? answered : dates).put(row.key().getFirst(), stamp);
      }
    }
  }

  /** The offset that all such events agree on; none if there is no event, or if they differ, as they do where clocks are put forward in summer. */
  Optional<ZoneOffset> agreed() {
    TreeMap<Integer, Integer> found = new TreeMap<>();
    answered.forEach((prayer, utc) -> {
      Stamp local = dates.get(prayer);
      if (local != null) {
        double minutes = Duration.between(utc.time(), local.time()).toSeconds() / 60.0;
        found.merge((int) Math.round(minutes / QUARTER) * QUARTER, 1, Integer::sum);
      }
    });
    boolean isOne = found.size() == 1 && Math.abs(found.firstKey()) <= 14 * 60;
    return isOne ? Optional.of(ZoneOffset.ofTotalSeconds(found.firstKey() * 60)) : Optional.empty();
  }
}
