package org.thywill.operations.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A bar of the chart that shows how many rows each recovery group has.
 *
 * @param y of its upper edge, in the chart's units
 * @param width in the chart's units
 */
record RowBar(String label, long rows, int y, long width) {
  static final int CHART_WIDTH = 720;

  /** From the upper edge of one bar to that of the next. */
  static final int STEP = 26;

  /** Where the bars begin; their labels are to the left. */
  static final int LEFT = 80;

  private static final int WIDTH_MAX = 540;

  /** The bars of a chart; the group with the most rows has the widest one. */
  static List<RowBar> of(List<RecoveryReport.Group> groups) {
    long most = groups.stream().mapToLong(RecoveryReport.Group::rows).max().orElse(0);
    List<RowBar> bars = new ArrayList<>();
    for (RecoveryReport.Group group : groups) {
      long width = Math.max(1, group.rows() * WIDTH_MAX / Math.max(1, most));
      bars.add(new RowBar(group.group().label(), group.rows(), bars.size() * STEP, width));
    }
    return bars;
  }
}
