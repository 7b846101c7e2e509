package org.thywill.legacy.text.merge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.LocalTimestamp;
import org.thywill.legacy.text.dialect.SourcePriority;

/**
 * The assertions about one row.
 *
 * <p>Assertions of one origin are never in the same cluster: two equal marks of a file are two
 * marks. Assertions of several origins are in one cluster if they have the same id, or else if
 * their times are of the same minute, or else of neighbouring minutes, because the original read
 * its clock twice. Different ids are different rows, except that an export may state the ids that a
 * database had before it was restored from texts.
 *
 * <p>The monthly activity may have later times, so its assertions join whatever cluster is left. So
 * do assertions about a row of the community whose id was made by an earlier import, if there is
 * one row for each key, or if that import assumed another zone for the server's clock.
 */
record AssertionCluster(List<RowAssertion> rows, long minute) {
  private static final int QUARTER = 15;
  private static final int ZONES_MAX = 14 * 60;

  /**
   * Groups the assertions about the rows of one key into clusters.
   *
   * @param time the column with the time of a row
   * @param same what the assertions of a cluster must also have in common
   */
  static List<AssertionCluster> of(
      List<RowAssertion> group, String time, Function<RowAssertion, String> same) {
    Map<String, List<RowAssertion>> origins = new LinkedHashMap<>();
    group.stream()
        .sorted(Comparator.comparing(RowAssertion::priority))
        .forEach(row -> origins.computeIfAbsent(row.origin(), _ -> new ArrayList<>()).add(row));
    Map<String, Map<Long, List<AssertionCluster>>> index = new HashMap<>();
    List<AssertionCluster> all = new ArrayList<>();
    for (List<RowAssertion> rows : origins.values()) {
      rows.sort(Comparator.comparingLong(row -> minute(row, time)));
      Matching matching = new Matching(index, time, same);
      List<RowAssertion> left = new ArrayList<>();
      List<RowAssertion> others = rows.stream().filter(row -> !matching.joinsById(row)).toList();
      for (RowAssertion row : others) {
        if (!matching.joins(row, 0)) {
          left.add(row);
        }
      }
      for (RowAssertion row : left) {
        if (!matching.joins(row, -1)
            && !matching.joins(row, 1)
            && !(row.priority() == SourcePriority.MONTHLY && matching.joinsAny(row))
            && !matching.joinsSynthetic(row)) {
          AssertionCluster cluster =
              new AssertionCluster(new ArrayList<>(List.of(row)), minute(row, time));
          matching.taken.put(cluster, true);
          all.add(cluster);
          index
              .computeIfAbsent(same.apply(row), _ -> new HashMap<>())
              .computeIfAbsent(cluster.minute, _ -> new ArrayList<>())
              .add(cluster);
        }
      }
    }
    all.sort(Comparator.comparingLong(AssertionCluster::minute));
    return all;
  }

  /** Whether any assertion has a priority. */
  boolean has(SourcePriority priority) {
    return rows.stream().anyMatch(row -> row.priority() == priority);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** The minute of a time column, since 1970; 0 if it has no time. */
  static long minute(RowAssertion row, String time) {
    String value = row.values().get(time);
    LocalTimestamp timestamp = value == null ? null : LocalTimestamp.ofIso(value);
    return timestamp == null ? 0 : timestamp.minute();
  }

  /** Adds the assertions of one origin to the clusters of earlier origins. */
  private static final class Matching {
    private final Map<String, Map<Long, List<AssertionCluster>>> index;
    private final String time;
    private final Function<RowAssertion, String> same;
    private final Map<AssertionCluster, Boolean> taken = new HashMap<>();
    private final Map<String, AssertionCluster> byId = new HashMap<>();

    Matching(
        Map<String, Map<Long, List<AssertionCluster>>> index,
        String time,
        Function<RowAssertion, String> same) {
      this.index = index;
      this.time = time;
      this.same = same;
    }

    boolean joins(RowAssertion row, int minutes) {
      List<AssertionCluster> there =
          index
              .getOrDefault(same.apply(row), Map.of())
              .getOrDefault(minute(row, time) + minutes, List.of());
      return joins(row, there);
    }

    boolean joinsAny(RowAssertion row) {
      return index.getOrDefault(same.apply(row), Map.of()).values().stream()
          .anyMatch(there -> joins(row, there));
    }

    boolean joinsSynthetic(RowAssertion row) {
      return index.getOrDefault(same.apply(row), Map.of()).values().stream()
          .flatMap(List::stream)
          .filter(
              cluster -> cluster.rows.getFirst().values().containsKey(RowAssertion.SYNTHETIC_ID))
          .anyMatch(
              cluster ->
                  isOneEvent(row, Math.abs(cluster.minute - minute(row, time)))
                      && joins(row, List.of(cluster)));
    }

    private static boolean isOneEvent(RowAssertion row, long minutesApart) {
      return switch (row.table()) {
        case "prayer_attributes", "invite_token_usage" -> true;
        case "prayer_activity_log" ->
            (row.key().get(2).startsWith("set_") || row.key().get(2).startsWith("remove_"))
                && minutesApart <= ZONES_MAX
                && (minutesApart + 1) % QUARTER <= 2;
        default -> false;
      };
    }

    boolean joinsById(RowAssertion row) {
      String id = row.values().get("id");
      if (id == null) {
        return false;
      }
      if (byId.isEmpty()) {
        index
            .values()
            .forEach(
                times ->
                    times
                        .values()
                        .forEach(
                            there ->
                                there.forEach(
                                    cluster ->
                                        cluster.rows.forEach(
                                            other -> {
                                              String otherId =
                                                  other
                                                      .values()
                                                      .getOrDefault(
                                                          "id",
                                                          other
                                                              .values()
                                                              .get(RowAssertion.SYNTHETIC_ID));
                                              if (otherId != null) {
                                                byId.put(otherId, cluster);
                                              }
                                            }))));
      }
      AssertionCluster cluster = byId.get(id);
      return cluster != null && !taken.containsKey(cluster) && joins(row, List.of(cluster));
    }

    private boolean joins(RowAssertion row, Collection<AssertionCluster> there) {
      for (AssertionCluster cluster : there) {
        if (!taken.containsKey(cluster) && mayJoin(row, cluster)) {
          cluster.rows.add(row);
          taken.put(cluster, true);
          return true;
        }
      }
      return false;
    }

    private static boolean mayJoin(RowAssertion row, AssertionCluster cluster) {
      String id = row.values().get("id");
      return id == null
          || row.priority() != SourcePriority.DATABASE && cluster.has(SourcePriority.DATABASE)
          || cluster.rows.stream()
              .map(other -> other.values().get("id"))
              .allMatch(other -> other == null || Objects.equals(other, id));
    }
  }
}
