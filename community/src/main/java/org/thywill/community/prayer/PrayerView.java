package org.thywill.community.prayer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.community.member.Badge;

/**
 * A prayer as one member sees it, or a visitor.
 *
 * @param request what prayer was asked for
 * @param generatedPrayer the prayer that others can pray, or null
 * @param editedAt when the author last changed the request, or null
 */
public record PrayerView(
    String id,
    Author author,
    String request,
    @Nullable String generatedPrayer,
    Instant createdAt,
    @Nullable Instant editedAt,
    State state,
    PrayCounts counts) {

  /**
   * The member who made the request.
   *
   * @param badges shown after the name
   * @param isViewer whether it is the member who looks
   */
  public record Author(String handle, String name, List<Badge> badges, boolean isViewer) {}

  /**
   * What has become of a prayer.
   *
   * @param isReported whether a report of it waits for a moderator
   * @param testimony what the author wrote about the answer, or null
   */
  public record State(
      Visibility visibility,
      boolean isReported,
      boolean isHidden,
      boolean isArchived,
      boolean isAnswered,
      @Nullable String testimony) {}

  /**
   * How often a prayer was prayed.
   *
   * @param total by all members
   * @param people how many members prayed it
   * @param mine by the member who looks
   * @param myLastAt when the member who looks last prayed it, or null
   */
  public record PrayCounts(int total, int people, int mine, @Nullable Instant myLastAt) {}

  /** Whether the member who looks is the author. */
  public boolean isMine() {
    return author.isViewer();
  }
}
