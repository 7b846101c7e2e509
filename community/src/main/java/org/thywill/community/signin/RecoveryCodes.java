package org.thywill.community.signin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * Recovery codes: one-time codes on paper, by which a member who has lost every device signs in
 * without other members.
 *
 * <p>A code has 60 random bits. It is kept as the result of a slow function with the member as its
 * salt, because 60 bits under a fast hash could be guessed by those who read the archive. Where a
 * method throws, nothing was changed, except that a refused attempt is logged as a security event.
 */
public final class RecoveryCodes {
  /** How many codes a member gets. */
  public static final int COUNT = 10;

  private static final int LENGTH = 12;
  private static final int GROUP_LENGTH = 4;
  private static final int ROUNDS = 20_000;
  private static final int KEY_BITS = 256;
  private static final String KEPT_AS = "pbkdf2:";

  /**
   * Attempts an hour under the name of one member. It is far above those of one network, so that a
   * single one cannot keep the member out, and far below what guessing needs.
   */
  private static final int PER_MEMBER_MAX = 100;

  private static final int MEMBERS_KEPT_MAX = 10_000;

  private final Ledger ledger;
  private final Ids ids;
  private final SignInNotifier notifier;
  private final SignInLog log;
  private final AttemptLimiter bySource = AttemptLimiter.perHour();
  private final AttemptLimiter byMember =
      new AttemptLimiter(Duration.ofHours(1), PER_MEMBER_MAX, MEMBERS_KEPT_MAX);

  public RecoveryCodes(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
    this.notifier = new SignInNotifier(ledger, ids);
    this.log = new SignInLog(ids);
  }

  /**
   * The codes of a member.
   *
   * @param unused how many can still be used
   * @param since when they were made; null if there are none
   */
  public record Remaining(int unused, int total, @Nullable Instant since) {}

  /** How many codes a member has left. */
  public static Remaining remaining(RowLookup rows, String member) throws IOException {
    List<Row> all = rows.findBy(Catalog.RecoveryCodes.MEMBER, member);
    Optional<Instant> since =
        all.stream()
            .map(row -> Timestamps.instant(row.get(Catalog.RecoveryCodes.CREATED_AT).orElse(0L)))
            .findFirst();
    return new Remaining(
        (int) all.stream().filter(RecoveryCodes::isUnused).count(), all.size(), since.orElse(null));
  }

  /**
   * Makes ten codes. Those that the member had before open nothing any more. A security event is
   * added.
   *
   * @return the codes, to be shown once
   * @throws ForbiddenException if the member does not take part
   */
  public List<String> make(String member) throws IOException {
    List<String> codes = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String code = ids.id();
      codes.add(grouped(code));
      keys.add(key(member, code));
    }
    ledger.write(
        Change.Cause.by(member).because("made recovery codes"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          for (Row earlier : tx.findBy(Catalog.RecoveryCodes.MEMBER, member)) {
            tx.remove(Catalog.RECOVERY_CODES, earlier.key());
          }
          for (String key : keys) {
            tx.add(
                Row.in(Catalog.RECOVERY_CODES)
                    .set(Catalog.RecoveryCodes.MEMBER, member)
                    .set(Catalog.RecoveryCodes.ID, key)
                    .set(Catalog.RecoveryCodes.CREATED_AT, tx.atMicros())
                    .build());
          }
          log.add(
              tx, new SignInLog.SecurityEvent("recovery_codes_made", member, null, Device.UNKNOWN));
        });
    return codes;
  }

  /**
   * Signs in a member by a code, which is used up. The member is notified on their other devices,
   * and a security event is added.
   *
   * @param name the display name or the handle of the member
   * @param code as it is on paper; case, hyphens and spaces do not matter
   * @throws ForbiddenException if it is no unused code of that member, the member does not take
   *     part, or there were too many attempts; the message does not say whether there is such a
   *     member
   */
  public Sessions.Session use(String name, String code, Device device) throws IOException {
    String source = AttemptLimiter.source(device).orElseGet(ids::id);
    String member;
    try (ViewReader view = ledger.read()) {
      member = SignIn.claimed(view, name);
    }
    countAttempt(source, member, device);
    String key = key(member, plain(code));
    boolean isCode;
    try (ViewReader view = ledger.read()) {
      isCode =
          isCodeOf(view, key, member)
              && !Authorization.of(view, member, view.state().atMicros()).isDeactivated();
    }
    if (!isCode) {
      refuse(source, member, device);
    }
    String secret = ids.secret();
    return ledger.compute(
        Change.Cause.by(member).because("a recovery code"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          if (!isCodeOf(tx, key, member)) {
            throw noCode();
          }
          tx.change(
              Catalog.RECOVERY_CODES, key, Values.of(Catalog.RecoveryCodes.USED_AT, tx.atMicros()));
          log.add(
              tx,
              new SignInLog.SecurityEvent(
                  "signed_in_by_recovery_code", member, left(tx, member), device));
          notifier.notifyOfEntry(tx, member, null);
          return Sessions.open(tx, member, secret, device, true, null);
        });
  }

  private static String left(Transaction tx, String member) throws IOException {
    Remaining remaining = remaining(tx, member);
    return remaining.unused() + " of " + remaining.total() + " are left";
  }

  private void countAttempt(String source, String member, Device device) throws IOException {
    String hashed = Ids.hash(member); // a visitor chooses the text, which may be long
    boolean isTooOften =
        ledger.compute(
            Change.Cause.by(HandleNormalizer.SYSTEM).because("an attempt was refused"),
            tx -> {
              boolean isExhausted =
                  bySource.isExhausted(source, tx.atMicros())
                      || byMember.isExhausted(hashed, tx.atMicros());
              if (!isExhausted) {
                bySource.count(source, tx.atMicros());
                byMember.count(hashed, tx.atMicros());
              } else if (bySource.shouldLog(source, "rate_limit_hit", tx.atMicros())) {
                log.add(
                    tx,
                    new SignInLog.SecurityEvent(
                        "rate_limit_hit", null, "recovery codes within an hour", device));
              }
              return isExhausted;
            });
    if (isTooOften) {
      throw new ForbiddenException(
          "There were too many attempts. Please try again in an hour, or ask members to let you"
              + " in.");
    }
  }

  private void refuse(String source, String member, Device device) throws IOException {
    ledger.write(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("an attempt was refused"),
        tx -> {
          if (bySource.shouldLog(source, "wrong_recovery_code", tx.atMicros())) {
            @Nullable String known = tx.find(Catalog.MEMBERS, member).map(Row::key).orElse(null);
            log.add(tx, new SignInLog.SecurityEvent("wrong_recovery_code", known, null, device));
          }
        });
    throw noCode();
  }

  private static ForbiddenException noCode() {
    return new ForbiddenException(
        "This is no unused recovery code of a member of that name. Please look at the name and at"
            + " each letter of the code, or take another code.");
  }

  private static boolean isCodeOf(RowLookup rows, String key, String member) throws IOException {
    return rows.find(Catalog.RECOVERY_CODES, key)
        .filter(row -> row.has(Catalog.RecoveryCodes.MEMBER, member) && isUnused(row))
        .isPresent();
  }

  private static boolean isUnused(Row code) {
    return code.get(Catalog.RecoveryCodes.USED_AT).isEmpty();
  }

  /** A code in groups, as people read it. */
  private static String grouped(String code) {
    StringBuilder grouped = new StringBuilder();
    for (int i = 0; i < code.length(); i += GROUP_LENGTH) {
      grouped.append(i == 0 ? "" : "-").append(code, i, i + GROUP_LENGTH);
    }
    return grouped.toString();
  }

  /**
   * A code as it was made: letters that look like those of the alphabet count as them. What cannot
   * be a code becomes one that never was made, and costs the same time.
   */
  private static String plain(String typed) {
    String plain =
        typed
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^0-9a-z]", "")
            .replace('o', '0')
            .replace('i', '1')
            .replace('l', '1');
    return plain.length() == LENGTH ? plain : "no code";
  }

  /** The key of the row of a code. It takes some milliseconds on purpose. */
  private static String key(String member, String code) {
    byte[] salt = ("recovery code\n" + member).getBytes(StandardCharsets.UTF_8);
    try {
      PBEKeySpec spec = new PBEKeySpec(code.toCharArray(), salt, ROUNDS, KEY_BITS);
      return KEPT_AS
          + HexFormat.of()
              .formatHex(
                  SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                      .generateSecret(spec)
                      .getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
    }
  }
}
