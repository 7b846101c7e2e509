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
import org.thywill.legacy.text.dialect.Assertion.RowStated;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * Gives sign-in requests their ids back. The live table has none; votes and rejections do. One that
 * fits a single request by its time, made before it and not expired then, is that request's.
 */
final class SignInMatcher {
  private static final long DAYS = 8 * 24 * 60;

  private final AssertionStore staging;
  private final TextReport report;

  /** The first word on a request: when, and by whom. */
  private record Word(long minute, String by, SourceLocation place) {}

  SignInMatcher(AssertionStore staging, TextReport report) {
    this.staging = staging;
    this.report = report;
  }

  void resolve() throws SQLException {
    Set<String> known = new HashSet<>();
    List<RowStated> nameless = new ArrayList<>();
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
              nameless.add(cluster.rows().getFirst());
            } else {
              known.add(id);
            }
          }
        });
    Map<String, Word> words = new LinkedHashMap<>();
    staging.forEachGroup(
        "authapproval",
        (key, rows) ->
            rows.forEach(
                row ->
                    words.merge(
                        key.getFirst(),
                        new Word(
                            AssertionCluster.minute(row, "created_at"), key.get(1), row.place()),
                        (a, b) -> a.minute <= b.minute ? a : b)));
    staging.rejected.forEach(
        (id, rejection) ->
            words.putIfAbsent(id, new Word(rejection.at().minute(), "", rejection.place())));
    words.keySet().removeAll(known);
    assign(words, nameless);
    for (Map.Entry<String, Word> left : words.entrySet()) {
      report.find(
          "request-not-found",
          true,
          left.getValue().place,
          "a word on a sign-in request that no file states, or that several could be");
    }
  }

  /**
   * Words that fit one request alone name it, and leave fewer for the others; so again, until none
   * is named.
   */
  private void assign(Map<String, Word> words, List<RowStated> requests) throws SQLException {
    TreeMap<Long, List<RowStated>> byTime = new TreeMap<>();
    requests.forEach(
        request ->
            byTime
                .computeIfAbsent(
                    AssertionCluster.minute(request, "created_at"), _ -> new ArrayList<>())
                .add(request));
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (Map.Entry<String, Word> word : List.copyOf(words.entrySet())) {
        List<RowStated> fits = fitting(word.getValue(), byTime);
        if (fits.size() == 1) {
          byTime
              .getOrDefault(AssertionCluster.minute(fits.getFirst(), "created_at"), List.of())
              .remove(fits.getFirst());
          words.remove(word.getKey());
          name(fits.getFirst(), word.getKey());
          goesOn = true;
        }
      }
    }
  }

  /** The requests that were open at a word's time; no more than two, since two are too many. */
  private static List<RowStated> fitting(Word word, NavigableMap<Long, List<RowStated>> byTime) {
    return byTime.subMap(word.minute - DAYS, true, word.minute, true).values().stream()
        .flatMap(List::stream)
        .filter(
            request ->
                request.values().get("expires_at") == null
                    || word.minute <= AssertionCluster.minute(request, "expires_at"))
        .limit(2)
        .toList();
  }

  private void name(RowStated request, String id) {
    RowStated named =
        RowStated.of(
                "authenticationrequest",
                "votes",
                SourcePriority.INFERRED,
                request.place(),
                request.key().getFirst())
            .inferred("id", id);
    named.values().put("created_at", request.values().get("created_at"));
    staging.add(named);
    if (staging.rejected.containsKey(id)) {
      staging.add(
          RowStated.of(
                  "authenticationrequest",
                  "rejections",
                  SourcePriority.EXPORT,
                  staging.rejected.get(id).place(),
                  request.key().getFirst())
              .set("status", "rejected")
              .set("created_at", request.values().get("created_at")));
    }
  }
}
