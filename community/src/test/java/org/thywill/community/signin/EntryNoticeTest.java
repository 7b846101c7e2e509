package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;

class EntryNoticeTest {
  private static final int NOTIFICATIONS = 10_000;
  private static final int PAGES = 50;
  @TempDir Path folder;

  /** Notifications of sign-ins that were asked for, as many years leave them. */
  private static void notifyOften(CommunityFixture fixture, String member) throws IOException {
    fixture.ledger.write(
        Change.Cause.by("system"),
        tx -> {
          for (int i = 0; i < NOTIFICATIONS; i++) {
            tx.add(
                Row.in(Catalog.NOTIFICATIONS)
                    .set(Catalog.Notifications.MEMBER, member)
                    .set(Catalog.Notifications.KIND, SignInNotifier.ASKED)
                    .set(Catalog.Notifications.IS_READ, i % 2 == 0)
                    .set(Catalog.Notifications.ID, "n" + i)
                    .set(Catalog.Notifications.CREATED_AT, tx.atMicros())
                    .build());
          }
        });
  }

  @Test
  void notice_amongTenThousandNotifications_isFoundInMilliseconds() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = fixture.sessions.start("ben", CommunityFixture.PHONE);
      fixture.pass(Duration.ofMinutes(1));
      fixture.signInLinks.accept(fixture.signInLinks.makeOwn("ben"), CommunityFixture.LAPTOP);
      notifyOften(fixture, "ben");
      long beganNanos = System.nanoTime();
      for (int i = 0; i < PAGES; i++) {
        assertThat(EntryNotice.unansweredCount(fixture.view(), "ben", session.id())).isEqualTo(1);
        assertThat(EntryNotice.unanswered(fixture.view(), "ben", session.id())).hasSize(1);
      }
      Duration perPage = Duration.ofNanos((System.nanoTime() - beganNanos) / PAGES);
      System.out.println(
          "notices among 10,000 notifications: " + perPage.toNanos() / 1_000 + " µs");
      // One or two milliseconds; many times that on a machine that is busy with other tests.
      assertThat(perPage).isLessThan(Duration.ofMillis(500));
    }
  }
}
