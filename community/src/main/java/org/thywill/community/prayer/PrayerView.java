package org.thywill.community.prayer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.thywill.community.member.Badge;

/**
 * A prayer as a member sees it.
 *
 * @param author handle
 * @param authorName as the author writes it
 * @param badges behind that name
 * @param request the request
 * @param generatedPrayer the words that others may pray
 * @param testimony what became of it; empty text where the author said only that it was answered
 * @param prayedCount how often it was prayed, by all
 * @param myPrayedCount how often by the member who looks
 * @param myLastPrayedAt when last by the member who looks
 * @param isMine whether the member who looks is the author
 */
public record PrayerView(
    String id,
    String author,
    String authorName,
    List<Badge> badges,
    String request,
    Optional<String> generatedPrayer,
    Instant createdAt,
    Optional<Instant> editedAt,
    Visibility visibility,
    boolean isReported,
    boolean isHidden,
    boolean isArchived,
    boolean isAnswered,
    Optional<String> testimony,
    int prayedCount,
    int prayingCount,
    int myPrayedCount,
    Optional<Instant> myLastPrayedAt,
    boolean isMine) {}
