package org.thywill.community.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.operations.settings.KnownSettings;
import org.thywill.operations.settings.SettingKind;

class SettingsTest {
  @TempDir Path folder;

  @Test
  void set_isAnAdminsChange() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.appoint("ben");
      assertThatThrownBy(() -> fixture.settings.set("ben", "SMTP_HOST", "mail.example"))
          .isInstanceOf(ForbiddenException.class);
      fixture.settings.set("anna", "SMTP_HOST", "mail.example");
      fixture.settings.set("anna", "SMTP_HOST", "post.example");

      assertThat(fixture.row(Catalog.SETTINGS, "SMTP_HOST").get(Catalog.Settings.VALUE))
          .contains("post.example");
      assertThat(fixture.row(Catalog.SETTINGS, "SMTP_HOST").get(Catalog.Settings.ORIGIN))
          .contains("admin");
      assertThatThrownBy(() -> fixture.settings.unset("ben", "SMTP_HOST"))
          .isInstanceOf(ForbiddenException.class);
      fixture.settings.unset("anna", "SMTP_HOST");
      assertThat(Settings.value(fixture.view(), "SMTP_HOST")).isEmpty();
      assertThatThrownBy(() -> fixture.settings.unset("anna", "SMTP_HOST"))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void set_secret_isRefusedByNameOrByValue() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      for (String name :
          List.of(
              "ANTHROPIC_API_KEY",
              "JWT_SECRET",
              "SMTP_PASSWORD",
              "EMAIL_ENCRYPTION_KEY",
              "apiKey",
              "BOT_TOKEN",
              "db.password",
              "Private_Thing")) {
        assertThatThrownBy(() -> fixture.settings.set("anna", name, "hunter2"))
            .as(name)
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("secret")
            .hasMessageNotContaining("hunter2");
      }
      assertThatThrownBy(
              () -> fixture.settings.set("anna", "DATABASE_URL", "postgresql://thy:will@db/x"))
          .isInstanceOf(InvalidInputException.class);
      assertThat(fixture.rows(Catalog.SETTINGS)).isEmpty();
      for (String name :
          List.of(
              Settings.INVITE_TOKEN_EXPIRATION_HOURS,
              Settings.PEER_APPROVAL_COUNT,
              "MONKEY_COUNT",
              "PAYPAL_USERNAME")) {
        assertThat(Settings.isSecret(name)).as(name).isFalse();
      }
    }
  }

  @Test
  void set_whereANumberOrYesIsNeeded_refusesOtherWords() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      for (String value : List.of("0", "-1", "two", "2.5", "", "999999")) {
        assertThatThrownBy(() -> fixture.settings.set("anna", Settings.PEER_APPROVAL_COUNT, value))
            .as(value)
            .isInstanceOf(InvalidInputException.class);
      }
      assertThatThrownBy(
              () -> fixture.settings.set("anna", Settings.REQUIRE_VERIFICATION_CODE, "maybe"))
          .isInstanceOf(InvalidInputException.class);
      fixture.settings.set("anna", Settings.REQUIRE_VERIFICATION_CODE, "yes");
    }
  }

  @Test
  void setFeature_turnsItOnAndOff() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      assertThatThrownBy(() -> fixture.settings.setFeature("ben", "PRAYER_MODE_ENABLED", true, ""))
          .isInstanceOf(ForbiddenException.class);
      assertThat(Settings.isOn(fixture.view(), "PRAYER_MODE_ENABLED")).isTrue();
      fixture.settings.setFeature("anna", "PRAYER_MODE_ENABLED", false, "while it is repaired");
      assertThat(Settings.isOn(fixture.view(), "PRAYER_MODE_ENABLED")).isFalse();
      fixture.settings.setFeature("anna", "PRAYER_MODE_ENABLED", true, "");
      assertThat(
              fixture
                  .row(Catalog.FEATURE_FLAGS, "PRAYER_MODE_ENABLED")
                  .get(Catalog.FeatureFlags.DETAILS))
          .isEmpty();
    }
  }

  @Test
  void set_whatTheEnvironmentSets_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx -> {
            tx.add(
                Row.in(Catalog.SETTINGS)
                    .set(Catalog.Settings.NAME, "SESSION_DAYS")
                    .set(Catalog.Settings.VALUE, "9")
                    .set(Catalog.Settings.ORIGIN, "environment")
                    .build());
            tx.add(
                Row.in(Catalog.FEATURE_FLAGS)
                    .set(Catalog.FeatureFlags.NAME, "PRAYER_MODE_ENABLED")
                    .set(Catalog.FeatureFlags.ENABLED, true)
                    .set(Catalog.FeatureFlags.DETAILS, "origin: environment")
                    .build());
          });
      assertThatThrownBy(() -> fixture.settings.set("anna", "SESSION_DAYS", "10"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("environment");
      assertThatThrownBy(() -> fixture.settings.unset("anna", "SESSION_DAYS"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("environment");
      assertThatThrownBy(
              () -> fixture.settings.setFeature("anna", "PRAYER_MODE_ENABLED", false, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("environment");
    }
  }

  @Test
  void set_toWhatTheServerWouldNotAcceptOrNotTakeFromTheArchive_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      Map.of(
              "AI_PROVIDER",
              "built-in, anthropic or openai",
              "TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS",
              "a number of days from 0 to 99999",
              "SESSION_DAYS",
              "a number from 1 to 99999",
              "REQUIRE_VERIFICATION_CODE",
              "true or false")
          .forEach(
              (name, expected) ->
                  assertThatThrownBy(() -> fixture.settings.set("anna", name, "whatever"))
                      .isInstanceOf(InvalidInputException.class)
                      .hasMessage(name + " needs " + expected + "."));
      for (String place : List.of("OPENAI_API_BASE", "DATABASE_URL", "ARCHIVE_LOCATIONS")) {
        assertThatThrownBy(
                () -> fixture.settings.set("anna", place, "https://models.example.org/v1"))
            .as(place)
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("ask the operator");
      }
      fixture.settings.set("anna", "AI_PROVIDER", "anthropic");
      assertThat(Settings.value(fixture.view(), "AI_PROVIDER")).contains("anthropic");
    }
  }

  @Test
  void everyFeature_isASettingOfTheServerToo_andOnUntilSomebodyTurnsItOff() throws IOException {
    assertThat(Feature.values())
        .allSatisfy(
            feature -> {
              KnownSettings.Known known = KnownSettings.find(feature.setting()).orElseThrow();
              assertThat(known.kind()).isEqualTo(SettingKind.FEATURE);
              assertThat(known.standard()).isEqualTo("true");
            });
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      assertThat(Feature.thatAreOn(fixture.view())).containsExactly(Feature.values());
      for (Feature feature : Feature.values()) {
        fixture.settings.setFeature("anna", feature.setting(), false, "");
        assertThat(feature.isOn(fixture.view())).isFalse();
        assertThat(Feature.thatAreOn(fixture.view()))
            .isEqualTo(EnumSet.complementOf(EnumSet.of(feature)));
        assertThatThrownBy(() -> fixture.settings.set("anna", feature.setting(), "true"))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("is a feature");
        fixture.settings.setFeature("anna", feature.setting(), true, "");
        assertThat(feature.isOn(fixture.view())).isTrue();
      }
    }
  }
}
