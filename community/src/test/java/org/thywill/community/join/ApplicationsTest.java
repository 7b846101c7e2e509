package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.settings.Feature;

class ApplicationsTest {
  private static final String ESSAY = "I live next door, and would like to pray with you.";
  @TempDir Path folder;

  @Test
  void approved_applicantFindsAnInviteByTheIdThatOnlyTheyWereGiven() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String id = fixture.applications.apply(" Edith ", ESSAY, "next door", CommunityFixture.PHONE);
      assertThat(Applications.waiting(fixture.view()))
          .extracting(Applications.Application::name)
          .containsExactly("Edith");
      fixture.applications.approve("anna", id);
      assertThat(Applications.waiting(fixture.view())).isEmpty();
      String invite =
          Objects.requireNonNull(Applications.find(fixture.view(), id).orElseThrow().invite());
      assertThat(fixture.members.join(invite, "Edith", CommunityFixture.PHONE).handle())
          .isEqualTo("edith");
      assertThatThrownBy(() -> fixture.members.join(invite, "Another", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.applications.reject("anna", id, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("approved already");
    }
  }

  @Test
  void rejected_applicantFindsNoInvite_andNobodyWithoutThePermissionDecides() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String id = fixture.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE);
      assertThatThrownBy(() -> fixture.applications.approve("ben", id))
          .isInstanceOf(ForbiddenException.class);
      fixture.applications.reject("anna", id, "nobody knows her");
      Applications.Application found = Applications.find(fixture.view(), id).orElseThrow();
      assertThat(found.invite()).isNull();
      assertThat(found.isPending() || found.isApproved()).isFalse();
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
