package org.thywill.archive.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/**
 * One prayer's own file: its text and its timeline for people, then the exact journal lines that
 * both were made from, then a check of all bytes above (FORMAT.md, Pages). The upper part follows
 * from the lines, so the whole page follows from the logs.
 */
public final class PrayerPageFile {
  public static final String FOLDER = "prayers";
  public static final String RECORD =
      "Record: the exact lines behind this page, as they stand in the journal. README.txt at the"
          + " top of the archive explains them.";
  private static final String CHECK = "check|";
  private static final Pattern NAME =
      Pattern.compile(
          "prayers/\\d{4}/\\d{2}/\\d{4}_\\d{2}_\\d{2}_prayer_at_\\d{4}_[0-9a-z]{1,64}\\.txt");
  private static final Pattern SAFE_ID = Pattern.compile("[0-9a-z]{1,32}");

  /** How much of the hash of an id is enough to tell it from all others. */
  private static final int HASH_DIGITS = 32;

  private PrayerPageFile() {}

  /** The prayer on whose page a change stands, if on any. */
  public static Optional<String> prayerOf(Change change) {
    Table table = change.table();
    return table.pageColumn().flatMap(column -> change.row().text(column));
  }

  public static boolean isPage(String file) {
    return NAME.matcher(file).matches();
  }

  /**
   * The path of the page of a prayer that was first written down at an instant. An id that cannot
   * be a file name is replaced by its hash.
   */
  public static String file(String prayer, long addedAt) {
    String time = Timestamps.format(addedAt);
    String year = time.substring(0, 4);
    String month = time.substring(5, 7);
    String id =
        SAFE_ID.matcher(prayer).matches()
            ? prayer
            : "x" + Sha256.hex(prayer).substring(0, HASH_DIGITS);
    return String.join(
        "/",
        FOLDER,
        year,
        month,
        year
            + "_"
            + month
            + "_"
            + time.substring(8, 10)
            + "_prayer_at_"
            + time.substring(11, 13)
            + time.substring(14, 16)
            + "_"
            + id
            + ".txt");
  }

  /** The first line that adds the prayer, if one does; without it there is no page. */
  public static Optional<Change> added(List<Line> lines) {
    return lines.stream()
        .map(Line::change)
        .filter(change -> change.table() == Catalog.PRAYERS)
        .findFirst();
  }

  /** The whole page from all lines that name one prayer, in order; one of them must add it. */
  public static byte[] render(List<Line> lines) {
    Change added = added(lines).orElseThrow();
    Change present =
        lines.stream()
            .map(Line::change)
            .filter(change -> change.table() == Catalog.PRAYERS)
            .reduce(added, (before, after) -> after);
    Row prayer = present.row();
    boolean removed = present.operation() == Operation.REMOVED;
    StringBuilder out = new StringBuilder();
    out.append("Prayer ")
        .append(readable(prayer.key()))
        .append(" by ")
        .append(readable(prayer.text("author").orElse("somebody unknown")))
        .append('\n');
    out.append("Submitted ")
        .append(minute(prayer.number("created_at").orElse(added.at())))
        .append('\n');
    prayer
        .text("project_tag")
        .ifPresent(tag -> out.append("Project: ").append(readable(tag)).append('\n'));
    String moderation = prayer.text("moderation").orElse("open");
    if (removed || !moderation.equals("open")) {
      out.append("State: ").append(removed ? "removed" : readable(moderation)).append('\n');
    }
    out.append('\n').append(readable(prayer.text("text").orElse(""))).append("\n\n");
    prayer
        .text("generated_prayer")
        .ifPresent(
            text -> out.append("Generated prayer:\n\n").append(readable(text)).append("\n\n"));
    out.append("Timeline:\n\n");
    lines.forEach(line -> said(line.change()).ifPresent(entry -> out.append(entry).append('\n')));
    out.append('\n').append(RECORD).append('\n');
    LineBuffer page = new LineBuffer();
    page.utf8(out.toString());
    lines.forEach(line -> page.put(line.bytes(), 0, line.bytes().length));
    page.ascii(CHECK);
    page.ascii(LineCodec.crc(page.array(), 0, page.length())).put((byte) '\n');
    return page.copy(0);
  }

  /**
   * The lines in a page.
   *
   * @throws MalformedLineException if its check or one of its lines is not as it was written
   */
  public static List<Line> lines(byte[] page, LineCodec codec) throws MalformedLineException {
    int checkAt = page.length - CHECK.length() - 9;
    if (checkAt < 0
        || !new String(page, checkAt, page.length - checkAt, StandardCharsets.UTF_8)
            .equals(CHECK + LineCodec.crc(page, 0, checkAt + CHECK.length()) + "\n")) {
      throw new MalformedLineException("the check at the end does not match the page");
    }
    byte[] marker = ("\n" + RECORD + "\n").getBytes(StandardCharsets.UTF_8);
    int start = lastIndexOf(page, marker, checkAt);
    if (start < 0) {
      throw new MalformedLineException("no record in the page");
    }
    List<Line> lines = new ArrayList<>();
    try (LineReader in = LineReader.of(page, start + marker.length, checkAt)) {
      while (in.next()) {
        lines.add(Line.ofJournal(codec, in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  private static int lastIndexOf(byte[] bytes, byte[] what, int before) {
    for (int i = before - what.length; i >= 0; i--) {
      if (bytes[i] == what[0] && Arrays.equals(bytes, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return -1;
  }

  /** What a change means to a reader, or nothing where another line says it already. */
  private static Optional<String> said(Change change) {
    Row row = change.row();
    Table table = change.table();
    String verb =
        switch (change.operation()) {
          case ADDED -> "";
          case CHANGED -> "changed: ";
          case REMOVED -> "took back: ";
        };
    if (table == Catalog.PRAYERS) {
      return Optional.of(
          entry(
              change,
              Optional.of(change.stamp().cause().actor()),
              switch (change.operation()) {
                case ADDED ->
                    "was asked to pray by "
                        + readable(row.text("author").orElse("somebody unknown"));
                case CHANGED ->
                    "changed the prayer ("
                        + readable(row.text("moderation").orElse("open"))
                        + ")"
                        + because(change);
                case REMOVED -> "removed the prayer" + because(change);
              },
              change.operation() == Operation.ADDED));
    }
    if (table == Catalog.MARKS) {
      return Optional.of(entry(change, row.text("member"), verb + "prayed", false));
    }
    if (table == Catalog.SKIPS) {
      return Optional.of(entry(change, row.text("member"), verb + "passed over", false));
    }
    if (table == Catalog.ATTRIBUTES) {
      return Optional.of(
          entry(
              change,
              row.text("created_by"),
              verb + said(row.text("name"), row.text("value")),
              false));
    }
    String action = row.text("action").orElse("");
    if (table == Catalog.ACTIVITY
        && !action.equals("prayed")
        && !action.startsWith("set_")
        && !action.startsWith("remove_")) {
      return Optional.of(
          entry(
              change,
              row.text("member"),
              verb + said(row.text("action"), row.text("new_value")),
              false));
    }
    return Optional.empty();
  }

  private static String said(Optional<String> name, Optional<String> value) {
    return readable(name.orElse("said")) + value.map(text -> ": " + readable(text)).orElse("");
  }

  private static String because(Change change) {
    String reason = change.stamp().cause().reason();
    return reason.isEmpty() ? "" : ": " + readable(reason);
  }

  private static String entry(
      Change change, Optional<String> who, String what, boolean impersonal) {
    Row row = change.row();
    long when =
        change.operation() == Operation.ADDED && row.table().has("created_at")
            ? row.number("created_at").orElse(change.at())
            : change.at();
    return minute(when)
        + "  "
        + (impersonal ? "the community" : readable(who.orElse("somebody unknown")))
        + " "
        + what;
  }

  private static String minute(long micros) {
    String time = Timestamps.format(micros);
    return time.substring(0, 10) + " " + time.substring(11, 16) + " UTC";
  }

  private static final Map<String, String> SHOWN =
      Map.of("\\n", "\n", "\\p", "|", "\\t", "\t", "\\\\", "\\", "\\r", "");
  private static final Pattern ESCAPES = Pattern.compile("\\\\[nptr\\\\]");

  /**
   * A text as people read it: with its line breaks, and with hidden characters shown. Not exact;
   * the record is.
   */
  private static String readable(String text) {
    return ESCAPES
        .matcher(FieldEscaping.escape(text))
        .replaceAll(
            found -> Matcher.quoteReplacement(SHOWN.getOrDefault(found.group(), found.group())));
  }
}
