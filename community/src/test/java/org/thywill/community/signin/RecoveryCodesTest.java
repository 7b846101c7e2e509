package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.demo.SettableClock;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;

class RecoveryCodesTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static void assertRefused(
      CommunityFixture fixture, String name, String code, String message) {
    assertThatThrownBy(() -> fixture.recoveryCodes.use(name, code, TABLET))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining(message);
  }

  private static List<String> events(CommunityFixture fixture) throws IOException {
    return fixture.rows(Catalog.SECURITY_EVENTS).stream()
        .map(
            row ->
                row.get(Catalog.SecurityEvents.EVENT).orElse("")
                    + " "
                    + row.get(Catalog.SecurityEvents.MEMBER).orElse("-"))
        .toList();
  }

  @Test
  void code_signsItsMemberInOnce_withoutOthers_andNotifiesTheirDevices() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session phone = fixture.sessions.start("ben", CommunityFixture.PHONE);
      List<String> codes = fixture.recoveryCodes.make("ben");
      assertThat(codes).hasSize(10).doesNotHaveDuplicates();
      assertThat(codes).allMatch(code -> code.matches("[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}"));
      fixture.pass(Duration.ofMinutes(1));
      Sessions.Session session = fixture.recoveryCodes.use("Ben", codes.getFirst(), TABLET);
      assertThat(session.member()).isEqualTo("ben");
      assertThat(session.isFull()).isTrue();
      assertThat(Sessions.find(fixture.view(), session.id(), fixture.clock.instant())).isPresent();
      assertThat(EntryNotice.unanswered(fixture.view(), "ben", phone.id())).hasSize(1);
      assertThat(RecoveryCodes.remaining(fixture.view(), "ben").unused()).isEqualTo(9);
      assertThat(events(fixture))
          .containsExactlyInAnyOrder("recovery_codes_made ben", "signed_in_by_recovery_code ben");
      assertRefused(fixture, "Ben", codes.getFirst(), "no unused recovery code");
      assertThat(
              fixture
                  .recoveryCodes
                  .use(
                      "ben",
                      " " + codes.getLast().toUpperCase(Locale.ROOT).replace('-', ' ') + "\n",
                      TABLET)
                  .isFull())
          .as("as people write it")
          .isTrue();
    }
  }

  @Test
  void code_ofAnotherMember_orOfNobody_orOfOneWhoWasDeactivated_opensNothing() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      List<String> codes = fixture.recoveryCodes.make("ben");
      for (String name : List.of("clara", "anna", "somebody else", "")) {
        assertRefused(fixture, name, codes.getFirst(), "no unused recovery code");
      }
      for (String wrong : List.of("", "-", "0000-0000-0000", "a".repeat(10_000), "\uD83D\uDE4F")) {
        assertRefused(fixture, "ben", wrong, "no unused recovery code");
      }
      fixture.shutOut("ben");
      assertRefused(fixture, "ben", codes.getFirst(), "no unused recovery code");
      assertThatThrownBy(() -> fixture.recoveryCodes.make("ben"))
          .isInstanceOf(ForbiddenException.class);
      assertThat(RecoveryCodes.remaining(fixture.view(), "ben").unused()).isEqualTo(10);
      assertThat(events(fixture).stream().filter(event -> event.startsWith("wrong_recovery")))
          .as("one line within the hour")
          .hasSize(1);
    }
  }

  @Test
  void newCodes_takeThePlaceOfTheOldOnes() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      List<String> old = fixture.recoveryCodes.make("ben");
      List<String> codes = fixture.recoveryCodes.make("ben");
      assertThat(new HashSet<>(codes)).doesNotContainAnyElementsOf(old);
      assertRefused(fixture, "ben", old.getFirst(), "no unused recovery code");
      assertThat(fixture.recoveryCodes.use("ben", codes.getFirst(), TABLET).isFull()).isTrue();
      assertThat(fixture.rows(Catalog.RECOVERY_CODES)).hasSize(10);
    }
  }

  @Test
  void attempts_areLimitedByAddress_andByMember() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      List<String> codes = fixture.recoveryCodes.make("ben");
      for (int i = 0; i < 10; i++) {
        assertRefused(fixture, "clara", "0000-0000-0000", "no unused recovery code");
      }
      assertRefused(fixture, "ben", codes.getFirst(), "too many attempts");
      for (int i = 0; i < 100; i++) {
        Device device = new Device("A browser", "198.51.100." + i);
        assertThatThrownBy(() -> fixture.recoveryCodes.use("ben", "0000", device))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("no unused recovery code");
      }
      assertThatThrownBy(
              () -> fixture.recoveryCodes.use("ben", codes.getFirst(), CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("too many attempts");
      fixture.pass(Duration.ofHours(1));
      assertThat(fixture.recoveryCodes.use("ben", codes.getFirst(), TABLET).isFull()).isTrue();
    }
  }

  @Test
  void archive_hasNoCode_andTheCodesWorkAfterARecovery() throws IOException {
    List<String> codes;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      codes = fixture.recoveryCodes.make("ben");
      fixture.recoveryCodes.use("ben", codes.getFirst(), TABLET);
      fixture.ledger.checkpoint();
      assertThat(fixture.rows(Catalog.RECOVERY_CODES))
          .extracting(Row::key)
          .allMatch(key -> key.matches("pbkdf2:[0-9a-f]{64}"));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String code : codes) {
          assertThat(text).doesNotContain(code).doesNotContain(code.replace("-", ""));
        }
      }
    }
    Files.delete(folder.resolve("community.db"));
    SettableClock clock = new SettableClock(Instant.parse("2026-03-04T06:00:00Z"));
    try (Ledger ledger =
        Ledger.openAt(
            folder.resolve("text_archives"),
            folder.resolve("community.db"),
            clock,
            ProgressListener.NONE)) {
      RecoveryCodes again = new RecoveryCodes(ledger, new Ids(new SplittableRandom(9)));
      assertThatThrownBy(() -> again.use("Ben", codes.getFirst(), TABLET))
          .isInstanceOf(ForbiddenException.class);
      assertThat(again.use("Ben", codes.getLast(), TABLET).member()).isEqualTo("ben");
    }
  }
}
