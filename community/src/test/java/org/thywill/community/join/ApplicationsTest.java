package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.settings.Feature;

class ApplicationsTest {
  private static final String ESSAY = "I live next door, and would like to pray with you.";
  @TempDir Path folder;

  @Test
  void approved_applicantJoinsByTheSecretThatOnlyTheyWereGiven() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String secret =
          fixture.applications.apply(" Edith ", ESSAY, "next door", CommunityFixture.PHONE);
      String id = Ids.hash(secret);
      assertThat(Applications.waiting(fixture.view()))
          .extracting(Applications.Application::name)
          .containsExactly("Edith");
      assertThatThrownBy(() -> fixture.members.join(secret, "Edith", CommunityFixture.PHONE))
          .as("before it is approved")
          .isInstanceOf(ForbiddenException.class);
      assertThat(fixture.applications.approve("anna", id)).isEmpty();
      assertThat(Applications.waiting(fixture.view())).isEmpty();
      assertThat(Applications.find(fixture.view(), secret).orElseThrow().isApproved()).isTrue();
      assertThat(Applications.find(fixture.view(), id)).as("by what the archive has").isEmpty();
      assertThat(fixture.members.join(secret, "Edith", CommunityFixture.PHONE).handle())
          .isEqualTo("edith");
      assertThatThrownBy(() -> fixture.members.join(secret, "Another", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.applications.reject("anna", id, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("approved already");
    }
  }

  @Test
  void rejected_applicantFindsNoInvite_andNobodyWithoutThePermissionDecides() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String secret =
          fixture.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE);
      String id = Ids.hash(secret);
      assertThatThrownBy(() -> fixture.applications.approve("ben", id))
          .isInstanceOf(ForbiddenException.class);
      fixture.applications.reject("anna", id, "nobody knows her");
      Applications.Application found = Applications.find(fixture.view(), secret).orElseThrow();
      assertThat(found.invite()).isNull();
      assertThat(found.isPending() || found.isApproved()).isFalse();
    }
  }

  /** An imported application has an id that is in the archive, so the id must open nothing. */
  @Test
  void importedApplication_approved_givesTheAdminALinkToPassOn() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.addImported(
                  Row.in(Catalog.APPLICATIONS)
                      .set(Catalog.Applications.ID, "1f2e3d4c5b6a79881f2e3d4c5b6a7988")
                      .set(Catalog.Applications.USERNAME, "Edith")
                      .set(Catalog.Applications.STATUS, "pending")
                      .build()));
      String token =
          fixture.applications.approve("anna", "1f2e3d4c5b6a79881f2e3d4c5b6a7988").orElseThrow();
      assertThatThrownBy(
              () ->
                  fixture.members.join(
                      "1f2e3d4c5b6a79881f2e3d4c5b6a7988", "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThat(fixture.members.join(token, "Edith", CommunityFixture.PHONE).handle())
          .isEqualTo("edith");
    }
  }

  @Test
  void strangers_cannotFillTheArchive() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      for (int i = 0; i < 10; i++) {
        fixture.applications.apply("Edith " + i, ESSAY, "next door", CommunityFixture.PHONE);
      }
      long before = fixture.lastSeq();
      assertThatThrownBy(
              () -> fixture.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("too many");
      for (int i = 10; i < Applications.PENDING_MAX; i++) {
        fixture.applications.apply(
            "Edith " + i, ESSAY, "next door", new Device("A browser", "203.0.113." + i));
      }
      assertThatThrownBy(
              () ->
                  fixture.applications.apply(
                      "Edith", ESSAY, "next door", new Device("A browser", "198.51.100.1")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("many applications wait");
      assertThat(fixture.lastSeq()).isEqualTo(before + Applications.PENDING_MAX - 10);
      fixture.pass(Duration.ofHours(2));
      assertThatThrownBy(
              () ->
                  fixture.applications.apply(
                      "E".repeat(51), ESSAY, "next door", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () ->
                  fixture.applications.apply(
                      "Edith", "e".repeat(1_001), "next door", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () ->
                  fixture.applications.apply(
                      "Edith", "Let me in.", "next door", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void feature_turnedOff_nobodyCanApply() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.settings.setFeature("anna", Feature.MEMBERSHIP_APPLICATIONS.setting(), false, "");
      assertThatThrownBy(
              () -> fixture.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThat(Feature.MEMBERSHIP_APPLICATIONS.isOn(fixture.view())).isFalse();
    }
  }
}
