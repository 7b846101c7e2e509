package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.progress.ProgressListener;

/** The settings in force, their origins, and what the operator must provide. */
class ConfigCommandTest {
  @TempDir Path folder;

  @Test
  void config_withoutAnArchive_showsDefaultsAndMissingSecrets() {
    ProgramRunner.Run run = new ProgramRunner(folder).run("config", "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "\"missing_secrets\":[\"THYWILL_SERVER_KEY\"]",
            "{\"name\":\"PEER_APPROVAL_COUNT\",\"value\":\"2\",\"origin\":\"default\",\"secret\":false",
            "{\"name\":\"TEXT_ARCHIVE_BASE_DIR\",\"value\":\""
                + folder.resolve("text_archives")
                + "\",\"origin\":\"command line\"");
  }

  @Test
  void config_neverShowsASecret_andNamesWhatIsWrong() {
    ProgramRunner.Run run =
        new ProgramRunner(
                folder,
                Map.of(
                    "THYWILL_SERVER_KEY",
                    "hunter2",
                    "PEER_APPROVAL_COUNT",
                    "two",
                    "PEER_APPROVAL_COUNTS",
                    "2"))
            .run("config", "--json");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out() + run.err()).doesNotContain("hunter2");
    assertThat(run.err())
        .contains(
            "error setting-wrong  .: PEER_APPROVAL_COUNT: found two (environment), expected a"
                + " number from 1 to 99999",
            "PEER_APPROVAL_COUNTS is no setting of this program; PEER_APPROVAL_COUNT is");
  }

  @Test
  void configurationLoss_recoverAndConfigSayWhatToProvide() throws IOException {
    ProgramRunner program = new ProgramRunner(folder);
    Ledger.found(program.archive(), "c0ffee", InstantSource.system());
    try (Ledger ledger =
        Ledger.open(
            program.archive(), program.database(), InstantSource.system(), ProgressListener.NONE)) {
      new SettingsArchiver(ledger, Ids.parameters())
          .keep(
              new Configuration(
                  Map.of("PEER_APPROVAL_COUNT", "3", "OPENAI_API_KEY", "hunter2"), Map.of()));
    }
    Files.delete(program.database());
    ProgramRunner.Run recover = program.run("recover");
    assertThat(recover.exit()).as(recover.err()).isZero();
    assertThat(recover.out())
        .contains(
            "Set the secret OPENAI_API_KEY in the environment of the server: needed with"
                + " AI_PROVIDER=openai; from the account there.");
    ProgramRunner.Run config = program.run("config");
    assertThat(config.exit()).isZero();
    assertThat(config.out())
        .containsPattern("PEER_APPROVAL_COUNT +3 +earlier environment")
        .contains(
            "warning secret-missing  .: the secret OPENAI_API_KEY is not set in the environment");
  }
}
