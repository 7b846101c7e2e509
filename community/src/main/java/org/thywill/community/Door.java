package org.thywill.community;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.database.ViewReader;

/** Who waits at the door: sign-ins that nobody has decided yet, as those see them who wait and those who may vouch. Reads only. */
public final class Door {
  private static final String PENDING = "pending";

  private Door() {}

  /**
   * A sign-in.
   *
   * @param member whom somebody claims to be
   * @param given how many have vouched
   * @param needed how many must
   * @param vouched whether the member who looks is one of them
   */
  public record Knock(String request, String member, String name, Optional<String> device, Optional<String> address, Instant createdAt, Instant expiresAt,
      String status, int given, int needed, boolean vouched) {
    public boolean isPending() {
      return status.equals(PENDING);
    }
  }

  /** All that wait and have not waited too long, the oldest first. */
  public static List<Knock> waiting(ViewReader view, String viewer, Instant now) throws IOException {
    List<Knock> waiting = new ArrayList<>();
    for (Row request : view.where(Catalog.AUTH_REQUESTS, "status", PENDING)) {
      Knock knock = knock(view, request, viewer);
      if (knock.expiresAt().isAfter(now)) {
        waiting.add(knock);
      }
    }
    waiting.sort(Comparator.comparing(Knock::createdAt));
    return waiting;
  }

  /** The sign-in that a device's session came from; empty if it came from none, or was taken away with it. */
  public static Optional<Knock> of(ViewReader view, String sessionId) throws IOException {
    Optional<String> request = view.find(Catalog.SESSIONS, Ids.hash(sessionId)).flatMap(session -> session.text("request"));
    Optional<Row> row = request.isPresent() ? view.find(Catalog.AUTH_REQUESTS, request.get()) : Optional.empty();
    return row.isPresent() ? Optional.of(knock(view, row.get(), "")) : Optional.empty();
  }

  /** How many members must vouch for a sign-in. */
  public static int votesNeeded(ViewReader view) throws IOException {
    return SignIn.votesNeeded(Lookup.in(view));
  }

  private static Knock knock(ViewReader view, Row request, String viewer) throws IOException {
    List<Row> votes = view.where(Catalog.AUTH_APPROVALS, "request", request.key());
    String member = request.text("member").orElse("");
    return new Knock(request.key(), member, Names.of(view, member), request.text("device_info"), request.text("ip_address"), time(request, "created_at"),
        time(request, "expires_at"), request.text("status").orElse(""), votes.size(), votesNeeded(view),
        votes.stream().anyMatch(vote -> vote.text("approver").orElse("").equals(viewer)));
  }

  private static Instant time(Row row, String column) {
    return Timestamps.instant(row.number(column).orElse(0L));
  }
}
