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
import org.thywill.catalog.Column;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/**
 * The page of one prayer: its path, its content, and how it is read (FORMAT.md, Pages).
 *
 * <p>A page has the text and the timeline for people, then the exact journal lines from which both
 * are made, then a check of all bytes above. So the whole page follows from the logs.
 */
public final class PrayerPageFile {
  /** The folder of all pages. */
  public static final String FOLDER = "prayers";

  /** The line after which the journal lines follow. */
  public static final String RECORD =
      "Record: the exact lines behind this page, as they stand in the journal. README.txt at the"
          + " top of the archive explains them.";

  private static final String CHECK = "check|";

  /** No page is smaller: each has the line above its journal lines, and its check. */
  public static final int BYTES_MIN = RECORD.length() + CHECK.length() + 10;

  /** Begins each line that somebody wrote, but the first one of an entry or a field. */
  private static final String INSET = "  ";

  private static final Pattern NAME =
      Pattern.compile(
          "prayers/\\d{4}/\\d{2}/\\d{4}_\\d{2}_\\d{2}_prayer_at_\\d{4}_[0-9a-z]{1,64}\\.txt");
  private static final Pattern SAFE_ID = Pattern.compile("[0-9a-z]{1,32}");

  private static final Map<String, String> SHOWN =
      Map.of("\\n", "\n" + INSET, "\\p", "|", "\\t", "\t", "\\r", "");
  private static final Map<String, String> SHOWN_BEFORE =
      Map.of("\\n", "\n", "\\p", "|", "\\t", "\t", "\\\\", "\\", "\\r", "");
  private static final Pattern ESCAPES = Pattern.compile("\\\\[nptr\\\\]");

  /** The moderation status of a prayer that has none; it is not shown. */
  private static final String OPEN = "open";

  /** How many hexadecimal digits of the hash of an id are used in a file name. */
  private static final int HASH_DIGITS = 32;

  private PrayerPageFile() {}

  /** The id of the prayer on whose page a change is shown; empty if there is none. */
  public static Optional<String> prayerOf(Change change) {
    Table table = change.table();
    return table
        .pageColumn()
        .flatMap(column -> Optional.ofNullable((String) change.row().value(column)));
  }

  /** Whether a path is that of a page. */
  public static boolean isPage(String file) {
    return NAME.matcher(file).matches();
  }

  /**
   * The path of the page of a prayer. An id that cannot be part of a file name is replaced by its
   * hash.
   *
   * @param addedAtMicros the time of the change that added the prayer, in microseconds since 1970
   */
  public static String file(String prayer, long addedAtMicros) {
    String time = Timestamps.format(addedAtMicros);
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

  /** The change that adds the prayer; empty if none does, and then there is no page. */
  public static Optional<Change> added(List<Line> lines) {
    return lines.stream()
        .map(Line::change)
        .filter(change -> change.table() == Catalog.PRAYERS)
        .findFirst();
  }

  /** The page for all lines that name one prayer, in order; one of them must add it. */
  public static byte[] render(List<Line> lines) {
    return new Renderer(SHOWN, INSET).render(lines);
  }

  /**
   * Whether a page is what these lines make. So is one that an earlier program wrote, where texts
   * were not set in.
   */
  public static boolean isRendered(byte[] page, List<Line> lines) {
    return Arrays.equals(page, render(lines))
        || Arrays.equals(page, new Renderer(SHOWN_BEFORE, "").render(lines));
  }

  /**
   * The journal lines in a page.
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

  /**
   * Makes pages.
   *
   * @param shown what is shown in the place of an escape
   * @param inset begins each line of a text
   */
  private record Renderer(Map<String, String> shown, String inset) {
    byte[] render(List<Line> lines) {
      Change added = added(lines).orElseThrow();
      Change present =
          lines.stream()
              .map(Line::change)
              .filter(change -> change.table() == Catalog.PRAYERS)
              .reduce(added, (before, after) -> after);
      Row prayer = present.row();
      boolean isRemoved = present.operation() == Operation.REMOVED;
      StringBuilder out = new StringBuilder();
      out.append("Prayer ")
          .append(readable(prayer.key()))
          .append(" by ")
          .append(name(prayer, Catalog.Prayers.AUTHOR))
          .append('\n');
      out.append("Submitted ")
          .append(minute(prayer.get(Catalog.Prayers.CREATED_AT).orElse(added.at())))
          .append('\n');
      prayer
          .get(Catalog.Prayers.PROJECT_TAG)
          .ifPresent(tag -> out.append("Project: ").append(readable(tag)).append('\n'));
      String moderation = prayer.get(Catalog.Prayers.MODERATION).orElse(OPEN);
      if (isRemoved || !moderation.equals(OPEN)) {
        out.append("State: ").append(isRemoved ? "removed" : readable(moderation)).append('\n');
      }
      out.append('\n').append(block(prayer.get(Catalog.Prayers.TEXT).orElse(""))).append("\n\n");
      prayer
          .get(Catalog.Prayers.GENERATED_PRAYER)
          .ifPresent(
              text -> out.append("Generated prayer:\n\n").append(block(text)).append("\n\n"));
      out.append("Timeline:\n\n");
      lines.forEach(
          line -> entry(line.change()).ifPresent(entry -> out.append(entry).append('\n')));
      out.append('\n').append(RECORD).append('\n');
      LineBuffer page = new LineBuffer();
      page.utf8(out.toString());
      lines.forEach(line -> page.put(line.bytes(), 0, line.bytes().length));
      page.ascii(CHECK);
      page.ascii(LineCodec.crc(page.array(), 0, page.length())).put((byte) '\n');
      return page.copy(0);
    }

    /** A text on lines of its own. */
    private String block(String text) {
      return inset + readable(text);
    }

    /** The entry of a change in the timeline; empty where another line has the same entry. */
    private Optional<String> entry(Change change) {
      Table table = change.table();
      if (table == Catalog.PRAYERS) {
        return Optional.of(prayerEntry(change));
      }
      Row row = change.row();
      if (table == Catalog.MARKS) {
        return Optional.of(
            entry(
                time(change, Catalog.Marks.CREATED_AT),
                name(row, Catalog.Marks.MEMBER),
                verb(change) + "prayed"));
      }
      if (table == Catalog.SKIPS) {
        return Optional.of(
            entry(
                time(change, Catalog.Skips.CREATED_AT),
                name(row, Catalog.Skips.MEMBER),
                verb(change) + "passed over"));
      }
      if (table == Catalog.ATTRIBUTES) {
        return Optional.of(
            entry(
                time(change, Catalog.Attributes.CREATED_AT),
                name(row, Catalog.Attributes.CREATED_BY),
                verb(change)
                    + nameAndValue(row, Catalog.Attributes.NAME, Catalog.Attributes.VALUE)));
      }
      return table == Catalog.ACTIVITY ? activityEntry(change) : Optional.empty();
    }

    private String prayerEntry(Change change) {
      long atMicros = time(change, Catalog.Prayers.CREATED_AT);
      String actor = readable(change.stamp().cause().actor());
      return switch (change.operation()) {
        case ADDED ->
            entry(
                atMicros,
                "the community",
                "was asked to pray by " + name(change.row(), Catalog.Prayers.AUTHOR));
        case CHANGED -> {
          String moderation = change.row().get(Catalog.Prayers.MODERATION).orElse(OPEN);
          yield entry(
              atMicros,
              actor,
              "changed the prayer (" + readable(moderation) + ")" + because(change));
        }
        case REMOVED -> entry(atMicros, actor, "removed the prayer" + because(change));
      };
    }

    private Optional<String> activityEntry(Change change) {
      Row row = change.row();
      String action = row.get(Catalog.Activity.ACTION).orElse("");
      if (action.equals("prayed") || action.startsWith("set_") || action.startsWith("remove_")) {
        return Optional.empty();
      }
      return Optional.of(
          entry(
              time(change, Catalog.Activity.CREATED_AT),
              name(row, Catalog.Activity.MEMBER),
              verb(change)
                  + nameAndValue(row, Catalog.Activity.ACTION, Catalog.Activity.NEW_VALUE)));
    }

    private String verb(Change change) {
      return switch (change.operation()) {
        case ADDED -> "";
        case CHANGED -> "changed: ";
        case REMOVED -> "took back: ";
      };
    }

    /** When an added row was made, as far as it says so; otherwise when the change happened. */
    private long time(Change change, Column<Long> createdAt) {
      return change.operation() == Operation.ADDED
          ? change.row().get(createdAt).orElse(change.at())
          : change.at();
    }

    private String name(Row row, Column<String> member) {
      return readable(row.get(member).orElse("somebody unknown"));
    }

    private String nameAndValue(Row row, Column<String> name, Column<String> value) {
      return readable(row.get(name).orElse("said"))
          + row.get(value).map(text -> ": " + readable(text)).orElse("");
    }

    private String because(Change change) {
      String reason = change.stamp().cause().reason();
      return reason.isEmpty() ? "" : ": " + readable(reason);
    }

    private String entry(long atMicros, String who, String what) {
      return minute(atMicros) + "  " + who + " " + what;
    }

    private String minute(long micros) {
      String time = Timestamps.format(micros);
      return time.substring(0, 10) + " " + time.substring(11, 16) + " UTC";
    }

    /**
     * A text for people: with its line breaks, and with hidden characters shown as escapes. Only
     * the journal lines are exact.
     */
    private String readable(String text) {
      return ESCAPES
          .matcher(FieldEscaping.escape(text))
          .replaceAll(
              found -> Matcher.quoteReplacement(shown.getOrDefault(found.group(), found.group())));
    }
  }
}
