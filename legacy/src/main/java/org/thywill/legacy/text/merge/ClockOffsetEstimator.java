package org.thywill.legacy.text.merge;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.LocalTimestamp;
import org.thywill.legacy.text.dialect.SourcePriority;

/**
 * Estimates the offset of the server's clock from events that have a time in UTC and one of the
 * clock.
 *
 * <p>An attribute {@code answered} has its time in UTC, and the value of {@code answer_date} is the
 * same moment on the server's clock.
 */
public final class ClockOffsetEstimator {
  private static final int QUARTER = 15;
  private static final int HOURS_MAX = 14;

  private final Map<String, LocalTimestamp> answered = new HashMap<>();
  private final Map<String, LocalTimestamp> dates = new HashMap<>();

  /** Takes the times of a row, if it is one of these attributes. */
  void add(RowAssertion row) {
    boolean isExact =
        row.priority() == SourcePriority.EXPORT
            || row.priority() == SourcePriority.DATABASE
                && !row.values().containsKey(RowAssertion.SYNTHETIC_ID);
    if (row.table().equals("prayer_attributes") && isExact) {
      String name = row.key().get(1);
      String value =
          row.values().get(name.equals("answer_date") ? "attribute_value" : "created_at");
      LocalTimestamp timestamp = value == null ? null : LocalTimestamp.ofIso(value);
      if (timestamp != null && (name.equals("answered") || name.equals("answer_date"))) {
        (name.equals("answered") ? answered : dates).put(row.key().getFirst(), timestamp);
      }
    }
  }

  /**
   * The offset that all such events have.
   *
   * @return empty if there is no event, or if they differ, as they do with daylight saving time
   */
  public Optional<ZoneOffset> agreedOffset() {
    SortedSet<Integer> found = minutes();
    boolean isOne = found.size() == 1 && Math.abs(found.first()) <= HOURS_MAX * 60;
    return isOne ? Optional.of(ZoneOffset.ofTotalSeconds(found.first() * 60)) : Optional.empty();
  }

  /** Why there is no agreed offset, for a message. */
  public String why() {
    List<String> found =
        minutes().stream()
            .filter(minutes -> Math.abs(minutes) <= HOURS_MAX * 60)
            .map(minutes -> shown(ZoneOffset.ofTotalSeconds(minutes * 60)))
            .toList();
    return found.size() < 2
        ? "no event shows another offset"
        : "events that both clocks stamped differ ("
            + String.join(", ", found)
            + "), as where clocks are put forward in summer";
  }

  /** The name of an offset in messages. */
  public static String shown(ZoneOffset offset) {
    return offset.equals(ZoneOffset.UTC) ? "UTC" : offset.toString();
  }

  private SortedSet<Integer> minutes() {
    SortedSet<Integer> found = new TreeSet<>();
    answered.forEach(
        (prayer, utc) -> {
          LocalTimestamp local = dates.get(prayer);
          if (local != null) {
            double minutes = Duration.between(utc.time(), local.time()).toSeconds() / 60.0;
            found.add((int) Math.round(minutes / QUARTER) * QUARTER);
          }
        });
    return found;
  }
}
