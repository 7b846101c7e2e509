package org.thywill.legacy.text.merge;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * Finds the ids of sign-ins, which the live table lacks, from approvals and rejections.
 *
 * <p>A decision belongs to a sign-in that was made before it and was not expired; if there is only
 * one such sign-in, the decision has its id.
 */
final class SignInMatcher {

  /** The longest time between a sign-in and a decision. */
  private static final long MINUTES_MAX = 8 * 24 * 60;

  private final AssertionStore staging;
  private final TextReport report;

  /** The first decision on a sign-in: when, and by whom. */
  private record Decision(long minute, String by, SourceLocation location) {}

  SignInMatcher(AssertionStore staging, TextReport report) {
    this.staging = staging;
    this.report = report;
  }

  /** Adds the ids that can be found; reports each decision without a sign-in. */
  void resolve() throws SQLException {
    Set<String> known = new HashSet<>();
    List<RowAssertion> withoutId = new ArrayList<>();
    staging.forEachGroup(
        "authenticationrequest",
        (key, rows) -> {
          for (AssertionCluster cluster : AssertionCluster.of(rows, "created_at", row -> "")) {
            @Nullable String id =
                cluster.rows().stream()
                    .map(row -> row.values().get("id"))
                    .filter(one -> one != null)
                    .findFirst()
                    .orElse(null);
            if (id == null) {
              withoutId.add(cluster.rows().getFirst());
            } else {
              known.add(id);
            }
          }
        });
    Map<String, Decision> decisions = new LinkedHashMap<>();
    staging.forEachGroup(
        "authapproval",
        (key, rows) ->
            rows.forEach(
                row ->
                    decisions.merge(
                        key.getFirst(),
                        new Decision(
                            AssertionCluster.minute(row, "created_at"), key.get(1), row.location()),
                        (a, b) -> a.minute <= b.minute ? a : b)));
    staging.rejections.forEach(
        (id, rejection) ->
            decisions.putIfAbsent(
                id, new Decision(rejection.at().minute(), "", rejection.location())));
    decisions.keySet().removeAll(known);
    assign(decisions, withoutId);
    for (Map.Entry<String, Decision> remaining : decisions.entrySet()) {
      report.addFinding(
          "request-not-found",
          true,
          remaining.getValue().location,
          "a word on a sign-in request that no file states, or that several could be");
    }
  }

  /**
   * Assigns decisions to sign-ins until no more can be assigned.
   *
   * <p>Each assignment leaves fewer sign-ins for the remaining decisions.
   */
  private void assign(Map<String, Decision> decisions, List<RowAssertion> requests)
      throws SQLException {
    TreeMap<Long, List<RowAssertion>> byTime = new TreeMap<>();
    requests.forEach(
        request ->
            byTime
                .computeIfAbsent(
                    AssertionCluster.minute(request, "created_at"), _ -> new ArrayList<>())
                .add(request));
    boolean isProgress = true;
    while (isProgress) {
      isProgress = false;
      for (Map.Entry<String, Decision> decision : List.copyOf(decisions.entrySet())) {
        List<RowAssertion> fits = fitting(decision.getValue(), byTime);
        if (fits.size() == 1) {
          byTime
              .getOrDefault(AssertionCluster.minute(fits.getFirst(), "created_at"), List.of())
              .remove(fits.getFirst());
          decisions.remove(decision.getKey());
          assignId(fits.getFirst(), decision.getKey());
          isProgress = true;
        }
      }
    }
  }

  /** The sign-ins that were pending at the time of a decision; at most two are returned. */
  private static List<RowAssertion> fitting(
      Decision decision, NavigableMap<Long, List<RowAssertion>> byTime) {
    return byTime
        .subMap(decision.minute - MINUTES_MAX, true, decision.minute, true)
        .values()
        .stream()
        .flatMap(List::stream)
        .filter(
            request ->
                request.values().get("expires_at") == null
                    || decision.minute <= AssertionCluster.minute(request, "expires_at"))
        .limit(2)
        .toList();
  }

  private void assignId(RowAssertion request, String id) {
    RowAssertion named =
        RowAssertion.of(
                "authenticationrequest",
                "votes",
                SourcePriority.INFERRED,
                request.location(),
                request.key().getFirst())
            .inferred("id", id);
    named.values().put("created_at", request.values().get("created_at"));
    staging.add(named);
    if (staging.rejections.containsKey(id)) {
      staging.add(
          RowAssertion.of(
                  "authenticationrequest",
                  "rejections",
                  SourcePriority.EXPORT,
                  staging.rejections.get(id).location(),
                  request.key().getFirst())
              .set("status", "rejected")
              .set("created_at", request.values().get("created_at")));
    }
  }
}
