package org.thywill.bench;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;

/**
 * Two years of a community that nobody lived, of any size. Of 100 rows 2 are members, 4 prayers of
 * some 600 characters, 40 marks, 40 activity, 5 sessions, 3 sign-ins, 4 notifications and 2
 * attributes. The same size and seed give the same rows; none is kept in memory.
 */
final class InventedCommunity {
  private static final long BEGINNING = Timestamps.micros(Instant.parse("2024-01-01T00:00:00Z"));
  private static final long SPAN =
      ChronoUnit.MICROS.between(
          Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2025-12-31T00:00:00Z"));
  private static final long DAY = ChronoUnit.DAYS.getDuration().toSeconds() * 1_000_000;

  private final long rows;
  private final long seed;
  private final Map<Kind, Long> done = new EnumMap<>(Kind.class);

  /**
   * What happens, and in how many of 100 rows. A mark comes with its line of activity, in one
   * transaction.
   */
  private enum Kind {
    MEMBER(2, 'u'),
    PRAYER(4, 'p'),
    MARK(40, 'm'),
    SIGN_IN(3, 'r'),
    SESSION(5, 's'),
    NOTIFICATION(4, 'n'),
    ATTRIBUTE(2, 'a');

    private final int share;
    private final char letter;

    Kind(int share, char letter) {
      this.share = share;
      this.letter = letter;
    }

    long times(long rows) {
      return Math.max(1, rows * share / 100);
    }
  }

  /** Takes the rows of one transaction. */
  @FunctionalInterface
  interface Sink {
    void accept(List<Row> rows, long at, Change.Cause cause) throws IOException;
  }

  InventedCommunity(long rows, long seed) {
    this.rows = rows;
    this.seed = seed;
  }

  /** Tells everything in the order of time, once. */
  void tell(Sink sink) throws IOException {
    long events = 0;
    for (Kind kind : Kind.values()) {
      events += kind.times(rows);
    }
    long step = SPAN / events;
    SplittableRandom clock = new SplittableRandom(seed);
    for (long event = 0; event < events; event++) {
      long at = BEGINNING + event * step + clock.nextLong(step);
      Kind kind = next();
      long number = done(kind);
      done.put(kind, number + 1);
      happen(kind, number, at, new SplittableRandom(mixed(kind, number, 0)), sink);
    }
  }

  /** The kind that lags furthest behind its share; at first a member, and a prayer. */
  private Kind next() {
    Kind chosen = Kind.MEMBER;
    if (done(Kind.PRAYER) == 0) {
      return done(Kind.MEMBER) == 0 ? Kind.MEMBER : Kind.PRAYER;
    }
    for (Kind kind : Kind.values()) {
      chosen = progress(kind) < progress(chosen) ? kind : chosen;
    }
    return chosen;
  }

  private long done(Kind kind) {
    return done.getOrDefault(kind, 0L);
  }

  private double progress(Kind kind) {
    return (done(kind) + 0.5) / kind.times(rows);
  }

  private void happen(Kind kind, long number, long at, SplittableRandom random, Sink sink)
      throws IOException {
    String member =
        kind == Kind.MEMBER ? handle(number) : handle(random.nextLong(done(Kind.MEMBER)));
    List<Row> told =
        switch (kind) {
          case MEMBER -> List.of(member(number, at, random));
          case PRAYER -> List.of(prayer(number, member, at, random));
          case MARK -> mark(number, member, at, random);
          case SIGN_IN -> List.of(signIn(number, member, at, random));
          case SESSION -> List.of(session(number, member, at, random));
          case NOTIFICATION -> List.of(notification(number, member, at, random));
          case ATTRIBUTE -> List.of(attribute(number, member, at, random));
        };
    sink.accept(told, at, Change.Cause.by(member));
  }

  private Row member(long number, long at, SplittableRandom random) {
    Row.Builder row =
        Row.in(Catalog.MEMBERS)
            .set("handle", handle(number))
            .set("display_name", displayName(number))
            .set("created_at", at)
            .set("welcome_dismissed", random.nextBoolean())
            .set("is_supporter", random.nextInt(20) == 0);
    return row.set(
            "invited_by", number == 0 ? HandleNormalizer.SYSTEM : handle(random.nextLong(number)))
        .build();
  }

  private Row prayer(long number, String member, long at, SplittableRandom random) {
    Row.Builder row =
        Row.in(Catalog.PRAYERS)
            .set("id", prayer(number))
            .set("author", member)
            .set("created_at", at)
            .set("text", InventedWords.text(random, 150 + random.nextInt(400)))
            .set("generated_prayer", InventedWords.text(random, 150 + random.nextInt(200)))
            .set("moderation", random.nextInt(200) == 0 ? "flagged" : "open")
            .set("visibility", "members");
    return (random.nextInt(3) == 0 ? row.set("project_tag", InventedWords.word(random)) : row)
        .build();
  }

  private List<Row> mark(long number, String member, long at, SplittableRandom random) {
    String prayer = somePrayer(random);
    return List.of(
        Row.in(Catalog.MARKS)
            .set("prayer", prayer)
            .set("member", member)
            .set("id", id(Kind.MARK, number, 0))
            .set("created_at", at)
            .build(),
        Row.in(Catalog.ACTIVITY)
            .set("member", member)
            .set("action", "prayed")
            .set("prayer", prayer)
            .set("id", id(Kind.MARK, number, 2))
            .set("new_value", "1")
            .set("created_at", at)
            .build());
  }

  private Row signIn(long number, String member, long at, SplittableRandom random) {
    return Row.in(Catalog.AUTH_REQUESTS)
        .set("member", member)
        .set("device_info", "Tablet; " + InventedWords.word(random))
        .set("ip_address", "198.51.100." + random.nextInt(256))
        .set("status", "approved")
        .set("expires_at", at + 7 * DAY)
        .set("approved_by", handle(random.nextLong(done(Kind.MEMBER))))
        .set("id", id(Kind.SIGN_IN, number, 0))
        .set("created_at", at)
        .set("approved_at", at)
        .set("code_withheld", true)
        .build();
  }

  private Row session(long number, String member, long at, SplittableRandom random) {
    String id = "sha256:" + id(Kind.SESSION, number, 0) + id(Kind.SESSION, number, 2);
    Row.Builder row =
        Row.in(Catalog.SESSIONS)
            .set("member", member)
            .set("device_info", "Tablet; " + InventedWords.word(random))
            .set("ip_address", "198.51.100." + random.nextInt(256))
            .set("is_fully_authenticated", true)
            .set("expires_at", at + 14 * DAY)
            .set("id", id)
            .set("created_at", at);
    return request(row, random).build();
  }

  private Row notification(long number, String member, long at, SplittableRandom random) {
    Row.Builder row =
        Row.in(Catalog.NOTIFICATIONS)
            .set("member", member)
            .set("kind", "auth_request")
            .set("is_read", false)
            .set("id", id(Kind.NOTIFICATION, number, 0))
            .set("created_at", at);
    return request(row, random).build();
  }

  private Row attribute(long number, String member, long at, SplittableRandom random) {
    return Row.in(Catalog.ATTRIBUTES)
        .set("prayer", somePrayer(random))
        .set("name", random.nextBoolean() ? "answered" : "archived")
        .set("value", "true")
        .set("created_by", member)
        .set("id", id(Kind.ATTRIBUTE, number, 0))
        .set("created_at", at)
        .build();
  }

  private Row.Builder request(Row.Builder row, SplittableRandom random) {
    long requests = done(Kind.SIGN_IN);
    return requests == 0 ? row : row.set("request", id(Kind.SIGN_IN, random.nextLong(requests), 0));
  }

  /** Mostly a prayer of the last weeks, now and then an old one. */
  private String somePrayer(SplittableRandom random) {
    double back = random.nextDouble();
    long prayers = done(Kind.PRAYER);
    return prayer(prayers - 1 - (long) (back * back * back * prayers));
  }

  private String prayer(long number) {
    return id(Kind.PRAYER, number, 0);
  }

  private String handle(long number) {
    return displayName(number).toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  private String displayName(long number) {
    SplittableRandom random = new SplittableRandom(mixed(Kind.MEMBER, number, 1));
    return InventedWords.word(random) + " " + InventedWords.word(random) + " " + number;
  }

  /** 32 hexadecimal digits, as the Python original makes its ids. */
  private String id(Kind kind, long number, int part) {
    return HexFormat.of().toHexDigits(mixed(kind, number, part))
        + HexFormat.of().toHexDigits(mixed(kind, number, part + 1));
  }

  /** Spreads what it is given over 64 bits, by the finalizer of the SplitMix generator. */
  private long mixed(Kind kind, long number, int part) {
    long z =
        (seed + (number << 8) + kind.letter) * 0x9E3779B97F4A7C15L + part * 0xD1B54A32D192ED03L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
