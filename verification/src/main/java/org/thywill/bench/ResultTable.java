package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table of measurements in docs/PERFORMANCE.md. */
final class ResultTable {
  private final List<String> lines = new ArrayList<>();

  /** Measurements of one thing, in the order in which they were made. */
  record Series(List<Double> values, String unit) {
    /** The middle one; of an even number, the greater of the two in the middle. */
    double median() {
      return values.stream().sorted().toList().get(values.size() / 2);
    }

    @Override
    public String toString() {
      List<Double> sorted = values.stream().sorted().toList();
      String shape = sorted.getLast() >= 100 ? "%,.0f" : "%.2f";
      return String.format(
          Locale.ROOT,
          shape + " %s (" + shape + " – " + shape + ")",
          median(),
          unit,
          sorted.getFirst(),
          sorted.getLast());
    }
  }

  /** What ThyWill is measured beside. */
  record Peer(String name, Series series) {}

  /** What a measurement should be; the text is empty where nothing is required. */
  record Target(String text, boolean isMet) {
    static final Target NONE = new Target("", true);
  }

  /**
   * A line of the table.
   *
   * @param what was measured
   * @param size of the community, or how many writers there were
   * @param peer null if there is none
   */
  record Entry(String what, String size, Series ours, @Nullable Peer peer, Target target) {
    private String line() {
      List<String> cells = new ArrayList<>(List.of(what, size, ours.toString()));
      if (peer == null) {
        cells.addAll(List.of("", "", ""));
      } else {
        String ratio = String.format(Locale.ROOT, "%.2f", ratio(ours, peer.series()));
        cells.addAll(List.of(peer.name(), peer.series().toString(), ratio));
      }
      cells.addAll(List.of(target.text(), target.isMet() ? "yes" : "**no**"));
      return "| " + String.join(" | ", cells) + " |";
    }
  }

  /** The median of the ratios of measurements that were made side by side. */
  static double ratio(Series ours, Series peer) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.values().size(); i++) {
      ratios.add(ours.values().get(i) / peer.values().get(i));
    }
    return new Series(ratios, "").median();
  }

  /** Adds a line; returns it. */
  String add(Entry entry) {
    lines.add(entry.line());
    return lines.getLast();
  }

  private String render(String machine) {
    return machine
        + "\n\n"
        + "| what | size | ThyWill: median (least – most) | beside | its median (least – most) |"
        + " ratio | target | met |\n"
        + "|---|---|---|---|---|---|---|---|\n"
        + String.join("\n", lines)
        + "\n";
  }

  /**
   * Writes the table into a document, in place of the one before.
   *
   * @throws IOException if the document has no markers for it; then it is unchanged
   */
  void writeInto(Path document, String machine) throws IOException {
    write(document, "table", render(machine));
  }

  /**
   * Writes a text into a document, between the comments {@code <!-- marker -->} and {@code <!--
   * /marker -->}.
   *
   * @throws IOException if the document does not have both; then it is unchanged
   */
  static void write(Path document, String marker, String part) throws IOException {
    String begin = "<!-- " + marker + " -->\n";
    String end = "<!-- /" + marker + " -->";
    String text = Files.readString(document);
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf(end);
    if (from < begin.length() || to < from) {
      throw new IOException(
          document
              + " has no place for the "
              + marker
              + "; expected "
              + begin.strip()
              + " and "
              + end);
    }
    Files.writeString(document, text.substring(0, from) + "\n" + part + "\n" + text.substring(to));
  }
}
