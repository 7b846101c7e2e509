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
 * Statements of one row. Those of one origin never meet in a cluster: two equal marks of a file are
 * two marks. Those of several origins do where they have one id, or else where their times are of
 * one minute, or else of neighbouring minutes, since the original read its clock twice. Two ids are
 * two rows, but an export may tell the ids that a database had before it was restored from texts.
 * What the monthly activity repeats it may stamp later, so it meets whatever is left. So does what
 * is told of a row of the community whose id was made, if there is one row for each key, or if the
 * server's clock was taken for another when it was made.
 */
record AssertionCluster(List<RowAssertion> rows, long minute) {
  private static final int QUARTER = 15;
  private static final int ZONES_MAX = 14 * 60;

  /**
   * Puts what was stated of rows of one key into clusters.
   *
   * @param time the column that tells when
   * @param same what rows must have in common besides
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
      List<RowAssertion> others = rows.stream().filter(row -> !matching.meetsById(row)).toList();
      for (RowAssertion row : others) {
        if (!matching.meets(row, 0)) {
          left.add(row);
        }
      }
      for (RowAssertion row : left) {
        if (!matching.meets(row, -1)
            && !matching.meets(row, 1)
            && !(row.priority() == SourcePriority.MONTHLY && matching.meetsAny(row))
            && !matching.meetsMade(row)) {
          AssertionCluster fresh =
              new AssertionCluster(new ArrayList<>(List.of(row)), minute(row, time));
          matching.taken.put(fresh, true);
          all.add(fresh);
          index
              .computeIfAbsent(same.apply(row), _ -> new HashMap<>())
              .computeIfAbsent(fresh.minute, _ -> new ArrayList<>())
              .add(fresh);
        }
      }
    }
    all.sort(Comparator.comparingLong(AssertionCluster::minute));
    return all;
  }

  /** Whether any statement is of a kind of source. */
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

  static long minute(RowAssertion row, String time) {
    String value = row.values().get(time);
    LocalTimestamp timestamp = value == null ? null : LocalTimestamp.ofIso(value);
    return timestamp == null ? 0 : timestamp.minute();
  }

  /** How the rows of one origin find the clusters of others. */
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

    boolean meets(RowAssertion row, int minutes) {
      List<AssertionCluster> there =
          index
              .getOrDefault(same.apply(row), Map.of())
              .getOrDefault(minute(row, time) + minutes, List.of());
      return meets(row, there);
    }

    boolean meetsAny(RowAssertion row) {
      return index.getOrDefault(same.apply(row), Map.of()).values().stream()
          .anyMatch(there -> meets(row, there));
    }

    boolean meetsMade(RowAssertion row) {
      return index.getOrDefault(same.apply(row), Map.of()).values().stream()
          .flatMap(List::stream)
          .filter(
              cluster -> cluster.rows.getFirst().values().containsKey(RowAssertion.SYNTHETIC_ID))
          .anyMatch(
              cluster ->
                  isOneEvent(row, Math.abs(cluster.minute - minute(row, time)))
                      && meets(row, List.of(cluster)));
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

    boolean meetsById(RowAssertion row) {
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
                                              String its =
                                                  other
                                                      .values()
                                                      .getOrDefault(
                                                          "id",
                                                          other
                                                              .values()
                                                              .get(RowAssertion.SYNTHETIC_ID));
                                              if (its != null) {
                                                byId.put(its, cluster);
                                              }
                                            }))));
      }
      AssertionCluster cluster = byId.get(id);
      return cluster != null && !taken.containsKey(cluster) && meets(row, List.of(cluster));
    }

    private boolean meets(RowAssertion row, Collection<AssertionCluster> there) {
      for (AssertionCluster cluster : there) {
        if (!taken.containsKey(cluster) && mayMeet(row, cluster)) {
          cluster.rows.add(row);
          taken.put(cluster, true);
          return true;
        }
      }
      return false;
    }

    private static boolean mayMeet(RowAssertion row, AssertionCluster cluster) {
      String id = row.values().get("id");
      return id == null
          || row.priority() != SourcePriority.DATABASE && cluster.has(SourcePriority.DATABASE)
          || cluster.rows.stream()
              .map(other -> other.values().get("id"))
              .allMatch(other -> other == null || Objects.equals(other, id));
    }
  }
}
