package org.thywill.legacy.text.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.file.Place;

/** One thing that a file says. */
public sealed interface Statement {
  Place place();

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
  record RowStated(
      String table,
      List<String> key,
      String origin,
      Trust trust,
      Place place,
      SequencedMap<String, @Nullable String> values,
      SortedSet<String> approximate,
      SortedSet<String> inferred)
      implements Statement {
    public static final String REMARK = "~remark";

    public static RowStated of(
        String table, String origin, Trust trust, Place place, String... key) {
      return new RowStated(
          table,
          List.of(key),
          origin,
          trust,
          place,
          new LinkedHashMap<>(),
          new TreeSet<>(),
          new TreeSet<>());
    }

    public RowStated set(String column, @Nullable String value) {
      values.put(column, value);
      return this;
    }

    RowStated time(String column, @Nullable Stamp stamp) {
      values.put(column, stamp == null ? null : stamp.column());
      if (stamp != null && !stamp.isExact()) {
        approximate.add(column);
      }
      return this;
    }

    public RowStated inferred(String column, @Nullable String value) {
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
  record Act(String prayer, Stamp at, String words, String path, boolean isMonthly, Place place)
      implements Statement {}

  /** That a prayer of this id was submitted, without its text. */
  record Submission(String prayer, String author, Stamp at, Place place) implements Statement {}

  /** That a session was ended, whoever still lists it. */
  record SessionEnded(String session, Place place) implements Statement {}

  /** That a sign-in request was rejected. */
  record Rejected(String request, Stamp at, Place place) implements Statement {}

  /** That somebody of this name has acted as only a member can, at a time. */
  record MemberSeen(String name, Stamp at, Place place) implements Statement {}

  /** A line, or several, that could not be understood. */
  record NotUnderstood(Place place, String why) implements Statement {}

  /** Something understood that has no place in any table, or that the operator should know. */
  record Remark(String code, boolean isWarning, Place place, String message) implements Statement {}
}
