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
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;

/**
 * Makes the rows of an invented community, over two years and of any size.
 *
 * <p>Of 100 rows 2 are members, 4 prayers of some 600 characters, 40 marks, 40 activity, 5
 * sessions, 3 sign-ins, 4 notifications and 2 attributes. The same size and seed give the same
 * rows. The rows are not kept in memory.
 */
final class InventedCommunity {
  private static final long BEGIN_MICROS = Timestamps.micros(Instant.parse("2024-01-01T00:00:00Z"));
  private static final long SPAN_MICROS =
      ChronoUnit.MICROS.between(
          Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2025-12-31T00:00:00Z"));
  private static final long DAY_MICROS = ChronoUnit.DAYS.getDuration().toSeconds() * 1_000_000;

  private final long rows;
  private final long seed;
  private final Map<Kind, Long> done = new EnumMap<>(Kind.class);

  /** A kind of event, with its share of 100 rows. A mark has its activity in its transaction. */
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
    void accept(List<Row> rows, long atMicros, Change.Cause cause) throws IOException;
  }

  InventedCommunity(long rows, long seed) {
    this.rows = rows;
    this.seed = seed;
  }

  /** Gives all transactions to a sink, in the order of time. May be called once. */
  void writeTo(Sink sink) throws IOException {
    long events = 0;
    for (Kind kind : Kind.values()) {
      events += kind.times(rows);
    }
    long step = SPAN_MICROS / events;
    SplittableRandom clock = new SplittableRandom(seed);
    for (long event = 0; event < events; event++) {
      long atMicros = BEGIN_MICROS + event * step + clock.nextLong(step);
      Kind kind = next();
      long number = done(kind);
      done.put(kind, number + 1);
      write(kind, number, atMicros, new SplittableRandom(mixed(kind, number, 0)), sink);
    }
  }

  /** The kind that lacks most of its share; at first a member, then a prayer. */
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

  private void write(Kind kind, long number, long atMicros, SplittableRandom random, Sink sink)
      throws IOException {
    String member =
        kind == Kind.MEMBER ? handle(number) : handle(random.nextLong(done(Kind.MEMBER)));
    List<Row> transaction =
        switch (kind) {
          case MEMBER -> List.of(member(number, atMicros, random));
          case PRAYER -> List.of(prayer(number, member, atMicros, random));
          case MARK -> mark(number, member, atMicros, random);
          case SIGN_IN -> List.of(signIn(number, member, atMicros, random));
          case SESSION -> List.of(session(number, member, atMicros, random));
          case NOTIFICATION -> List.of(notification(number, member, atMicros, random));
          case ATTRIBUTE -> List.of(attribute(number, member, atMicros, random));
        };
    sink.accept(transaction, atMicros, Change.Cause.by(member));
  }

  private Row member(long number, long atMicros, SplittableRandom random) {
    Row.Builder row =
        Row.in(Catalog.MEMBERS)
            .set(Catalog.Members.HANDLE, handle(number))
            .set(Catalog.Members.DISPLAY_NAME, displayName(number))
            .set(Catalog.Members.CREATED_AT, atMicros)
            .set(Catalog.Members.WELCOME_DISMISSED, random.nextBoolean())
            .set(Catalog.Members.IS_SUPPORTER, random.nextInt(20) == 0);
    return row.set(
            Catalog.Members.INVITED_BY,
            number == 0 ? HandleNormalizer.SYSTEM : handle(random.nextLong(number)))
        .build();
  }

  private Row prayer(long number, String member, long atMicros, SplittableRandom random) {
    Row.Builder row =
        Row.in(Catalog.PRAYERS)
            .set(Catalog.Prayers.ID, prayer(number))
            .set(Catalog.Prayers.AUTHOR, member)
            .set(Catalog.Prayers.CREATED_AT, atMicros)
            .set(Catalog.Prayers.TEXT, InventedWords.text(random, 150 + random.nextInt(400)))
            .set(
                Catalog.Prayers.GENERATED_PRAYER,
                InventedWords.text(random, 150 + random.nextInt(200)))
            .set(Catalog.Prayers.MODERATION, random.nextInt(200) == 0 ? "flagged" : "open")
            .set(Catalog.Prayers.VISIBILITY, "members");
    return (random.nextInt(3) == 0
            ? row.set(Catalog.Prayers.PROJECT_TAG, InventedWords.word(random))
            : row)
        .build();
  }

  private List<Row> mark(long number, String member, long atMicros, SplittableRandom random) {
    String prayer = somePrayer(random);
    return List.of(
        Row.in(Catalog.MARKS)
            .set(Catalog.Marks.PRAYER, prayer)
            .set(Catalog.Marks.MEMBER, member)
            .set(Catalog.Marks.ID, id(Kind.MARK, number, 0))
            .set(Catalog.Marks.CREATED_AT, atMicros)
            .build(),
        Row.in(Catalog.ACTIVITY)
            .set(Catalog.Activity.MEMBER, member)
            .set(Catalog.Activity.ACTION, "prayed")
            .set(Catalog.Activity.PRAYER, prayer)
            .set(Catalog.Activity.ID, id(Kind.MARK, number, 2))
            .set(Catalog.Activity.NEW_VALUE, "1")
            .set(Catalog.Activity.CREATED_AT, atMicros)
            .build());
  }

  private Row signIn(long number, String member, long atMicros, SplittableRandom random) {
    return Row.in(Catalog.AUTH_REQUESTS)
        .set(Catalog.AuthRequests.MEMBER, member)
        .set(Catalog.AuthRequests.DEVICE_INFO, "Tablet; " + InventedWords.word(random))
        .set(Catalog.AuthRequests.IP_ADDRESS, "198.51.100." + random.nextInt(256))
        .set(Catalog.AuthRequests.STATUS, "approved")
        .set(Catalog.AuthRequests.EXPIRES_AT, atMicros + 7 * DAY_MICROS)
        .set(Catalog.AuthRequests.APPROVED_BY, handle(random.nextLong(done(Kind.MEMBER))))
        .set(Catalog.AuthRequests.ID, id(Kind.SIGN_IN, number, 0))
        .set(Catalog.AuthRequests.CREATED_AT, atMicros)
        .set(Catalog.AuthRequests.APPROVED_AT, atMicros)
        .set(Catalog.AuthRequests.CODE_WITHHELD, true)
        .build();
  }

  private Row session(long number, String member, long atMicros, SplittableRandom random) {
    String id = "sha256:" + id(Kind.SESSION, number, 0) + id(Kind.SESSION, number, 2);
    Row.Builder row =
        Row.in(Catalog.SESSIONS)
            .set(Catalog.Sessions.MEMBER, member)
            .set(Catalog.Sessions.DEVICE_INFO, "Tablet; " + InventedWords.word(random))
            .set(Catalog.Sessions.IP_ADDRESS, "198.51.100." + random.nextInt(256))
            .set(Catalog.Sessions.IS_FULLY_AUTHENTICATED, true)
            .set(Catalog.Sessions.EXPIRES_AT, atMicros + 14 * DAY_MICROS)
            .set(Catalog.Sessions.ID, id)
            .set(Catalog.Sessions.CREATED_AT, atMicros);
    return row.set(Catalog.Sessions.REQUEST, someSignIn(random)).build();
  }

  private Row notification(long number, String member, long atMicros, SplittableRandom random) {
    Row.Builder row =
        Row.in(Catalog.NOTIFICATIONS)
            .set(Catalog.Notifications.MEMBER, member)
            .set(Catalog.Notifications.KIND, "auth_request")
            .set(Catalog.Notifications.IS_READ, false)
            .set(Catalog.Notifications.ID, id(Kind.NOTIFICATION, number, 0))
            .set(Catalog.Notifications.CREATED_AT, atMicros);
    return row.set(Catalog.Notifications.REQUEST, someSignIn(random)).build();
  }

  private Row attribute(long number, String member, long atMicros, SplittableRandom random) {
    return Row.in(Catalog.ATTRIBUTES)
        .set(Catalog.Attributes.PRAYER, somePrayer(random))
        .set(Catalog.Attributes.NAME, random.nextBoolean() ? "answered" : "archived")
        .set(Catalog.Attributes.VALUE, "true")
        .set(Catalog.Attributes.CREATED_BY, member)
        .set(Catalog.Attributes.ID, id(Kind.ATTRIBUTE, number, 0))
        .set(Catalog.Attributes.CREATED_AT, atMicros)
        .build();
  }

  /** The id of a sign-in; null as long as there is none. */
  private @Nullable String someSignIn(SplittableRandom random) {
    long signIns = done(Kind.SIGN_IN);
    return signIns == 0 ? null : id(Kind.SIGN_IN, random.nextLong(signIns), 0);
  }

  /** The id of a prayer; mostly a recent one. */
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

  /** A hash of 64 bits, by the finalizer of the SplitMix generator. */
  private long mixed(Kind kind, long number, int part) {
    long z =
        (seed + (number << 8) + kind.letter) * 0x9E3779B97F4A7C15L + part * 0xD1B54A32D192ED03L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
