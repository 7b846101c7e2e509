package org.thywill.legacy.text.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.file.SourceLocation;

/** One thing that a file states. */
public sealed interface Assertion {
  /** Where the file states it. */
  SourceLocation location();

  /**
   * A row of one of the original's tables, with the values that the file states.
   *
   * @param key what identifies the row across files, together with its time
   * @param origin what states it: equal assertions of one origin are different rows, equal
   *     assertions of several origins are the same row
   * @param values column → value, null included; a column that was not stated is missing. Names
   *     that begin with {@code ~} are no columns: they are the constants of this class
   * @param approximate columns whose times lack their seconds
   * @param inferred columns whose values were inferred
   */
  record RowAssertion(
      String table,
      List<String> key,
      String origin,
      SourcePriority priority,
      SourceLocation location,
      SequencedMap<String, @Nullable String> values,
      SortedSet<String> approximate,
      SortedSet<String> inferred)
      implements Assertion {
    /** A remark for which there is no column. */
    public static final String REMARK = "~remark";

    /** The name of a role whose id is not stated. */
    public static final String ROLE_NAME = "~role";

    /** Present if an attribute was removed. */
    public static final String REMOVED = "~gone";

    /** When an attribute was last changed. */
    public static final String LAST_CHANGED = "~last";

    /** The id that an earlier import made for a row of the community. */
    public static final String SYNTHETIC_ID = "~made";

    private static final String NO_VALUE = "\u0000";

    /** A row without any values yet. */
    public static RowAssertion of(
        String table,
        String origin,
        SourcePriority priority,
        SourceLocation location,
        String... key) {
      return new RowAssertion(
          table,
          List.of(key),
          origin,
          priority,
          location,
          new LinkedHashMap<>(),
          new TreeSet<>(),
          new TreeSet<>());
    }

    /** A part of a key that may lack a value, as text. */
    public static String keyPart(@Nullable String value) {
      return value == null ? NO_VALUE : value;
    }

    /** The value of a part of a key, or null where it lacks one. */
    public static @Nullable String valueOfKeyPart(String keyPart) {
      return keyPart.equals(NO_VALUE) ? null : keyPart;
    }

    /** Sets a value. */
    public RowAssertion set(String column, @Nullable String value) {
      values.put(column, value);
      return this;
    }

    /** Sets a time, which is approximate if it lacks its seconds. */
    RowAssertion time(String column, @Nullable LocalTimestamp timestamp) {
      values.put(column, timestamp == null ? null : timestamp.column());
      if (timestamp != null && !timestamp.isExact()) {
        approximate.add(column);
      }
      return this;
    }

    /** Sets a value that was inferred. */
    public RowAssertion inferred(String column, @Nullable String value) {
      values.put(column, value);
      inferred.add(column);
      return this;
    }
  }

  /**
   * What a member did to a prayer, from the prayer's file or from the monthly activity.
   *
   * <p>Which member it was is found once all names are known.
   *
   * @param prayer the id in the file's first line; a placeholder is unique for each file
   * @param words everything after the time, further lines included
   * @param path of the prayer's file, as the original knew it; empty in the monthly activity
   * @param isMonthly whether it is from the monthly activity
   */
  record ActivityEntry(
      String prayer,
      LocalTimestamp at,
      String words,
      String path,
      boolean isMonthly,
      SourceLocation location)
      implements Assertion {}

  /** A prayer was submitted; its text is not stated. */
  record Submission(String prayer, String author, LocalTimestamp at, SourceLocation location)
      implements Assertion {}

  /** A session was ended, even if other files still list it. */
  record SessionEnd(String session, SourceLocation location) implements Assertion {}

  /** A sign-in was rejected. */
  record Rejection(String request, LocalTimestamp at, SourceLocation location)
      implements Assertion {}

  /** A person of this name did something that only a member can do. */
  record MemberEvidence(String name, LocalTimestamp at, SourceLocation location)
      implements Assertion {}

  /** One or more lines that could not be read. */
  record UnreadableLine(SourceLocation location, String why) implements Assertion {}

  /** Something that no table can hold, or that the operator should know. */
  record Remark(String code, boolean isWarning, SourceLocation location, String message)
      implements Assertion {}
}
