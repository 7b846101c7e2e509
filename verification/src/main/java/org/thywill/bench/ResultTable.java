package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, as a table for docs/PERFORMANCE.md. */
final class ResultTable {
  private final List<String> lines = new ArrayList<>();

  /** Some measurements of the same thing, in the order in which they were made. */
  record Series(List<Double> values, String unit) {
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

  /** The ratio of each measurement to its neighbour's, in the middle. */
  static double ratio(Series ours, Series peer) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.values().size(); i++) {
      ratios.add(ours.values().get(i) / peer.values().get(i));
    }
    return new Series(ratios, "").median();
  }

  /** Adds a line; gives it, for people who watch. */
  String add(
      String what,
      String size,
      Series ours,
      String peerName,
      String peer,
      String ratio,
      String target,
      boolean met) {
    String line =
        "| "
            + String.join(
                " | ",
                what,
                size,
                ours.toString(),
                peerName,
                peer,
                ratio,
                target,
                met ? "yes" : "**no**")
            + " |";
    lines.add(line);
    return line;
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

  /** Puts the table into its place in a document. */
  void writeInto(Path document, String machine) throws IOException {
    write(document, "table", render(machine));
  }

  /** Puts a text into a document, between two comments that name its place. */
  static void write(Path document, String place, String part) throws IOException {
    String begin = "<!-- " + place + " -->\n";
    String end = "<!-- /" + place + " -->";
    String text = Files.readString(document);
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf(end);
    if (from < begin.length() || to < from) {
      throw new IOException(
          document
              + " has no place for the "
              + place
              + "; expected "
              + begin.strip()
              + " and "
              + end);
    }
    Files.writeString(document, text.substring(0, from) + "\n" + part + "\n" + text.substring(to));
  }
}
