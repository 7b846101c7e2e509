package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.signin.SignInLinks;

/** A token is known to those who have its link, and to no archive and no database. */
class TokensTest {
  private static final String ESSAY = "I live next door, and would like to pray with you.";

  /** Tokens in the form of those that an earlier program kept as they are. */
  private static final String OLD_INVITE = "0123456789abcdefghjkmnpqrs";

  private static final String OLD_APPLICATION = "a123456789abcdefghjkmnpqrs";
  private static final String OLD_APPROVAL = "b123456789abcdefghjkmnpqrs";
  private static final String OLD_CLOSED = "c123456789abcdefghjkmnpqrs";

  @TempDir Path folder;

  @Test
  void everyToken_isNeitherInTheArchiveNorInTheDatabase_andItsHashOpensNothing()
      throws IOException {
    List<String> tokens;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String used = fixture.members.invite("ben", Duration.ofDays(2), OptionalLong.of(2));
      String renewed = fixture.members.renewInvite("ben", Ids.hash(used));
      String open = fixture.members.invite("ben");
      String approved =
          fixture.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE);
      fixture.applications.approve("anna", Ids.hash(approved));
      String pending =
          fixture.applications.apply("Frank", ESSAY, "next door", CommunityFixture.PHONE);
      String device = fixture.signInLinks.makeOwn("ben");
      tokens = List.of(used, renewed, open, approved, pending, device);
      fixture.members.join(renewed, "Clara", CommunityFixture.PHONE);
      fixture.members.join(approved, "Edith", CommunityFixture.PHONE);
      for (Table table : List.of(Catalog.INVITES, Catalog.APPLICATIONS)) {
        for (Row row : fixture.rows(table)) {
          assertThat(Ids.isHash(row.key())).as(row.toString()).isTrue();
          assertThatThrownBy(() -> fixture.members.join(row.key(), "Eve", CommunityFixture.PHONE))
              .isInstanceOf(ForbiddenException.class);
          assertThat(Applications.find(fixture.view(), row.key())).isEmpty();
          assertThat(SignInLinks.member(fixture.view(), row.key(), fixture.clock.instant()))
              .isEmpty();
        }
      }
      fixture.ledger.checkpoint();
      assertNowhere(tokens);
    }
    assertNowhere(tokens);
  }

  private void assertNowhere(List<String> tokens) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(tokens);
      }
    }
  }

  @Test
  void renew_endsTheOldLink_andTheNewOneHasTheSameEndAndWhatUsesAreLeft() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String old = fixture.members.invite("ben", Duration.ofDays(2), OptionalLong.of(3));
      fixture.members.join(old, "Clara", CommunityFixture.PHONE);
      Row before = fixture.row(Catalog.INVITES, Ids.hash(old));
      assertThatThrownBy(() -> fixture.members.renewInvite("anna", Ids.hash(old)))
          .as("an admin who did not make it")
          .isInstanceOf(ForbiddenException.class);
      fixture.pass(Duration.ofDays(1));

      String renewed = fixture.members.renewInvite("ben", Ids.hash(old));

      Row after = fixture.row(Catalog.INVITES, Ids.hash(renewed));
      assertThat(after.get(Catalog.Invites.EXPIRES_AT))
          .isEqualTo(before.get(Catalog.Invites.EXPIRES_AT));
      assertThat(after.get(Catalog.Invites.MAX_USES)).contains(2L);
      assertThatThrownBy(() -> fixture.members.join(old, "Dora", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.members.renewInvite("ben", Ids.hash(old)))
          .as("one that has ended")
          .isInstanceOf(ForbiddenException.class);
      assertThat(fixture.members.join(renewed, "Dora", CommunityFixture.PHONE).handle())
          .isEqualTo("dora");
      fixture.members.join(renewed, "Edith", CommunityFixture.PHONE);
      assertThatThrownBy(() -> fixture.members.join(renewed, "Frank", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("has been used");
    }
  }

  @Test
  void tokensOfAnEarlierProgram_areReplacedByTheirHashesOnce_andTheirLinksGoOnWorking()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      writeAsBefore(fixture);
      assertThatThrownBy(() -> fixture.members.join(OLD_INVITE, "Clara", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);

      assertThat(PlainTokens.replace(fixture.ledger)).isEqualTo(new PlainTokens.Replaced(2, 2));

      assertThat(fixture.rows(Catalog.INVITES))
          .filteredOn(row -> !Ids.isHash(row.key()))
          .extracting(Row::key)
          .as("one that opens nothing stays as it was")
          .containsExactly(OLD_CLOSED);
      assertThat(fixture.rows(Catalog.APPLICATIONS))
          .allSatisfy(row -> assertThat(Ids.isHash(row.key())).isTrue());
      assertThat(fixture.row(Catalog.MEMBERS, "ben").get(Catalog.Members.INVITE))
          .contains(Ids.hash(OLD_INVITE));
      assertThat(fixture.members.join(OLD_INVITE, "Clara", CommunityFixture.PHONE).handle())
          .isEqualTo("clara");
      assertThat(Applications.find(fixture.view(), OLD_APPLICATION).orElseThrow().isPending())
          .isTrue();
      assertThat(Applications.find(fixture.view(), OLD_APPROVAL).orElseThrow().isApproved())
          .isTrue();
      assertThat(fixture.members.join(OLD_APPROVAL, "Edith", CommunityFixture.PHONE).handle())
          .as("by the address of the application, where the applicant finds the way")
          .isEqualTo("edith");
      long before = fixture.lastSeq();
      assertThat(PlainTokens.replace(fixture.ledger)).isEqualTo(new PlainTokens.Replaced(0, 0));
      assertThat(fixture.lastSeq()).isEqualTo(before);
    }
  }

  private static void writeAsBefore(CommunityFixture fixture) throws IOException {
    fixture.ledger.write(
        Change.Cause.by("ben"),
        tx -> {
          for (String token : List.of(OLD_INVITE, "the-invite-of-an-applicant", OLD_CLOSED)) {
            InviteLinks.add(
                tx, token, "ben", LinkKind.NEW_USER, Duration.ofDays(3), OptionalLong.of(2));
          }
          InviteLinks.close(tx, tx.find(Catalog.INVITES, OLD_CLOSED).orElseThrow());
          tx.change(Catalog.MEMBERS, "ben", Values.of(Catalog.Members.INVITE, OLD_INVITE));
          tx.add(application(tx.atMicros(), OLD_APPLICATION, "pending", null));
          tx.add(
              application(tx.atMicros(), OLD_APPROVAL, "approved", "the-invite-of-an-applicant"));
        });
  }

  private static Row application(long atMicros, String id, String status, @Nullable String invite) {
    return Row.in(Catalog.APPLICATIONS)
        .set(Catalog.Applications.ID, id)
        .set(Catalog.Applications.USERNAME, "Edith")
        .set(Catalog.Applications.STATUS, status)
        .set(Catalog.Applications.INVITE, invite)
        .set(Catalog.Applications.ESSAY, ESSAY)
        .set(Catalog.Applications.CREATED_AT, atMicros)
        .build();
  }
}
