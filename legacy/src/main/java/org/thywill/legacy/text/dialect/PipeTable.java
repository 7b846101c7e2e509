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
 * A file of records whose columns stand between {@code |}:
 *
 * <pre>
 * TITLE                       often with "(exported STAMP)"
 * Format: COLUMN|COLUMN|…     by which the file is recognised
 *                             one or two empty lines
 * RECORD
 * </pre>
 *
 * <p>Little is escaped, so a record is not cut by counting: each column has a kind, most kinds say
 * what they can hold, and those that can hold a {@code |} take as little as lets the rest of the
 * record fit; a name takes a known name where that fits.
 *
 * <p>A layout is spelled {@code column:kind=WORD|…}: where the column holds the word, there was
 * nothing (SQL's null).
 */
final class PipeTable implements Dialect {
  private static final int STEPS_MAX = 20_000;
  private static final String FORMAT = "Format: ";
  private static final Pattern BEFORE_NAMES = Pattern.compile("^(?:assigned_by|approver)_");
  private static final Pattern EXPORTED =
      Pattern.compile("\\(exported (" + LocalTimestamp.LONG + ")\\)");
  private static final Pattern RUN_TOGETHER =
      Pattern.compile("(?<=\\|(?:yes|no))(?=" + LocalTimestamp.LONG + "\\|)");

  /** What a column can hold. */
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
  private record Column(String name, Kind kind, @Nullable String nothing) {
    static Column of(String spec) {
      int colon = spec.indexOf(':');
      int equal = spec.indexOf('=');
      String kind = spec.substring(colon + 1, equal < 0 ? spec.length() : equal);
      return new Column(
          spec.substring(0, colon),
          Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
          equal < 0 ? null : spec.substring(equal + 1));
    }

    boolean fits(String field, boolean strict) {
      boolean isAnything =
          kind == Kind.NAME && field.indexOf('\n') < 0
              || kind == Kind.TEXT
              || kind == Kind.ESCAPED
              || kind == Kind.ADDRESS && !strict && field.indexOf('\n') < 0;
      return isAnything || field.equals(nothing) || kind.shape.matcher(field).matches();
    }
  }

  private final String name;
  private final SourcePriority priority;
  private final List<Column> columns;
  private final String format;
  private final BiConsumer<RecordFields, AssertionSink> interpreter;
  private boolean multiline;
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

  /** Records may hold line feeds. */
  PipeTable multiline() {
    multiline = true;
    return this;
  }

  /** Other files have the same columns. */
  PipeTable onlyIf(Predicate<TextFile> fileCondition) {
    condition = fileCondition;
    return this;
  }

  /** Lines besides title, format and records, such as totals. */
  PipeTable otherLines(String pattern) {
    otherLines = Pattern.compile(pattern);
    return this;
  }

  /** The file shows all rows of a table as they stood at the time in its title. */
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
    if (at != null && !completeTable.isEmpty()) {
      to.exported(completeTable, at);
    }
    to.claim(1, 2);
    readRecords(file, lines, 2, to);
  }

  /** Reads the records from a line on. */
  void readRecords(TextFile file, List<String> lines, int from, AssertionSink to) {
    int i = from;
    while (i < lines.size()) {
      String line = lines.get(i);
      int start = i++;
      if (line.isEmpty() || otherLines.matcher(line).matches()) {
        to.claim(start + 1L, start + 1L);
        continue;
      }
      int end = i;
      while (multiline && end < lines.size() && !isStartOfRecord(lines.get(end))) {
        end++;
      }
      // What follows the last record is no part of it where only empty lines come.
      while (end > i && lines.get(end - 1).isEmpty()) {
        end--;
      }
      if (end > i
          && readRecord(file, start + 1L, String.join("\n", lines.subList(start, end)), to)) {
        reportContinuation(file, lines, i, end, to);
        i = end;
      } else {
        for (String one : RUN_TOGETHER.splitAsStream(line).toList()) {
          if (!readRecord(file, start + 1L, one, to)) {
            to.notUnderstood(file, start + 1L, "expected " + format.substring(FORMAT.length()));
          }
        }
      }
    }
  }

  /**
   * Every line that is taken as the rest of the record above is named: a damaged record may be
   * among them.
   */
  private void reportContinuation(
      TextFile file, List<String> lines, int from, int to, AssertionSink statements) {
    for (int i = from; i < to; i++) {
      if (pipes(lines.get(i)) >= columns.size() - 1) {
        statements.warn(
            file,
            i + 1L,
            "record-in-record",
            "taken as the rest of the record above, but it looks like a record itself");
      } else {
        statements.note(file, i + 1L, "record-goes-on", "taken as the rest of the record above");
      }
    }
  }

  private static long pipes(String text) {
    return text.chars().filter(c -> c == '|').count();
  }

  private boolean readRecord(TextFile file, long line, String text, AssertionSink to) {
    @Nullable String[] fields = new @Nullable String[columns.size()];
    boolean isCut =
        new RecordSplitter(text, true, to.names()).from(0, 0, fields)
            || new RecordSplitter(text, false, to.names()).from(0, 0, fields);
    if (!isCut) {
      return false;
    }
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i++) {
      Column column = columns.get(i);
      String field = fields[i];
      boolean isNothing = field == null || field.equals(column.nothing);
      values.put(
          column.name,
          isNothing ? null : column.kind == Kind.ESCAPED ? field.replace("\\|", "|") : field);
    }
    RecordFields cut =
        new RecordFields(
            file.folder() + ":" + name,
            priority,
            file.at(line),
            pipes(text) == columns.size() - 1,
            values);
    for (Column column : columns) {
      boolean isTime = column.kind == Kind.MINUTE || column.kind == Kind.ISO;
      if (isTime && cut.textOrNull(column.name) != null && cut.timestamp(column.name) == null) {
        return false;
      }
    }
    interpreter.accept(cut, to);
    if (!cut.unread().isEmpty()) {
      to.note(
          file,
          line,
          "no-column",
          "what stands in " + String.join(", ", cut.unread()) + " has no column");
    }
    return true;
  }

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
   * The search for the ends of all columns; given up after a number of steps that no real record
   * needs.
   */
  private final class RecordSplitter {
    private final String text;
    private final boolean strict;
    private final MemberNameMatcher names;
    private int steps;

    RecordSplitter(String text, boolean strict, MemberNameMatcher names) {
      this.text = text;
      this.strict = strict;
      this.names = names;
    }

    boolean from(int at, int column, @Nullable String[] fields) {
      Column next = columns.get(column);
      if (column == columns.size() - 1) {
        fields[column] = text.substring(at);
        return next.fits(text.substring(at), strict)
            && (next.kind.mayHoldPipes() || text.indexOf('|', at) < 0);
      }
      for (int end : ends(at, next)) {
        if (++steps > STEPS_MAX) {
          return false;
        }
        fields[column] = text.substring(at, end);
        if (next.fits(text.substring(at, end), strict) && from(end + 1, column + 1, fields)) {
          fields[column] = text.substring(at, end);
          return true;
        }
      }
      return false;
    }

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
