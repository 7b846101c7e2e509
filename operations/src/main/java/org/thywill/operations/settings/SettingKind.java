package org.thywill.operations.settings;

import java.util.Optional;

/** Which values a setting may have. */
public enum SettingKind {
  /** Any text. */
  TEXT,
  /** A path on this machine; never taken from an archive, which may be of another machine. */
  PLACE,
  /**
   * An address that is sent secrets; never taken from an archive, so that none is sent elsewhere.
   */
  ADDRESS,
  /** A number from 1 on. */
  COUNT,
  /** A number of days, from 0. */
  DAYS,
  /** Yes or no. */
  YES_NO,
  /** Yes or no, kept as a feature flag. */
  FEATURE,
  /** Yes; no is refused. */
  ALWAYS_YES,
  /** What generates prayers. */
  PROVIDER,
  /** A secret: never shown, and only its name is archived. */
  SECRET;

  /** Whether it belongs to one machine, and is never taken from an archive. */
  boolean isPlace() {
    return this == PLACE || this == ADDRESS;
  }

  /** Whether a value means yes. */
  public static boolean isYes(String value) {
    return value.matches("(?i)true|yes|1|on");
  }

  /** Whether a value means no. */
  static boolean isNo(String value) {
    return value.matches("(?i)false|no|0|off");
  }

  /** What was expected instead of a value; empty if the value is valid. */
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
