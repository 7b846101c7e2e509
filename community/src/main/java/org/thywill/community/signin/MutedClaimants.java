package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.Query;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * Blocks of addresses from which a member does not want to see requests to sign in as them, for a
 * time.
 *
 * <p>Such a request waits like any other, so that its person learns nothing. It notifies no member,
 * and is shown only to members who may decide about sign-ins. Where a method throws, nothing was
 * changed.
 */
public final class MutedClaimants {
  /** For how long a claimant is muted: as long as a request to sign in waits. */
  public static final Duration LIFETIME = SignIn.LIFETIME;

  private final Ledger ledger;
  private final Ids ids;

  public MutedClaimants(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * A block of addresses that a member has muted.
   *
   * @param id of its row
   * @param addressBlock such as {@code 203.0.113.0/24}
   */
  public record Muted(String id, String addressBlock, Instant until) {}

  /**
   * Mutes the claimant of a sign-in.
   *
   * @param member who is claimed
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if no such sign-in claims that member, or it is not known from
   *     where it comes
   */
  public void mute(String member, String signIn) throws IOException {
    ledger.write(
        Change.Cause.by(member).because("does not want to be asked from there"),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row request =
              tx.find(Catalog.AUTH_REQUESTS, signIn)
                  .filter(row -> row.has(Catalog.AuthRequests.MEMBER, member))
                  .orElseThrow(() -> new InvalidInputException("There is no such sign-in."));
          String block =
              AttemptLimiter.addressBlock(SignIn.deviceOf(request))
                  .orElseThrow(
                      () ->
                          new InvalidInputException(
                              "It is not known from where this sign-in was asked for. Please refuse"
                                  + " it instead."));
          if (!isMuted(tx, member, block, tx.atMicros())) {
            add(tx, member, block);
          }
        });
  }

  private void add(Transaction tx, String member, String block) throws IOException {
    tx.add(
        Row.in(Catalog.MUTED_CLAIMANTS)
            .set(Catalog.MutedClaimants.MEMBER, member)
            .set(Catalog.MutedClaimants.ADDRESS_BLOCK, block)
            .set(
                Catalog.MutedClaimants.EXPIRES_AT,
                tx.atMicros() + TimeUnit.NANOSECONDS.toMicros(LIFETIME.toNanos()))
            .set(Catalog.MutedClaimants.ID, ids.id())
            .set(Catalog.MutedClaimants.CREATED_AT, tx.atMicros())
            .build());
  }

  /**
   * Ends a mute now.
   *
   * @param mute the id of its row
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the member has no such mute
   */
  public void end(String member, String mute) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          if (tx.find(Catalog.MUTED_CLAIMANTS, mute)
              .filter(row -> row.has(Catalog.MutedClaimants.MEMBER, member))
              .isEmpty()) {
            throw new InvalidInputException("There is nothing like that to show again.");
          }
          tx.change(
              Catalog.MUTED_CLAIMANTS,
              mute,
              Values.of(Catalog.MutedClaimants.EXPIRES_AT, tx.atMicros()));
        });
  }

  /** What a member has muted, in the order in which it ends. */
  public static List<Muted> of(ViewReader view, String member, Instant now) throws IOException {
    return view.findBy(Catalog.MutedClaimants.MEMBER, member).stream()
        .filter(row -> holds(row, Timestamps.micros(now)))
        .map(
            row ->
                new Muted(
                    row.key(),
                    row.get(Catalog.MutedClaimants.ADDRESS_BLOCK).orElse(""),
                    Timestamps.instant(row.get(Catalog.MutedClaimants.EXPIRES_AT).orElse(0L))))
        .sorted(Comparator.comparing(Muted::until))
        .toList();
  }

  /** The mutes of several members, read at once. */
  record Lookup(Set<List<String>> membersAndBlocks) {
    boolean isEmpty() {
      return membersAndBlocks.isEmpty();
    }

    /** Whether a member has muted the block of addresses of a device. */
    boolean includes(String member, Device device) {
      return AttemptLimiter.addressBlock(device)
          .filter(block -> membersAndBlocks.contains(List.of(member, block)))
          .isPresent();
    }
  }

  static Lookup lookup(ViewReader view, List<String> members, Instant now) throws IOException {
    return new Lookup(
        view
            .rows(
                Query.of(Catalog.MUTED_CLAIMANTS)
                    .in(Catalog.MutedClaimants.MEMBER, Set.copyOf(members)))
            .stream()
            .filter(row -> holds(row, Timestamps.micros(now)))
            .map(
                row ->
                    List.of(
                        row.get(Catalog.MutedClaimants.MEMBER).orElse(""),
                        row.get(Catalog.MutedClaimants.ADDRESS_BLOCK).orElse("")))
            .collect(Collectors.toSet()));
  }

  /** Whether a member has muted a block of addresses at a time, in microseconds since 1970. */
  static boolean isMuted(RowLookup rows, String member, String block, long atMicros)
      throws IOException {
    return rows.findBy(Catalog.MutedClaimants.MEMBER, member).stream()
        .anyMatch(
            row -> holds(row, atMicros) && row.has(Catalog.MutedClaimants.ADDRESS_BLOCK, block));
  }

  private static boolean holds(Row mute, long atMicros) {
    return mute.get(Catalog.MutedClaimants.EXPIRES_AT).orElse(0L) > atMicros;
  }
}
