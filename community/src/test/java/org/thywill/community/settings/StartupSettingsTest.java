package org.thywill.community.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Ids;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;

/** What the server was started with is what the community goes by. */
class StartupSettingsTest {
  @TempDir Path folder;

  @Test
  void settings_writtenAtAStart_areThoseThatTheCommunityReads_alsoAfterAStartWithoutThem()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      for (Map<String, String> environment :
          List.of(
              Map.of("PEER_APPROVAL_COUNT", "3", "EMAIL_AUTH_ENABLED", "yes"),
              Map.<String, String>of())) {
        new SettingsArchiver(fixture.ledger, Ids.parameters())
            .keep(new Configuration(environment, Map.of()));

        assertThat(Settings.value(fixture.view(), "PEER_APPROVAL_COUNT")).contains("3");
        assertThat(Settings.isOn(fixture.view(), "EMAIL_AUTH_ENABLED", false)).isTrue();
      }
    }
  }
}
