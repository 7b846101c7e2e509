package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.exporter.ExportReport;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.SqliteValue;

/** Secrets never reach the rows of a community or a finding. */
class SecretsTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-09-28T12:00:00Z"));
  private static final String PAST = "2025-09-28 11:59:59.000000";
  private static final String FUTURE = "2025-09-28 12:00:01.000000";

  @TempDir Path folder;

  @Test
  void secrets_whereverTheyStand_neverReachTheSink() throws Exception {
    Path file = folder.resolve("thywill.db");
    String session = "380c7eb7e2104fbbf3a9c4041a15d399";
    String token = "d1d2d3d4d5d6d7d8";
    try (TestDatabase database = new TestDatabase(file)) {
      database
          .row("session", "id", session)
          .row("authenticationrequest", "id", "r1", "verification_code", "481516");
      database.row(
          "invitetoken",
          "token",
          token,
          "token_type",
          "multi_device",
          "expires_at",
          FUTURE,
          "max_uses",
          1,
          "usage_count",
          0);
      database
          .row("user", "display_name", "Ann", "invite_token_used", token)
          .row("invite_token_usage", "id", "u1", "invite_token_id", token);
      database.row("membership_application", "id", "a1", "invite_token", token);
      database.row(
          "securitylog",
          "id",
          "s1",
          "details",
          "session " + session + " ended; /claim/" + token + "?x=1",
          "user_id",
          session);
      database
          .run("ALTER TABLE securitylog ADD COLUMN session_id")
          .run("UPDATE securitylog SET session_id = 'short'");
      database
          .run("CREATE TABLE session_backup (ID TEXT, note BLOB)")
          .run(
              "INSERT INTO session_backup VALUES ('old session', CAST('x"
                  + session
                  + "x' AS BLOB))");
      database
          .run("CREATE TABLE invitetoken_backup_008 (token, Verification_Code)")
          .run("INSERT INTO invitetoken_backup_008 VALUES ('" + token + "', 481516)");
    }
    MemoryCommunity community = new MemoryCommunity();
    ImportReport report = new LegacyImport(List.of(file), CLOCK, community).run();
    String all = String.join("\n", community.texts());
    assertThat(all).doesNotContain(session, token, "481516", "short", "old session");
    assertThat(community.only(Catalog.AUTH_REQUESTS).is(Catalog.AuthRequests.CODE_WITHHELD))
        .isTrue();
    assertThat(community.only(Catalog.MEMBERS).get(Catalog.Members.INVITE))
        .contains(community.only(Catalog.INVITES).key());
    assertThat(community.only(Catalog.INVITE_USES).get(Catalog.InviteUses.INVITE))
        .contains(community.only(Catalog.INVITES).key());
    assertThat(community.only(Catalog.APPLICATIONS).get(Catalog.Applications.INVITE))
        .contains(community.only(Catalog.INVITES).key());
    assertThat(report.withheld())
        .containsKeys(
            "session.id",
            "authenticationrequest.verification_code",
            "invitetoken.token",
            "user.invite_token_used",
            "invite_token_usage.invite_token_id",
            "membership_application.invite_token",
            "securitylog.details",
            "securitylog.user_id",
            "securitylog.session_id",
            "session_backup.ID",
            "session_backup.note",
            "invitetoken_backup_008.token",
            "invitetoken_backup_008.Verification_Code");
    assertThat(String.join("\n", report.findings().stream().map(LegacyFinding::message).toList()))
        .doesNotContain(session, token);
  }

  @Test
  void tokens_thatLetNobodyIn_areKept_andAllOthersAreHashed() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      insert(database, new Token("expired", "admin", "Ann", PAST, 1, 0));
      insert(database, new Token("used up", "user_login", "Ann", FUTURE, 1, 1));
      insert(database, new Token("invite", "new_user", "Ann", FUTURE, 5, 0));
      insert(database, new Token("closed invite", "new_user", "Ann", PAST, 5, 0));
      insert(database, new Token("invite without limit", "new_user", "Ann", FUTURE, null, 9));
      insert(database, new Token("login", "user_login", "Ann", FUTURE, null, 9));
      insert(database, new Token("unknown kind", "something", "Ann", FUTURE, 5, 4));
      insert(database, new Token("of the program", "new_user", "system", FUTURE, 1, 0));
      insert(database, new Token("never readable", "admin", "Ann", "soon", 1, 0));
    }
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(file), CLOCK, community).run();
    assertThat(community.rows(Catalog.INVITES).keySet())
        .filteredOn(key -> !ContentHash.isHashed(key))
        .containsExactlyInAnyOrder("expired", "used up", "closed invite");
    assertThat(community.rows(Catalog.INVITES)).hasSize(9);
  }

  @Test
  void verificationTokens_areKeptOnceTheyAreUsedOrAnHourOld() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      database.row(
          "user_email",
          "id",
          "1",
          "verification_token",
          "verified",
          "email_verified",
          1,
          "added_at",
          "2025-09-28 11:59:00");
      database.row(
          "user_email",
          "id",
          "2",
          "verification_token",
          "old",
          "email_verified",
          0,
          "added_at",
          "2025-09-28 10:59:00");
      database.row(
          "user_email",
          "id",
          "3",
          "verification_token",
          "fresh",
          "email_verified",
          0,
          "added_at",
          "2025-09-28 11:01:00");
    }
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(file), CLOCK, community).run();
    assertThat(community.rows(Catalog.EMAIL_ADDRESSES).values())
        .extracting(row -> row.require(Catalog.EmailAddresses.VERIFICATION_TOKEN))
        .containsExactly("verified", "old", ContentHash.ofSecret(new SqliteValue.Text("fresh")));
  }

  @Test
  void token_importedWhileItWasSecret_staysSecretWhenTheDatabaseIsImportedAgain() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      insert(database, new Token("d1d2d3d4d5d6d7d8", "admin", "Ann", FUTURE, 1, 0));
      database.row("invite_token_usage", "id", "u1", "invite_token_id", "d1d2d3d4d5d6d7d8");
    }
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(file), CLOCK, community).run();
    long size = community.size();
    InstantSource later = InstantSource.fixed(Instant.parse("2027-01-01T00:00:00Z"));
    new LegacyImport(List.of(file), later, community.startNextImport())
        .into(community, target -> new LegacyExport(community).to(target))
        .run();
    assertThat(community.size()).isEqualTo(size);
  }

  @Test
  void secretInAColumnThatMustHoldSomething_leavesAnEmptyValue() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      database
          .run("CREATE TABLE codes (verification_code TEXT NOT NULL, n)")
          .run("INSERT INTO codes VALUES ('481516', 1)");
      database
          .run("ALTER TABLE user ADD COLUMN verification_code TEXT NOT NULL DEFAULT 'none'")
          .row("user", "display_name", "Ann", "verification_code", "481516");
    }
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(file), CLOCK, community).run();
    assertThat(String.join("\n", community.texts())).doesNotContain("481516");
    ExportReport report = new LegacyExport(community).to(folder.resolve("out.db"));
    assertThat(report.tables()).containsEntry("codes", 1L).containsEntry("user", 1L);
    assertThat(report.notCarried()).isEmpty();
  }

  /** An invite as a test writes it; {@code maxUses} may be null for no limit. */
  private record Token(
      String token,
      String kind,
      String createdBy,
      String expires,
      @Nullable Integer maxUses,
      int uses) {}

  private static void insert(TestDatabase database, Token token) throws Exception {
    database.row(
        "invitetoken",
        "token",
        token.token,
        "token_type",
        token.kind,
        "created_by_user",
        token.createdBy,
        "expires_at",
        token.expires,
        "usage_count",
        token.uses);
    if (token.maxUses != null) {
      database.run(
          "UPDATE invitetoken SET max_uses = "
              + token.maxUses
              + " WHERE token = '"
              + token.token
              + "'");
    }
  }
}
