package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String id = village.applications.apply(" Edith ", ESSAY, "next door", CommunityFixture.PHONE);
      assertThat(Applications.waiting(village.view()))
          .extracting(Applications.Application::name)
          .containsExactly("Edith");
      village.applications.approve("anna", id);
      assertThat(Applications.waiting(village.view())).isEmpty();
      String invite = Applications.find(village.view(), id).orElseThrow().invite().orElseThrow();
      assertThat(village.members.join(invite, "Edith", CommunityFixture.PHONE).handle())
          .isEqualTo("edith");
      assertThatThrownBy(() -> village.members.join(invite, "Another", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> village.applications.reject("anna", id, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("approved already");
    }
  }

  @Test
  void rejected_applicantFindsNoInvite_andNobodyWithoutThePermissionDecides() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String id = village.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE);
      assertThatThrownBy(() -> village.applications.approve("ben", id))
          .isInstanceOf(ForbiddenException.class);
      village.applications.reject("anna", id, "nobody knows her");
      Applications.Application found = Applications.find(village.view(), id).orElseThrow();
      assertThat(found.invite()).isEmpty();
      assertThat(found.isPending() || found.isApproved()).isFalse();
    }
  }

  @Test
  void strangers_cannotFillTheArchive() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      for (int i = 0; i < 10; i++) {
        village.applications.apply("Edith " + i, ESSAY, "next door", CommunityFixture.PHONE);
      }
      long before = village.lastSeq();
      assertThatThrownBy(
              () -> village.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("too many");
      for (int i = 10; i < Applications.WAITING_MAX; i++) {
        village.applications.apply(
            "Edith " + i, ESSAY, "next door", Device.of("A browser", "203.0.113." + i));
      }
      assertThatThrownBy(
              () ->
                  village.applications.apply(
                      "Edith", ESSAY, "next door", Device.of("A browser", "198.51.100.1")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("many applications wait");
      assertThat(village.lastSeq()).isEqualTo(before + Applications.WAITING_MAX - 10);
      village.pass(Duration.ofHours(2));
      assertThatThrownBy(
              () ->
                  village.applications.apply(
                      "E".repeat(51), ESSAY, "next door", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () ->
                  village.applications.apply(
                      "Edith", "e".repeat(1_001), "next door", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () ->
                  village.applications.apply(
                      "Edith", "Let me in.", "next door", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void feature_turnedOff_nobodyCanApply() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      village.settings.setFeature("anna", Feature.MEMBERSHIP_APPLICATIONS.setting(), false, "");
      assertThatThrownBy(
              () -> village.applications.apply("Edith", ESSAY, "next door", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThat(Feature.MEMBERSHIP_APPLICATIONS.isOn(village.view())).isFalse();
    }
  }
}
