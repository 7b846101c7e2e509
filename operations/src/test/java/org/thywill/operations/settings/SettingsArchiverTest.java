package org.thywill.operations.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.recovery.Recovery;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;

/** The archive knows what a community ran with, so that it can go on with that elsewhere. */
class SettingsArchiverTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-20T03:00:00Z"));
  private static final Map<String, String> GIVEN =
      Map.of(
          "PEER_APPROVAL_COUNT",
          "3",
          "EMAIL_AUTH_ENABLED",
          "yes",
          "PAYPAL_USERNAME",
          "saltmarsh",
          "ARCHIVE_LOCATIONS",
          "/mnt/a,/mnt/b",
          "EMAIL_ENCRYPTION_KEY",
          "hunter2",
          "ANTHROPIC_API_KEY",
          "hunter3",
          "DATABASE_URL",
          "sqlite://ann:hunter4@x/c.db",
          "PATH",
          "/usr/bin");
  private static final Map<String, String> PARAMETERS = Map.of("INVITE_TOKEN_LENGTH", "26");
  private final Path archive;
  private final Path database;

  SettingsArchiverTest(@TempDir Path folder) {
    archive = folder.resolve("text_archives");
    database = folder.resolve("community.db");
  }

  @BeforeEach
  void found() throws IOException {
    Ledger.found(archive, "c0ffee", CLOCK);
  }

  private Ledger open() throws IOException {
    return Ledger.open(archive, database, CLOCK, ProgressListener.NONE);
  }

  private static Configuration configuration(Map<String, String> environment) {
    return new Configuration(environment, Map.of());
  }

  /** A start of the server with this environment; gives the last change afterwards. */
  private long start(Map<String, String> environment) throws IOException {
    try (Ledger ledger = open();
        ViewReader view = ledger.read()) {
      new SettingsArchiver(ledger, PARAMETERS).keep(configuration(environment));
      return view.state().seq();
    }
  }

  private ArchivedSettings archived() throws IOException {
    return ArchivedSettings.read(ArchiveReader.open(ArchiveFolders.archive(archive), 0));
  }

  private String remembered(String name) throws IOException {
    ArchivedSettings.Remembered remembered = archived().byName().get(name);
    return remembered == null
        ? "nothing"
        : Objects.requireNonNullElse(remembered.value(), "-") + " (" + remembered.origin() + ")";
  }

  private static List<String> codes(Configuration configuration) {
    return configuration.findings().stream().map(Finding::code).toList();
  }

  @Test
  void start_keepsEverySettingWithWhereItCameFrom_andSecretsByNameOnly() throws IOException {
    start(GIVEN);
    assertThat(remembered("PEER_APPROVAL_COUNT")).isEqualTo("3 (environment)");
    assertThat(remembered("SESSION_DAYS")).isEqualTo("90 (default)");
    assertThat(remembered("EMAIL_AUTH_ENABLED")).isEqualTo("true (environment)");
    assertThat(remembered("MULTI_DEVICE_AUTH_ENABLED")).isEqualTo("true (default)");
    assertThat(remembered("EMAIL_ENCRYPTION_KEY")).isEqualTo("- (environment)");
    assertThat(remembered("THYWILL_SERVER_KEY"))
        .as("needed and not given")
        .isEqualTo("- (not set)");
    assertThat(remembered("OPENAI_API_KEY")).as("neither needed nor given").isEqualTo("nothing");
    assertThat(remembered("DATABASE_URL")).isEqualTo("sqlite://ann:***@x/c.db (environment)");
    assertThat(remembered("INVITE_TOKEN_LENGTH")).isEqualTo("26 (default)");
    assertThat(remembered("PATH")).isEqualTo("nothing");
    KnownSettings.ALL.stream()
        .filter(known -> !known.isSecret())
        .forEach(known -> assertThat(catchRead().byName()).containsKey(known.name()));
    for (String file : List.of("system/system_config.txt", "system/feature_flags.txt")) {
      assertThat(archive.resolve(file))
          .content()
          .contains(
              file.contains("config")
                  ? "PEER_APPROVAL_COUNT=3|environment"
                  : "EMAIL_AUTH_ENABLED|yes|origin: environment");
    }
    try (var files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("hunter");
      }
    }
  }

  private ArchivedSettings catchRead() {
    try {
      return archived();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void start_withNothingNew_leavesNoTrace_andAChangeLeavesOne() throws IOException {
    long first = start(GIVEN);
    assertThat(start(GIVEN)).isEqualTo(first);
    Map<String, String> other = new HashMap<>(GIVEN);
    other.put("PEER_APPROVAL_COUNT", "4");
    assertThat(start(other)).isEqualTo(first + 1);
    assertThat(remembered("PEER_APPROVAL_COUNT")).isEqualTo("4 (environment)");
  }

  @Test
  void start_withAWrongSetting_isRefusedAndKeepsNothing() throws IOException {
    assertThatThrownBy(
            () -> start(Map.of("PEER_APPROVAL_COUNT", "two", "PRAYER_MODE_ENABLED", "perhaps")))
        .isInstanceOf(Configuration.Invalid.class)
        .hasMessageContaining(
            "PEER_APPROVAL_COUNT: found two (environment), expected a number from 1 to 99999")
        .hasMessageContaining("PRAYER_MODE_ENABLED");
    assertThatThrownBy(() -> start(Map.of("REQUIRE_APPROVAL_FOR_EXISTING_USERS", "false")))
        .isInstanceOf(Configuration.Invalid.class)
        .hasMessageContaining("expected true");
    assertThat(archived().byName()).isEmpty();
  }

  @Test
  void adminsWord_holdsUntilTheEnvironmentSaysOtherwise() throws IOException {
    try (Ledger ledger = open()) {
      ledger.write(
          Change.Cause.by("system"),
          tx -> {
            tx.add(
                Row.in(Catalog.SETTINGS)
                    .set(Catalog.Settings.NAME, "PEER_APPROVAL_COUNT")
                    .set(Catalog.Settings.VALUE, "5")
                    .set(Catalog.Settings.ORIGIN, "admin")
                    .build());
            tx.add(
                Row.in(Catalog.FEATURE_FLAGS)
                    .set(Catalog.FeatureFlags.NAME, "PRAYER_MODE_ENABLED")
                    .set(Catalog.FeatureFlags.ENABLED, false)
                    .set(Catalog.FeatureFlags.DETAILS, "while it is repaired")
                    .build());
          });
    }
    start(Map.of());
    assertThat(remembered("PEER_APPROVAL_COUNT")).isEqualTo("5 (admin)");
    assertThat(remembered("PRAYER_MODE_ENABLED")).isEqualTo("false (admin)");
    assertThat(configuration(Map.of()).with(archived()).value("PEER_APPROVAL_COUNT"))
        .isEqualTo("5");
    start(GIVEN);
    assertThat(remembered("PEER_APPROVAL_COUNT")).isEqualTo("3 (environment)");
    assertThat(remembered("PRAYER_MODE_ENABLED")).isEqualTo("false (admin)");
  }

  @Test
  void configurationLoss_afterARecoveryOnANewMachine_settingsHoldAndPeopleAreToldWhatToProvide()
      throws IOException {
    start(GIVEN);
    Files.delete(database);
    new Recovery(archive, database, ProgressListener.NONE, "now")
        .run(new Recovery.Plan(PointInTime.NOW, Set.of(), false, false));
    Configuration lost = configuration(Map.of()).with(archived());
    assertThat(lost.value("PEER_APPROVAL_COUNT")).isEqualTo("3");
    assertThat(lost.value("EMAIL_AUTH_ENABLED")).isEqualTo("true");
    assertThat(lost.value("DATABASE_URL"))
        .as("a place is of one machine")
        .isEqualTo("sqlite:community.db");
    assertThat(lost.missingSecrets())
        .containsExactly(
            "ANTHROPIC_API_KEY", "THYWILL_SERVER_KEY", "EMAIL_ENCRYPTION_KEY", "SMTP_PASSWORD");
    assertThat(lost.toProvide())
        .contains(
            "Set ARCHIVE_LOCATIONS in the environment of the server (folders with copies of the"
                + " archive, parted by commas); it was /mnt/a,/mnt/b.")
        .anySatisfy(
            sentence ->
                assertThat(sentence)
                    .startsWith("Set the secret EMAIL_ENCRYPTION_KEY")
                    .contains("the one from before"));
    assertThat(codes(lost))
        .contains("secret-missing", "setting-lost", "setting-remembered")
        .doesNotContain(Configuration.WRONG);

    start(Map.of()); // A start without the environment forgets nothing.
    assertThat(remembered("PEER_APPROVAL_COUNT")).isEqualTo("3 (earlier environment)");
    Configuration still = configuration(Map.of()).with(archived());
    assertThat(still.toProvide()).isEqualTo(lost.toProvide());
    try (Ledger ledger = open();
        ViewReader view = ledger.read()) {
      Row approvals = view.find(Catalog.SETTINGS, "PEER_APPROVAL_COUNT").orElseThrow();
      assertThat(approvals.get(Catalog.Settings.VALUE)).contains("3");
      Row email = view.find(Catalog.FEATURE_FLAGS, "EMAIL_AUTH_ENABLED").orElseThrow();
      assertThat(email.is(Catalog.FeatureFlags.ENABLED)).isTrue();
    }
    assertThat(configuration(GIVEN).with(archived()).toProvide())
        .hasSize(2)
        .allSatisfy(
            sentence -> assertThat(sentence).containsAnyOf("THYWILL_SERVER_KEY", "SMTP_PASSWORD"));
  }

  @Test
  void names_thatAreNoSettings_areNamedWhereTheyWereProbablyMeant() {
    List<String> messages = new ArrayList<>();
    configuration(
            Map.of(
                "PEER_APROVAL_COUNT",
                "3",
                "THYWILL_PORT",
                "1",
                "TEXT_ARCHIVE_DIR",
                "x",
                "OFFLINE_PWA_ENABLED",
                "1",
                "THYWILL_JAVA",
                "/usr",
                "HOME",
                "/",
                "THYWILL_SERVER_KEY",
                "x"))
        .findings()
        .forEach(finding -> messages.add(finding.code() + ": " + finding.message()));
    assertThat(messages)
        .containsExactly(
            "setting-unused: OFFLINE_PWA_ENABLED is a setting of the Python original that decides"
                + " nothing here",
            "setting-unknown: PEER_APROVAL_COUNT is no setting of this program; PEER_APPROVAL_COUNT"
                + " is",
            "setting-unknown: TEXT_ARCHIVE_DIR is no setting of this program",
            "setting-unknown: THYWILL_PORT is no setting of this program");
  }

  @Test
  void archive_turnedOff_isRefusedInEverySpelling() {
    for (String no : List.of("false", "FALSE", "no", "0", "off")) {
      assertThatThrownBy(() -> configuration(Map.of("TEXT_ARCHIVE_ENABLED", no)))
          .isInstanceOf(Configuration.Invalid.class)
          .hasMessageContaining("the text is the community's memory");
    }
    assertThat(configuration(Map.of("TEXT_ARCHIVE_ENABLED", "yes")).value("TEXT_ARCHIVE_ENABLED"))
        .isEqualTo("yes");
  }
}
