package org.thywill.legacy.text.dialect;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.ActivityEntry;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.Assertion.UnreadableLine;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * Interprets the entries of one prayer: its marks, its activity log, and its present attributes.
 *
 * <p>Attributes are the result of all entries in the order of their times.
 *
 * <p>The original wrote entries while it ran, and it also rebuilt files from the log of its
 * database. The same words mean other rows in a rebuilt entry. Rebuilt entries come first in a
 * file, and can be recognised by {@code set …}, {@code removed …} and {@code unknown}: all entries
 * after the last of these were written live.
 */
public final class ActivityInterpreter {
  static final String PRAYED = "prayed this prayer";
  static final String ANSWERED = "marked this prayer as answered";
  static final String ARCHIVED = "archived this prayer";
  static final String RESTORED = "restored this prayer";
  static final String FLAGGED = "flagged this prayer";
  private static final List<String> FIXED =
      List.of(PRAYED, ANSWERED, ARCHIVED, RESTORED, FLAGGED, "unknown");
  private static final Pattern TESTIMONY = Pattern.compile("added testimony: (.*)", Pattern.DOTALL);
  private static final Pattern CHANGED =
      Pattern.compile("set (\\S+) from '(.*?)' to '(.*)'", Pattern.DOTALL);
  private static final Pattern SET = Pattern.compile("set (\\S+) to '(.*)'", Pattern.DOTALL);
  private static final Pattern REMOVED =
      Pattern.compile("removed (\\S+) \\(was '(.*)'\\)", Pattern.DOTALL);
  private static final Pattern OTHER = Pattern.compile("(\\w+)(?:: (.*))?", Pattern.DOTALL);
  private static final Pattern UNKNOWN_ACTOR =
      Pattern.compile(
          "(.+?) (added testimony: .*|set \\S+ (?:from '.*' )?to '.*'|removed \\S+ \\(was '.*'\\))",
          Pattern.DOTALL);
  private static final String NONE = "None";
  private static final String TRUE = "true";

  private final MemberNameMatcher names;
  private final ZoneId zone;
  private final Consumer<Assertion> to;

  /** An entry whose actor is known. */
  private record Entry(ActivityEntry source, String actor, String words) {}

  /** An attribute after some of the entries; a null value is a removed attribute. */
  private record Attribute(
      @Nullable String value,
      LocalTimestamp since,
      LocalTimestamp at,
      String by,
      SourceLocation location) {}

  /**
   * An interpreter.
   *
   * @param zone of the server's clock
   */
  public ActivityInterpreter(MemberNameMatcher names, ZoneId zone, Consumer<Assertion> to) {
    this.names = names;
    this.zone = zone;
    this.to = to;
  }

  /** Interprets all entries of one prayer, which are in the order of their times. */
  public void interpretAll(String prayer, List<ActivityEntry> activity) {
    Map<String, ActivityEntry> rebuilt = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (ActivityEntry source : activity) {
      Entry entry = interpret(source);
      if (entry == null) {
        continue;
      }
      entries.add(entry);
      if (SET.matcher(entry.words).matches()
          || CHANGED.matcher(entry.words).matches()
          || REMOVED.matcher(entry.words).matches()
          || entry.words.equals("unknown")) {
        rebuilt.merge(
            source.location().file(),
            source,
            (a, b) -> a.location().line() > b.location().line() ? a : b);
      }
    }
    Set<String> inPrayerFiles = new HashSet<>();
    entries.stream()
        .filter(entry -> !entry.source.isMonthly())
        .forEach(
            entry -> {
              for (long minute = entry.source.at().minute() - 1;
                  minute <= entry.source.at().minute() + 1;
                  minute++) {
                inPrayerFiles.add(entry.actor + '|' + minute + '|' + verb(entry.words));
              }
            });
    Map<String, Attribute> state = new LinkedHashMap<>();
    for (Entry entry : entries) {
      boolean isMonthly = entry.source.isMonthly();
      boolean isRepeated =
          isMonthly
              && !entry.words.equals(PRAYED)
              && (entry.words.equals("added testimony")
                  || inPrayerFiles.contains(
                      entry.actor + '|' + entry.source.at().minute() + '|' + entry.words));
      if (!isRepeated) {
        apply(entry, isLive(entry, rebuilt.get(entry.source.location().file())), state);
      }
    }
    state.forEach((name, attribute) -> to.accept(attribute(prayer, name, attribute)));
  }

  /**
   * Whether an entry was written live.
   *
   * <p>A testimony of the same minute as the last rebuilt entry was rebuilt with it.
   */
  private static boolean isLive(Entry entry, @Nullable ActivityEntry lastRebuilt) {
    boolean isAfter =
        lastRebuilt == null || entry.source.location().line() > lastRebuilt.location().line();
    boolean isOfOneMinute = lastRebuilt != null && entry.source.at().equals(lastRebuilt.at());
    return isAfter && !(isOfOneMinute && TESTIMONY.matcher(entry.words).matches());
  }

  /** Interprets an entry with as many of its lines as it can have; reports the other lines. */
  private @Nullable Entry interpret(ActivityEntry source) {
    Entry whole = entry(source);
    if (whole != null) {
      return whole;
    }
    String[] lines = source.words().split("\n", -1);
    Entry first =
        lines.length == 1
            ? null
            : entry(
                new ActivityEntry(
                    source.prayer(),
                    source.at(),
                    lines[0],
                    source.path(),
                    source.isMonthly(),
                    source.location()));
    for (int i = first == null ? 0 : 1; i < lines.length; i++) {
      if (i == 0 || !lines[i].isBlank()) {
        to.accept(
            new UnreadableLine(
                new SourceLocation(source.location().file(), source.location().line() + i),
                i == 0
                    ? "an entry whose words, or whose actor, are not known"
                    : "not the rest of the entry above"));
      }
    }
    return first;
  }

  private @Nullable Entry entry(ActivityEntry source) {
    String words = source.words();
    for (int end = names.prefix(words, Integer.MAX_VALUE);
        end > 0;
        end = names.prefix(words, end - 1)) {
      String rest = words.substring(end + 1);
      if (isPhrase(rest)) {
        return new Entry(source, words.substring(0, end), rest);
      }
    }
    for (String phrase : FIXED) {
      if (words.endsWith(" " + phrase)) {
        return new Entry(source, words.substring(0, words.length() - phrase.length() - 1), phrase);
      }
    }
    Matcher unknownActor = UNKNOWN_ACTOR.matcher(words);
    if (unknownActor.matches()) {
      return new Entry(source, unknownActor.group(1), unknownActor.group(2));
    }
    int end = names.prefix(words, Integer.MAX_VALUE);
    return end > 0 && OTHER.matcher(words.substring(end + 1)).matches()
        ? new Entry(source, words.substring(0, end), words.substring(end + 1))
        : null;
  }

  private static boolean isPhrase(String words) {
    return FIXED.contains(words)
        || TESTIMONY.matcher(words).matches()
        || SET.matcher(words).matches()
        || CHANGED.matcher(words).matches()
        || REMOVED.matcher(words).matches()
        || words.equals("added testimony");
  }

  private void apply(Entry entry, boolean isLive, Map<String, Attribute> state) {
    LocalTimestamp local = entry.source.at();
    LocalTimestamp utc = isLive ? local.toUtc(zone) : local;
    if (isLive) {
      local.clockChange(zone, entry.source.location()).ifPresent(to);
    }
    Matcher testimony = TESTIMONY.matcher(entry.words);
    Matcher changed = CHANGED.matcher(entry.words);
    Matcher set = SET.matcher(entry.words);
    Matcher removed = REMOVED.matcher(entry.words);
    if (entry.words.equals(PRAYED)) {
      to.accept(row("prayermark", entry, local, true, entry.source.prayer(), entry.actor));
      log(entry, "prayed", null, TRUE, local, true);
    } else if (entry.words.equals(ANSWERED)) {
      if (isLive) {
        log(entry, "set_answered", null, TRUE, utc, false);
        log(entry, "set_answer_date", null, local.isoValue(), utc, false);
      } else {
        log(entry, "answered", null, TRUE, local, false);
      }
      set(state, "answered", TRUE, entry, utc);
      set(state, "answer_date", local.isoValue(), entry, utc);
    } else if (testimony.matches()) {
      String text = testimony.group(1);
      boolean isLost = !isLive && (text.equals(NONE) || text.equals(TRUE));
      if (isLive) {
        log(entry, "set_answer_testimony", null, text, utc, false);
      }
      log(entry, "testimony", null, !isLive && text.equals(NONE) ? null : text, local, true);
      if (isLive || !isLost && !state.containsKey("answer_testimony")) {
        set(state, "answer_testimony", text, entry, utc);
      }
    } else if (entry.words.equals(ARCHIVED) || entry.words.equals(FLAGGED)) {
      String name = entry.words.equals(ARCHIVED) ? "archived" : "flagged";
      log(entry, isLive ? "set_" + name : name, null, TRUE, utc, false);
      set(state, name, TRUE, entry, utc);
    } else if (entry.words.equals(RESTORED)) {
      log(
          entry,
          isLive ? "remove_archived" : "restored",
          isLive ? TRUE : null,
          isLive ? null : TRUE,
          utc,
          false);
      remove(state, "archived", entry, utc);
    } else if (changed.matches()) {
      log(
          entry,
          "set_" + changed.group(1),
          orNull(changed.group(2)),
          orNull(changed.group(3)),
          local,
          false);
      set(state, changed.group(1), orTrue(changed.group(3)), entry, local);
    } else if (set.matches()) {
      log(entry, "set_" + set.group(1), null, orNull(set.group(2)), local, false);
      set(state, set.group(1), orTrue(set.group(2)), entry, local);
    } else if (removed.matches()) {
      log(entry, "remove_" + removed.group(1), orNull(removed.group(2)), null, local, false);
      remove(state, removed.group(1), entry, local);
    } else {
      Matcher other = OTHER.matcher(entry.words);
      log(
          entry,
          other.matches() ? other.group(1) : entry.words,
          null,
          other.matches() ? other.group(2) : null,
          local,
          false);
    }
  }

  private static String verb(String words) {
    int colon = words.indexOf(':');
    return colon < 0 ? words : words.substring(0, colon);
  }

  private static @Nullable String orNull(String value) {
    return value.isEmpty() || value.equals(NONE) ? null : value;
  }

  private static String orTrue(String value) {
    return value.equals(NONE) ? TRUE : value;
  }

  private static void set(
      Map<String, Attribute> state, String name, String value, Entry entry, LocalTimestamp at) {
    Attribute before = state.get(name);
    if (before == null || before.value == null) {
      state.put(name, new Attribute(value, at, at, entry.actor, entry.source.location()));
    } else {
      state.put(name, new Attribute(value, before.since, at, before.by, entry.source.location()));
    }
  }

  private static void remove(
      Map<String, Attribute> state, String name, Entry entry, LocalTimestamp at) {
    state.put(name, new Attribute(null, at, at, entry.actor, entry.source.location()));
  }

  private static RowAssertion attribute(String prayer, String name, Attribute attribute) {
    RowAssertion row =
        RowAssertion.of(
            "prayer_attributes",
            "entries",
            SourcePriority.INFERRED,
            attribute.location,
            prayer,
            name);
    row.set(RowAssertion.LAST_CHANGED, attribute.at.column());
    return attribute.value == null
        ? row.set(RowAssertion.REMOVED, "1")
        : row.set("attribute_value", attribute.value)
            .set("created_by", attribute.by)
            .time("created_at", attribute.since);
  }

  private void log(
      Entry entry,
      String action,
      @Nullable String old,
      @Nullable String value,
      LocalTimestamp at,
      boolean hasPath) {
    to.accept(
        row("prayer_activity_log", entry, at, hasPath, entry.source.prayer(), entry.actor, action)
            .set("old_value", old)
            .set("new_value", value));
  }

  private static RowAssertion row(
      String table, Entry entry, LocalTimestamp at, boolean hasPath, String... key) {
    ActivityEntry source = entry.source;
    RowAssertion row =
        RowAssertion.of(
                table,
                source.location().file(),
                source.isMonthly() ? SourcePriority.MONTHLY : SourcePriority.FILE,
                source.location(),
                key)
            .time("created_at", at);
    return hasPath && !source.path().isEmpty()
        ? row.inferred("text_file_path", source.path())
        : row;
  }
}
