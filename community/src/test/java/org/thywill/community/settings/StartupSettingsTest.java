package org.thywill.community.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Timestamps;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Ids;
import org.thywill.community.join.InviteQuota;
import org.thywill.community.signin.Sessions;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.KnownSettings;
import org.thywill.operations.settings.SettingsArchiver;

/** What the server was started with is what the community goes by. */
class StartupSettingsTest {
  @TempDir Path folder;

  /**
   * What holds before a server has written its settings is what it then writes: {@code config}
   * shows one default, and the community goes by the same.
   */
  @Test
  void everyDefault_isTheOneInForce_beforeAndAfterTheFirstStart() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String before = inForce(fixture);
      assertThat(before)
          .as("the defaults of the settings that the community reads")
          .isEqualTo(
              String.join(
                  "\n",
                  "session PT2160H",
                  "quota InviteQuota[peopleMax=10000, openMax=1000, daysMax=366]",
                  KnownSettings.ALL.stream()
                      .filter(StartupSettingsTest::isReadFromTheView)
                      .map(known -> known.name() + " " + known.standard())
                      .collect(Collectors.joining("\n"))));
      new SettingsArchiver(fixture.ledger, Ids.parameters())
          .keep(new Configuration(Map.of(), Map.of()));
      assertThat(inForce(fixture)).isEqualTo(before);
    }
  }

  private static String inForce(CommunityFixture fixture) throws IOException {
    StringBuilder all = new StringBuilder("session " + Sessions.lifetime(fixture.view()));
    InviteQuota quota =
        InviteQuota.of(fixture.view(), "anna", Timestamps.micros(fixture.clock.instant()));
    all.append("\nquota ").append(quota);
    for (KnownSettings.Known known : KnownSettings.ALL) {
      if (isReadFromTheView(known)) {
        all.append('\n').append(known.name()).append(' ').append(inForce(fixture, known));
      }
    }
    return all.toString();
  }

  private static String inForce(CommunityFixture fixture, KnownSettings.Known known)
      throws IOException {
    return switch (known.kind()) {
      case COUNT -> String.valueOf(Settings.number(fixture.view(), known.name()));
      case DAYS -> String.valueOf(Settings.number(fixture.view(), known.name()));
      case YES_NO -> String.valueOf(Settings.isYes(fixture.view(), known.name()));
      case FEATURE -> String.valueOf(Settings.isOn(fixture.view(), known.name()));
      case TEXT, PLACE, ADDRESS, ALWAYS_YES, PROVIDER, SECRET ->
          throw new IllegalArgumentException(known.name());
    };
  }

  private static boolean isReadFromTheView(KnownSettings.Known known) {
    return switch (known.kind()) {
      case COUNT, DAYS, YES_NO, FEATURE -> true;
      case TEXT, PLACE, ADDRESS, ALWAYS_YES, PROVIDER, SECRET -> false;
    };
  }

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
        assertThat(Settings.isOn(fixture.view(), "EMAIL_AUTH_ENABLED")).isTrue();
      }
    }
  }
}
