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
import org.thywill.legacy.text.dialect.Assertion.Act;
import org.thywill.legacy.text.dialect.Assertion.NotUnderstood;
import org.thywill.legacy.text.dialect.Assertion.RowStated;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * What the entries of one prayer mean: marks, lines of the log, and, folded in the order of their
 * times, the attributes that it has today.
 *
 * <p>The same words stand for other rows in a file that was written live than in one that was
 * healed from the database's log. Healed entries come first and betray themselves by {@code set …},
 * {@code removed …} and {@code unknown}: whatever follows the last of those was written live.
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
  private static final Pattern STRANGER =
      Pattern.compile(
          "(.+?) (added testimony: .*|set \\S+ (?:from '.*' )?to '.*'|removed \\S+ \\(was '.*'\\))",
          Pattern.DOTALL);
  private static final String NONE = "None";
  private static final String TRUE = "true";

  private final MemberNameMatcher names;
  private final ZoneId zone;
  private final Consumer<Assertion> to;

  /** An entry whose actor is known. */
  private record Deed(Act act, String actor, String words) {}

  /** An attribute as the entries up to some moment leave it. */
  private record Attribute(
      @Nullable String value,
      LocalTimestamp since,
      LocalTimestamp at,
      String by,
      SourceLocation place) {}

  public ActivityInterpreter(MemberNameMatcher names, ZoneId zone, Consumer<Assertion> to) {
    this.names = names;
    this.zone = zone;
    this.to = to;
  }

  /** Takes all entries of one prayer, in order of their times. */
  public void of(String prayer, List<Act> acts) {
    Map<String, Act> healed = new HashMap<>();
    List<Deed> deeds = new ArrayList<>();
    for (Act act : acts) {
      Deed deed = understood(act);
      if (deed == null) {
        continue;
      }
      deeds.add(deed);
      if (SET.matcher(deed.words).matches()
          || CHANGED.matcher(deed.words).matches()
          || REMOVED.matcher(deed.words).matches()
          || deed.words.equals("unknown")) {
        healed.merge(
            act.place().file(), act, (a, b) -> a.place().line() > b.place().line() ? a : b);
      }
    }
    Set<String> told = new HashSet<>();
    deeds.stream()
        .filter(deed -> !deed.act.isMonthly())
        .forEach(
            deed -> {
              for (long minute = deed.act.at().minute() - 1;
                  minute <= deed.act.at().minute() + 1;
                  minute++) {
                told.add(deed.actor + '|' + minute + '|' + verb(deed.words));
              }
            });
    Map<String, Attribute> state = new LinkedHashMap<>();
    for (Deed deed : deeds) {
      boolean isMonthly = deed.act.isMonthly();
      boolean isRepeated =
          isMonthly
              && !deed.words.equals(PRAYED)
              && (deed.words.equals("added testimony")
                  || told.contains(deed.actor + '|' + deed.act.at().minute() + '|' + deed.words));
      if (!isRepeated) {
        happen(prayer, deed, isLive(deed, healed.get(deed.act.place().file())), state);
      }
    }
    state.forEach((name, attribute) -> to.accept(attribute(prayer, name, attribute)));
  }

  /**
   * A testimony right after the last healed entry was healed with it: the log had a line for each.
   */
  private static boolean isLive(Deed deed, @Nullable Act lastHealed) {
    boolean isAfter = lastHealed == null || deed.act.place().line() > lastHealed.place().line();
    boolean isOfOneMinute = lastHealed != null && deed.act.at().equals(lastHealed.at());
    return isAfter && !(isOfOneMinute && TESTIMONY.matcher(deed.words).matches());
  }

  /**
   * An entry, with as many of its lines as it can have; those that it cannot have, or all, are
   * named.
   */
  private @Nullable Deed understood(Act act) {
    Deed whole = deed(act);
    if (whole != null) {
      return whole;
    }
    String[] lines = act.words().split("\n", -1);
    Deed first =
        lines.length == 1
            ? null
            : deed(
                new Act(
                    act.prayer(), act.at(), lines[0], act.path(), act.isMonthly(), act.place()));
    for (int i = first == null ? 0 : 1; i < lines.length; i++) {
      if (i == 0 || !lines[i].isBlank()) {
        to.accept(
            new NotUnderstood(
                new SourceLocation(act.place().file(), act.place().line() + i),
                i == 0
                    ? "an entry whose words, or whose actor, are not known"
                    : "not the rest of the entry above"));
      }
    }
    return first;
  }

  private @Nullable Deed deed(Act act) {
    String words = act.words();
    for (int end = names.prefix(words, Integer.MAX_VALUE);
        end > 0;
        end = names.prefix(words, end - 1)) {
      String rest = words.substring(end + 1);
      if (isPhrase(rest)) {
        return new Deed(act, words.substring(0, end), rest);
      }
    }
    for (String phrase : FIXED) {
      if (words.endsWith(" " + phrase)) {
        return new Deed(act, words.substring(0, words.length() - phrase.length() - 1), phrase);
      }
    }
    Matcher stranger = STRANGER.matcher(words);
    if (stranger.matches()) {
      return new Deed(act, stranger.group(1), stranger.group(2));
    }
    int end = names.prefix(words, Integer.MAX_VALUE);
    return end > 0 && OTHER.matcher(words.substring(end + 1)).matches()
        ? new Deed(act, words.substring(0, end), words.substring(end + 1))
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

  private void happen(String prayer, Deed deed, boolean isLive, Map<String, Attribute> state) {
    LocalTimestamp local = deed.act.at();
    LocalTimestamp utc = isLive ? local.toUtc(zone) : local;
    Matcher testimony = TESTIMONY.matcher(deed.words);
    Matcher changed = CHANGED.matcher(deed.words);
    Matcher set = SET.matcher(deed.words);
    Matcher removed = REMOVED.matcher(deed.words);
    if (deed.words.equals(PRAYED)) {
      to.accept(row("prayermark", deed, local, true, prayer, deed.actor));
      log(prayer, deed, "prayed", null, TRUE, local, true);
    } else if (deed.words.equals(ANSWERED)) {
      if (isLive) {
        log(prayer, deed, "set_answered", null, TRUE, utc, false);
        log(prayer, deed, "set_answer_date", null, local.isoValue(), utc, false);
      } else {
        log(prayer, deed, "answered", null, TRUE, local, false);
      }
      set(state, "answered", TRUE, deed, utc);
      set(state, "answer_date", local.isoValue(), deed, utc);
    } else if (testimony.matches()) {
      String text = testimony.group(1);
      boolean isLost = !isLive && (text.equals(NONE) || text.equals(TRUE));
      if (isLive) {
        log(prayer, deed, "set_answer_testimony", null, text, utc, false);
      }
      log(prayer, deed, "testimony", null, !isLive && text.equals(NONE) ? null : text, local, true);
      if (isLive || !isLost && !state.containsKey("answer_testimony")) {
        set(state, "answer_testimony", text, deed, utc);
      }
    } else if (deed.words.equals(ARCHIVED) || deed.words.equals(FLAGGED)) {
      String name = deed.words.equals(ARCHIVED) ? "archived" : "flagged";
      log(prayer, deed, isLive ? "set_" + name : name, null, TRUE, utc, false);
      set(state, name, TRUE, deed, utc);
    } else if (deed.words.equals(RESTORED)) {
      log(
          prayer,
          deed,
          isLive ? "remove_archived" : "restored",
          isLive ? TRUE : null,
          isLive ? null : TRUE,
          utc,
          false);
      gone(state, "archived", deed, utc);
    } else if (changed.matches()) {
      log(
          prayer,
          deed,
          "set_" + changed.group(1),
          orNull(changed.group(2)),
          orNull(changed.group(3)),
          local,
          false);
      set(state, changed.group(1), orTrue(changed.group(3)), deed, local);
    } else if (set.matches()) {
      log(prayer, deed, "set_" + set.group(1), null, orNull(set.group(2)), local, false);
      set(state, set.group(1), orTrue(set.group(2)), deed, local);
    } else if (removed.matches()) {
      log(prayer, deed, "remove_" + removed.group(1), orNull(removed.group(2)), null, local, false);
      gone(state, removed.group(1), deed, local);
    } else {
      Matcher other = OTHER.matcher(deed.words);
      log(
          prayer,
          deed,
          other.matches() ? other.group(1) : deed.words,
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
      Map<String, Attribute> state, String name, String value, Deed deed, LocalTimestamp at) {
    Attribute before = state.get(name);
    if (before == null || before.value == null) {
      state.put(name, new Attribute(value, at, at, deed.actor, deed.act.place()));
    } else {
      state.put(name, new Attribute(value, before.since, at, before.by, deed.act.place()));
    }
  }

  private static void gone(
      Map<String, Attribute> state, String name, Deed deed, LocalTimestamp at) {
    state.put(name, new Attribute(null, at, at, deed.actor, deed.act.place()));
  }

  private static RowStated attribute(String prayer, String name, Attribute attribute) {
    RowStated row =
        RowStated.of(
            "prayer_attributes", "entries", SourcePriority.INFERRED, attribute.place, prayer, name);
    row.set(RowStated.LAST_CHANGED, attribute.at.column());
    return attribute.value == null
        ? row.set(RowStated.REMOVED, "1")
        : row.set("attribute_value", attribute.value)
            .set("created_by", attribute.by)
            .time("created_at", attribute.since);
  }

  private void log(
      String prayer,
      Deed deed,
      String action,
      @Nullable String old,
      @Nullable String value,
      LocalTimestamp at,
      boolean hasPath) {
    to.accept(
        row("prayer_activity_log", deed, at, hasPath, prayer, deed.actor, action)
            .set("old_value", old)
            .set("new_value", value));
  }

  private static RowStated row(
      String table, Deed deed, LocalTimestamp at, boolean hasPath, String... key) {
    Act act = deed.act;
    RowStated row =
        RowStated.of(
                table,
                act.place().file(),
                act.isMonthly() ? SourcePriority.MONTHLY : SourcePriority.FILE,
                act.place(),
                key)
            .time("created_at", at);
    return hasPath && !act.path().isEmpty() ? row.inferred("text_file_path", act.path()) : row;
  }
}
