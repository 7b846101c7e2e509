package org.thywill.community.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;

/** What pages show of settings, features and donations. */
class SettingViewsTest {
  @TempDir Path folder;

  @Test
  void settings_areThoseThatAreSet() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      assertThat(SettingView.all(fixture.view())).isEmpty();
      fixture.settings.set("anna", Settings.PEER_APPROVAL_COUNT, "3");
      assertThat(SettingView.all(fixture.view()))
          .containsExactly(
              new SettingView(Settings.PEER_APPROVAL_COUNT, "3", "admin", true, false));
    }
  }

  @Test
  void features_areAllOfTheProgram_andOthersThatHaveARow() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.settings.setFeature("anna", Feature.STATISTICS.setting(), false, "not yet");
      fixture.settings.setFeature("anna", "SEASONS_ENABLED", true, "");
      assertThat(FeatureView.all(fixture.view()))
          .hasSize(Feature.values().length + 1)
          .anySatisfy(
              feature -> {
                assertThat(feature.name()).isEqualTo("STATISTICS_ENABLED");
                assertThat(feature.enabled()).isFalse();
                assertThat(feature.details()).isEqualTo("not yet");
                assertThat(feature.meaning()).isNotEmpty();
                assertThat(feature.mayBeTurned()).isTrue();
              })
          .contains(new FeatureView("SEASONS_ENABLED", true, "", "", false))
          .extracting(FeatureView::name)
          .isSorted();
    }
  }

  @Test
  void donations_needTheFeatureAndAWellFormedName() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      assertThat(isPossible(fixture)).isFalse();
      fixture.settings.set("anna", "VENMO_HANDLE", "not a name");
      assertThat(isPossible(fixture)).isFalse();
      fixture.settings.set("anna", "VENMO_HANDLE", " @quiet-harbour ");
      assertThat(isPossible(fixture)).isTrue();
      assertThat(Donations.of(fixture.view())).isEqualTo(new Donations(null, "quiet-harbour"));
      fixture.settings.setFeature("anna", Feature.GIVING.setting(), false, "");
      assertThat(isPossible(fixture)).isFalse();
    }
  }

  private static boolean isPossible(CommunityFixture fixture) throws IOException {
    return Donations.isPossible(fixture.view(), Feature.thatAreOn(fixture.view()));
  }
}
