package org.thywill.legacy.text.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads a file of records whose columns have {@code |} between them:
 *
 * <pre>
 * TITLE                       often with "(exported STAMP)"
 * Format: COLUMN|COLUMN|…     by which the file is recognised
 *                             one or two empty lines
 * RECORD
 * </pre>
 *
 * <p>Little is escaped, so a record cannot be split by counting. Each column has a kind, and most
 * kinds restrict the values. A column that can hold {@code |} takes the shortest value with which
 * the rest of the record fits; a name takes a known name if that fits.
 *
 * <p>A layout is written {@code column:kind=WORD|…}, where the word stands for null.
 */
final class PipeTable implements Dialect {
  private static final int STEPS_MAX = 20_000;
  private static final String FORMAT = "Format: ";
  private static final Pattern BEFORE_NAMES = Pattern.compile("^(?:assigned_by|approver)_");
  private static final Pattern EXPORTED =
      Pattern.compile("\\(exported (" + LocalTimestamp.LONG + ")\\)");
  private static final Pattern RUN_TOGETHER =
      Pattern.compile("(?<=\\|(?:yes|no))(?=" + LocalTimestamp.LONG + "\\|)");

  /** Which values a column can hold. */
  enum Kind {
    MINUTE("[A-Z][a-z]{2,8} \\d{1,2} \\d{4} at \\d\\d:\\d\\d"),
    ISO("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d.*"),
    ID("[^|\\s]+"),
    HEX("[0-9A-Fa-f]{32}"),
    WORD("[^|\\n]*"),
    FLAG("yes|no|True|False|true|false"),
    STATUS("pending|approved|rejected|expired"),
    NUMBER("\\d{1,9}"),
    ADDRESS("[0-9A-Fa-f.:]*|testclient|unknown|Unknown|None|ip_address"),
    NAME(""),
    TEXT(""),
    ESCAPED(""),
    JSON("\\[.*\\]");

    private final Pattern shape;

    Kind(String shape) {
      this.shape = Pattern.compile(shape, Pattern.DOTALL);
    }

    boolean mayHoldPipes() {
      return this == NAME || this == TEXT || this == ESCAPED || this == JSON;
    }
  }

  /** One column. */
  private record Column(String name, Kind kind, @Nullable String wordForNull) {
    static Column of(String spec) {
      int colon = spec.indexOf(':');
      int equal = spec.indexOf('=');
      String kind = spec.substring(colon + 1, equal < 0 ? spec.length() : equal);
      return new Column(
          spec.substring(0, colon),
          Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
          equal < 0 ? null : spec.substring(equal + 1));
    }

    boolean fits(String field, boolean isStrict) {
      boolean isAnything =
          kind == Kind.NAME && field.indexOf('\n') < 0
              || kind == Kind.TEXT
              || kind == Kind.ESCAPED
              || kind == Kind.ADDRESS && !isStrict && field.indexOf('\n') < 0;
      return isAnything || field.equals(wordForNull) || kind.shape.matcher(field).matches();
    }
  }

  private final String name;
  private final SourcePriority priority;
  private final List<Column> columns;
  private final String format;
  private final BiConsumer<RecordFields, AssertionSink> interpreter;
  private boolean isMultiline;
  private Predicate<TextFile> condition = file -> true;
  private Pattern otherLines = Pattern.compile("");
  private String completeTable = "";

  PipeTable(
      String name,
      SourcePriority priority,
      String layout,
      BiConsumer<RecordFields, AssertionSink> interpreter) {
    this.name = name;
    this.priority = priority;
    this.columns = Stream.of(layout.split("\\|", -1)).map(Column::of).toList();
    this.format = FORMAT + columns.stream().map(Column::name).collect(Collectors.joining("|"));
    this.interpreter = interpreter;
  }

  /** Allows line feeds within records. */
  PipeTable multiline() {
    isMultiline = true;
    return this;
  }

  /** Adds a condition, for a layout that has the same columns as another. */
  PipeTable onlyIf(Predicate<TextFile> fileCondition) {
    condition = fileCondition;
    return this;
  }

  /** Allows lines besides title, format and records, such as totals. */
  PipeTable otherLines(String pattern) {
    otherLines = Pattern.compile(pattern);
    return this;
  }

  /** Says that a file has all rows of a table at the time in its title. */
  PipeTable completeExportOf(String table) {
    completeTable = table;
    return this;
  }

  /** How many empty lines follow the format line. */
  static int emptyLines(TextFile file) {
    List<String> lines = file.text().lines().limit(5).toList();
    return (int) lines.stream().skip(2).takeWhile(String::isEmpty).count();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean recognises(TextFile file) {
    return file.secondLine().equals(format) && condition.test(file);
  }

  @Override
  public boolean needsNames() {
    return true;
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    Matcher exported = EXPORTED.matcher(lines.getFirst());
    LocalTimestamp at = exported.find() ? LocalTimestamp.ofMinute(exported.group(1)) : null;
    to.claim(1, 2);
    RecordCount count = readRecords(file, lines, 2, to);
    if (at != null && !completeTable.isEmpty()) {
      String doubt = doubt(file, count, to.names());
      if (doubt.isEmpty()) {
        to.exported(completeTable, at);
      } else {
        to.exportedInPart(completeTable, at, file.at(1), doubt);
      }
    }
  }

  /** How many records of a file were read, and how many lines of it may hold another. */
  record RecordCount(int read, int doubtful) {}

  /**
   * Why a file may lack records that the export had; empty if nothing suggests it.
   *
   * <p>A disk that was full cuts a file anywhere. The original wrote no line feed after the last
   * record, so a file that ends in one was cut between two records.
   */
  private String doubt(TextFile file, RecordCount count, MemberNameMatcher names) {
    if (count.read() == 0) {
      return "it has no records";
    }
    if (count.doubtful() > 0) {
      return "not every line of it was understood";
    }
    if (file.text().endsWith("\n")) {
      return "it ends in a line feed, as a file that was cut between two records";
    }
    Column last = columns.getLast();
    String field = file.text().substring(file.text().lastIndexOf('|') + 1);
    boolean isKnown = field.equals(last.wordForNull) || names.has(field);
    return last.kind == Kind.NAME && !isKnown
        ? "its last record names a person whom no other file names, as one that was cut"
        : "";
  }

  /** Reads the records from a line on. */
  RecordCount readRecords(TextFile file, List<String> lines, int from, AssertionSink to) {
    int read = 0;
    int doubtful = 0;
    int i = from;
    while (i < lines.size()) {
      String line = lines.get(i);
      int start = i++;
      if (line.isEmpty() || otherLines.matcher(line).matches()) {
        to.claim(start + 1L, start + 1L);
        continue;
      }
      int end = i;
      while (isMultiline && end < lines.size() && !isStartOfRecord(lines.get(end))) {
        end++;
      }
      // Empty lines after a record are no part of it.
      while (end > i && lines.get(end - 1).isEmpty()) {
        end--;
      }
      if (end > i
          && readRecord(file, start + 1L, String.join("\n", lines.subList(start, end)), to)) {
        read++;
        doubtful += reportContinuation(file, lines, i, end, to);
        i = end;
      } else {
        for (String one : RUN_TOGETHER.splitAsStream(line).toList()) {
          if (readRecord(file, start + 1L, one, to)) {
            read++;
          } else {
            doubtful++;
            to.notUnderstood(file, start + 1L, "expected " + format.substring(FORMAT.length()));
          }
        }
      }
    }
    return new RecordCount(read, doubtful);
  }

  /**
   * Reports each further line of a record, because one of them may be a damaged record.
   *
   * @return how many of them look like a record
   */
  private int reportContinuation(
      TextFile file, List<String> lines, int from, int end, AssertionSink to) {
    int records = 0;
    for (int i = from; i < end; i++) {
      if (pipes(lines.get(i)) >= columns.size() - 1) {
        records++;
        to.warn(
            file,
            i + 1L,
            "record-in-record",
            "taken as the rest of the record above, but it looks like a record itself");
      } else {
        to.note(file, i + 1L, "record-goes-on", "taken as the rest of the record above");
      }
    }
    return records;
  }

  private static long pipes(String text) {
    return text.chars().filter(c -> c == '|').count();
  }

  /** Reads one record; false if it does not fit the layout, and then nothing is added. */
  private boolean readRecord(TextFile file, long line, String text, AssertionSink to) {
    @Nullable String[] fields = new @Nullable String[columns.size()];
    boolean isSplit =
        new RecordSplitter(text, true, to.names()).from(0, 0, fields)
            || new RecordSplitter(text, false, to.names()).from(0, 0, fields);
    if (!isSplit) {
      return false;
    }
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i++) {
      Column column = columns.get(i);
      String field = fields[i];
      boolean isNull = field == null || field.equals(column.wordForNull);
      values.put(column.name, isNull ? null : unescaped(column, field));
    }
    RecordFields record =
        new RecordFields(
            file.folder() + ":" + name,
            priority,
            file.at(line),
            pipes(text) == columns.size() - 1,
            values);
    for (Column column : columns) {
      boolean isTime = column.kind == Kind.MINUTE || column.kind == Kind.ISO;
      if (isTime
          && record.textOrNull(column.name) != null
          && record.timestamp(column.name) == null) {
        return false;
      }
    }
    interpreter.accept(record, to);
    if (!record.unread().isEmpty()) {
      to.note(
          file,
          line,
          "no-column",
          "the value of " + String.join(", ", record.unread()) + " has no column");
    }
    return true;
  }

  private static String unescaped(Column column, String field) {
    return column.kind == Kind.ESCAPED ? field.replace("\\|", "|") : field;
  }

  /** Whether a line begins with the columns that cannot hold pipes. */
  private boolean isStartOfRecord(String line) {
    int at = 0;
    for (Column column : columns) {
      int end = line.indexOf('|', at);
      if (column.kind.mayHoldPipes()) {
        return at > 0;
      }
      if (end < 0 || !column.fits(line.substring(at, end), true)) {
        return false;
      }
      at = end + 1;
    }
    return true;
  }

  /**
   * Searches for the ends of all columns of a record.
   *
   * <p>It gives up after a number of steps that no real record needs.
   */
  private final class RecordSplitter {
    private final String text;
    private final boolean isStrict;
    private final MemberNameMatcher names;
    private int steps;

    RecordSplitter(String text, boolean isStrict, MemberNameMatcher names) {
      this.text = text;
      this.isStrict = isStrict;
      this.names = names;
    }

    /** Splits the text from a position and a column on; false if it does not fit. */
    boolean from(int at, int column, @Nullable String[] fields) {
      Column next = columns.get(column);
      if (column == columns.size() - 1) {
        fields[column] = text.substring(at);
        return next.fits(text.substring(at), isStrict)
            && (next.kind.mayHoldPipes() || text.indexOf('|', at) < 0);
      }
      for (int end : ends(at, next)) {
        if (++steps > STEPS_MAX) {
          return false;
        }
        fields[column] = text.substring(at, end);
        if (next.fits(text.substring(at, end), isStrict) && from(end + 1, column + 1, fields)) {
          fields[column] = text.substring(at, end);
          return true;
        }
      }
      return false;
    }

    /** Where a column may end, the most likely position first. */
    private List<Integer> ends(int at, Column column) {
      int nearest = text.indexOf('|', at);
      if (nearest < 0 || !column.kind.mayHoldPipes()) {
        return nearest < 0 ? List.of() : List.of(nearest);
      }
      List<Integer> better = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      for (int end = nearest; end >= 0; end = text.indexOf('|', end + 1)) {
        boolean isKnown =
            column.kind == Kind.NAME
                && names.has(BEFORE_NAMES.matcher(text.substring(at, end)).replaceFirst(""));
        boolean isFree = column.kind == Kind.ESCAPED && text.charAt(Math.max(at, end - 1)) != '\\';
        if (isKnown) {
          better.addFirst(end);
        } else if (isFree) {
          better.add(end);
        } else {
          others.add(end);
        }
      }
      better.addAll(others);
      return better;
    }
  }
}
