package org.thywill.operations.settings;

import java.util.Optional;

/** What a setting may say, and where it holds. */
public enum SettingKind {
  /** Any text. */
  TEXT,
  /**
   * Where something is on this machine; never taken over from an archive, which may have come from
   * another one.
   */
  PLACE,
  /**
   * Where something is that gets secrets of this machine: a place, too, so that nobody moves it by
   * a setting in the archive.
   */
  ADDRESS,
  COUNT,
  /** A number of days; none is never. */
  DAYS,
  YES_NO,
  /** Yes or no, kept as a feature flag. */
  FEATURE,
  /** What must not be turned off. */
  ALWAYS_YES,
  PROVIDER,
  /** Never shown, and kept by name only. */
  SECRET;

  /** Whether it is this machine's own, and never taken over from an archive. */
  boolean isPlace() {
    return this == PLACE || this == ADDRESS;
  }

  /** Whether a text says yes. */
  static boolean isYes(String value) {
    return value.matches("(?i)true|yes|1|on");
  }

  static boolean isNo(String value) {
    return value.matches("(?i)false|no|0|off");
  }

  /** What was expected instead of a value; empty if it will do. */
  Optional<String> expectedInsteadOf(String value) {
    boolean fits =
        switch (this) {
          case TEXT, PLACE, SECRET -> true;
          case ADDRESS -> value.matches("https?://[^/?#@\\s]+(/[^?#@\\s]*)?");
          case COUNT -> value.matches("[1-9][0-9]{0,4}");
          case DAYS -> value.matches("0|[1-9][0-9]{0,4}");
          case YES_NO, FEATURE -> isYes(value) || isNo(value);
          case ALWAYS_YES -> isYes(value);
          case PROVIDER -> value.matches("built-in|anthropic|openai");
        };
    return fits
        ? Optional.empty()
        : Optional.of(
            switch (this) {
              case TEXT, PLACE, SECRET -> "a text";
              case ADDRESS -> "https:// or http://, a name, and no user, question mark or #";
              case COUNT -> "a number from 1 to 99999";
              case DAYS -> "a number of days from 0 to 99999";
              case YES_NO, FEATURE -> "true or false";
              case ALWAYS_YES -> "true";
              case PROVIDER -> "built-in, anthropic or openai";
            });
  }
}
