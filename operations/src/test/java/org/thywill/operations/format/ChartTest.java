package org.thywill.operations.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a chart shows: every period once, also where nothing happened, and the same in words. */
class ChartTest {
  private static SortedMap<LocalDate, Long> days(String... days) {
    SortedMap<LocalDate, Long> counts = new TreeMap<>();
    for (String day : days) {
      counts.merge(LocalDate.parse(day), 1L, Long::sum);
    }
    return counts;
  }

  private static Chart chart(
      SortedMap<LocalDate, Long> days, ChartPeriod period, String first, int count) {
    return Chart.of("requests", "Requests", days, period, LocalDate.parse(first), count);
  }

  private static List<String> texts(Chart chart) {
    return chart.bars().stream().map(Chart.Bar::text).toList();
  }

  @Test
  void nothing_isAChartWithoutBars_andSaidSo() {
    Chart chart = chart(days(), ChartPeriod.MONTH, "2026-01-01", 12);
    assertThat(chart.bars()).hasSize(12).allSatisfy(bar -> assertThat(bar.height()).isZero());
    assertThat(chart.top()).isEqualTo(1);
    assertThat(chart.summary())
        .isEqualTo("Requests per month, January 2026 to December 2026: none.");
  }

  @Test
  void weeks_areThoseOfIso_soThatTheTurnOfAYearIsInOneOfThem() {
    Chart chart =
        chart(
            days(
                "2025-12-28", "2025-12-29", "2025-12-31", "2026-01-01", "2026-01-04", "2026-01-05"),
            ChartPeriod.WEEK,
            "2025-12-22",
            3);
    assertThat(texts(chart))
        .containsExactly("week 52 of 2025: 1", "week 1 of 2026: 4", "week 2 of 2026: 1");
    assertThat(ChartPeriod.WEEK.name(ChartPeriod.WEEK.start(LocalDate.parse("2021-01-03"))))
        .isEqualTo("week 53 of 2020");
    assertThat(ChartPeriod.WEEK.start(LocalDate.parse("2026-01-01"))).isEqualTo("2025-12-29");
  }

  @Test
  void periods_areAsLongAsTheyAre_andNothingOutsideIsCounted() {
    SortedMap<LocalDate, Long> days =
        days(
            "2023-12-31",
            "2024-01-01",
            "2024-02-29",
            "2024-02-29",
            "2024-03-01",
            "2024-12-31",
            "2025-01-01");
    assertThat(texts(chart(days, ChartPeriod.MONTH, "2024-01-01", 3)))
        .containsExactly("January 2024: 1", "February 2024: 2", "March 2024: 1");
    assertThat(texts(chart(days, ChartPeriod.YEAR, "2023-01-01", 3)))
        .containsExactly("2023: 1", "2024: 5", "2025: 1");
    assertThat(texts(chart(days, ChartPeriod.DAY, "2024-02-28", 3)))
        .containsExactly("28 February 2024: 0", "29 February 2024: 2", "1 March 2024: 1");
    assertThat(chart(days, ChartPeriod.YEAR, "2023-01-01", 3).summary())
        .isEqualTo("Requests per year, 2023 to 2025: 7 in all, the most in 2024: 5.");
  }

  @Test
  void levels_areWhatThereWasInAll_alsoFromBeforeTheFirstBar() {
    SortedMap<LocalDate, Long> bytes = new TreeMap<>();
    bytes.put(LocalDate.parse("2025-06-01"), 1_000_000L);
    bytes.put(LocalDate.parse("2026-01-01"), 500_000L);
    bytes.put(LocalDate.parse("2026-03-01"), 700_000L);
    Chart chart =
        Chart.of(
            new Chart.Series("size", "Text", Chart.Shows.AT_THE_END, Chart.Unit.BYTES, bytes),
            ChartPeriod.MONTH,
            LocalDate.parse("2026-01-01"),
            3);
    assertThat(texts(chart))
        .containsExactly("January 2026: 1.5 MB", "February 2026: 1.5 MB", "March 2026: 2.2 MB");
    assertThat(chart.topText()).isEqualTo("4.0 MB");
    assertThat(chart.summary())
        .isEqualTo(
            "Text at the end of each month, January 2026 to March 2026: from 1.5 MB to 2.2 MB.");
  }

  @Test
  void lastMonths_endWithTheGivenMonth_orALaterOneThatHasACount_andAreNoMoreThanTheMost() {
    Chart.Series series =
        Chart.Series.perMonth(
            "growth",
            "Text",
            Chart.Shows.WITHIN,
            Chart.Unit.TIMES,
            Map.of("2026-01", 5L, "2026-03", 7L));
    assertThat(texts(Chart.ofLastMonths(series, LocalDate.parse("2026-04-30"), 24).orElseThrow()))
        .containsExactly("January 2026: 5", "February 2026: 0", "March 2026: 7", "April 2026: 0");
    assertThat(texts(Chart.ofLastMonths(series, LocalDate.parse("2025-12-31"), 2).orElseThrow()))
        .containsExactly("February 2026: 0", "March 2026: 7");
    Chart.Series empty =
        Chart.Series.perMonth("growth", "Text", Chart.Shows.WITHIN, Chart.Unit.TIMES, Map.of());
    assertThat(Chart.ofLastMonths(empty, LocalDate.parse("2026-04-30"), 24)).isEmpty();
  }

  @Test
  void bars_standBesideEachOther_andTheHighestIsBelowARoundNumber() {
    SortedMap<LocalDate, Long> days = new TreeMap<>();
    days.put(LocalDate.parse("2026-01-01"), 1L);
    days.put(LocalDate.parse("2026-01-02"), 1_500L);
    days.put(LocalDate.parse("2026-01-03"), 2_000L);
    Chart chart = chart(days, ChartPeriod.DAY, "2026-01-01", 3);
    assertThat(chart.top()).isEqualTo(2_000);
    assertThat(chart.bars())
        .extracting(Chart.Bar::height)
        .as("one can be seen beside two thousand")
        .containsExactly(10, 750, 1_000);
    assertThat(chart.bars())
        .allSatisfy(bar -> assertThat(bar.y() + bar.height()).isEqualTo(Chart.HEIGHT));
    assertThat(chart.bars())
        .allSatisfy(bar -> assertThat(bar.x() + bar.width()).isLessThan(chart.width()));
    assertThat(texts(chart)).last().isEqualTo("3 January 2026: 2,000");
    for (long most = 1; most < 2_000; most++) {
      days.put(LocalDate.parse("2026-01-03"), most);
      days.put(LocalDate.parse("2026-01-02"), 0L);
      assertThat(chart(days, ChartPeriod.DAY, "2026-01-01", 3).top())
          .as("above " + most)
          .isBetween(most, 2 * most);
    }
  }
}
