package org.thywill.legacy.text.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.file.SourceLocation;

/** One thing that a file says. */
public sealed interface Assertion {
  SourceLocation location();

  /**
   * That there is a row of one of the original's tables, as far as the file tells.
   *
   * @param key what makes it the same row as one stated elsewhere, besides its time
   * @param origin what it was stated by: equal statements of one origin are as many rows, those of
   *     several origins are the same rows
   * @param values column → value; a column that is not there was not stated. {@link #REMARK} holds
   *     what has no column
   * @param approximate columns whose times lack their seconds
   * @param inferred columns that were concluded
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
    /** What has no column. */
    public static final String REMARK = "~remark";

    /** The name of a role whose id is not stated. */
    public static final String ROLE_NAME = "~role";

    /** Set if an attribute was removed. */
    public static final String REMOVED = "~gone";

    /** When an attribute was last changed. */
    public static final String LAST_CHANGED = "~last";

    /** The id that an earlier import made for a row of the community. */
    public static final String SYNTHETIC_ID = "~made";

    private static final String NO_VALUE = "\u0000";

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

    public RowAssertion set(String column, @Nullable String value) {
      values.put(column, value);
      return this;
    }

    RowAssertion time(String column, @Nullable LocalTimestamp timestamp) {
      values.put(column, timestamp == null ? null : timestamp.column());
      if (timestamp != null && !timestamp.isExact()) {
        approximate.add(column);
      }
      return this;
    }

    public RowAssertion inferred(String column, @Nullable String value) {
      values.put(column, value);
      inferred.add(column);
      return this;
    }
  }

  /**
   * What somebody did to a prayer, as a prayer's file or the monthly activity tells it; who it was
   * is found when all names are known.
   *
   * @param prayer the id in the file's first line; a placeholder is unique for each file
   * @param words everything after the time, with its continuation lines
   * @param isMonthly whether it was the monthly activity
   */
  record ActivityEntry(
      String prayer,
      LocalTimestamp at,
      String words,
      String path,
      boolean isMonthly,
      SourceLocation location)
      implements Assertion {}

  /** That a prayer of this id was submitted, without its text. */
  record Submission(String prayer, String author, LocalTimestamp at, SourceLocation location)
      implements Assertion {}

  /** That a session was ended, whoever still lists it. */
  record SessionEnd(String session, SourceLocation location) implements Assertion {}

  /** That a sign-in request was rejected. */
  record Rejection(String request, LocalTimestamp at, SourceLocation location)
      implements Assertion {}

  /** That somebody of this name has acted as only a member can, at a time. */
  record MemberEvidence(String name, LocalTimestamp at, SourceLocation location)
      implements Assertion {}

  /** A line, or several, that could not be understood. */
  record UnreadableLine(SourceLocation location, String why) implements Assertion {}

  /** Something understood that has no place in any table, or that the operator should know. */
  record Remark(String code, boolean isWarning, SourceLocation location, String message)
      implements Assertion {}
}
