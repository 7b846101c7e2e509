package org.thywill.community.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.ledger.ViewFile;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

class DemoTest {
  /** The one that most tests look at. */
  private static final String TOLD = "told";

  @TempDir static Path folder;
  private static Demo.Result told = new Demo.Result(Digest.empty(), 0, Map.of(), List.of());

  @BeforeAll
  static void playOnce() throws IOException {
    told = play(TOLD, Demo.Options.DEFAULT);
  }

  private static Demo.Result play(String name, Demo.Options options) throws IOException {
    return new Demo(archive(name), database(name), options).play(ProgressListener.NONE);
  }

  private static Path archive(String name) {
    return folder.resolve(name).resolve("text_archives");
  }

  private static Path database(String name) {
    return folder.resolve(name).resolve("community.db");
  }

  @Test
  void play_sameSeed_givesTheSameDigest_andAnotherSeedAnother() throws IOException {
    Demo.Result again = play("again", Demo.Options.DEFAULT);
    Demo.Result other = play("other", Demo.Options.DEFAULT.withSeed(2));

    assertThat(again).isEqualTo(told);
    assertThat(other.digest().hex()).isNotEqualTo(told.digest().hex());
  }

  @Test
  void play_thenRebuiltFromTheTextAlone_givesTheSameDigest() throws IOException {
    Path rebuiltFile = folder.resolve("rebuilt.db");
    Rebuild.Result rebuilt =
        new ViewFile(rebuiltFile)
            .build(
                ArchiveReader.open(new FileSystemDisk(archive(TOLD)), 0),
                PointInTime.NOW,
                ProgressListener.NONE);

    assertThat(rebuilt.proven()).isTrue();
    assertThat(rebuilt.digest()).isEqualTo(told.digest());
    assertThat(rebuilt.changes()).isEqualTo(told.changes());
    try (SqliteReader view = SqliteReader.open(rebuiltFile)) {
      assertThat(view.computeDigest()).isEqualTo(told.digest());
    }
  }

  @Test
  void play_default_touchesEverythingThatServicesWrite() throws IOException {
    assertThat(told.rows().get("members")).isEqualTo(12);
    assertThat(told.rows().get("prayers")).isEqualTo(40);
    for (Table table :
        List.of(
            Catalog.ROLES,
            Catalog.INVITES,
            Catalog.INVITE_USES,
            Catalog.ROLE_ASSIGNMENTS,
            Catalog.MARKS,
            Catalog.SKIPS,
            Catalog.ATTRIBUTES,
            Catalog.ACTIVITY,
            Catalog.AUTH_REQUESTS,
            Catalog.AUTH_APPROVALS,
            Catalog.AUDIT,
            Catalog.SECURITY_EVENTS,
            Catalog.SESSIONS,
            Catalog.NOTIFICATIONS,
            Catalog.SETTINGS,
            Catalog.FEATURE_FLAGS)) {
      assertThat(told.rows().get(table.name())).as(table.name()).isPositive();
    }
    try (SqliteReader view = SqliteReader.open(database(TOLD))) {
      assertThat(values(view, Catalog.AuthRequests.STATUS))
          .contains("approved", "rejected", "expired");
      assertThat(values(view, Catalog.Audit.ACTOR_TYPE))
          .contains("admin", "self", "peer", "system", "user");
      assertThat(values(view, Catalog.Prayers.MODERATION)).contains("open", "hidden");
      assertThat(values(view, Catalog.Prayers.VISIBILITY))
          .contains("members", "public", "anonymous");
      assertThat(values(view, Catalog.Attributes.NAME))
          .contains("answered", "answer_date", "answer_testimony", "archived");
      assertThat(values(view, Catalog.SecurityEvents.EVENT))
          .contains("failed_login", "rate_limit_hit", "wrong_code", "sign_in_rejected");
      assertThat(values(view, Catalog.Activity.ACTION))
          .contains(
              "prayed",
              "set_answered",
              "testimony",
              "flagged",
              "hidden",
              "shown",
              "edited",
              "set_archived",
              "remove_archived");
      assertThat(values(view, Catalog.RoleAssignments.ROLE))
          .contains("admin", "moderator", "member");
    }
  }

  @Test
  void play_fillsManyMonths_andPointsAtPagesThatAreThere() throws IOException {
    assertThat(archive(TOLD).resolve("prayers/2025_10_prayers.txt")).exists();
    assertThat(new FileSystemDisk(archive(TOLD)).list("prayers/marks")).hasSizeGreaterThan(12);
    assertThat(told.pages())
        .hasSizeBetween(2, 3)
        .allSatisfy(page -> assertThat(archive(TOLD).resolve(page)).isNotEmptyFile());
  }

  @Test
  void play_untilAnotherDay_endsThere() throws IOException {
    play(
        "early",
        Demo.Options.DEFAULT.withPrayers(5).withEnd(Instant.parse("2021-03-01T00:00:00Z")));

    assertThat(archive("early").resolve("roles/2020_01_role_assignments.txt")).exists();
    assertThat(new FileSystemDisk(archive("early")).list("users"))
        .allSatisfy(file -> assertThat(file).containsAnyOf("/2020_", "/2021_01", "/2021_02"));
  }

  @Test
  void play_smallestCommunities_haveTheirStoryToo() throws IOException {
    for (int members = 1; members <= 4; members++) {
      Demo.Options few =
          Demo.Options.DEFAULT
              .withMembers(members)
              .withPrayers(members == 1 ? 0 : 12)
              .withSeed(members);
      Demo.Result small = play("few" + members, few);
      assertThat(small.rows().get("members")).isEqualTo(members);
    }
  }

  @Test
  void play_manySeeds_neverStumble() throws IOException {
    for (long seed = 100; seed < 104; seed++) {
      Demo.Result some =
          play("seed" + seed, new Demo.Options(40, 30, seed, Demo.Options.DEFAULT.end()));
      assertThat(some.rows().get("prayers")).as("seed " + seed).isEqualTo(30);
    }
  }

  @Test
  void names_areManyAndNeverTwiceTheSameHandle() throws IOException {
    DemoTexts book = DemoTexts.read();
    Set<String> handles = new HashSet<>();
    IntStream.range(0, 2_000)
        .mapToObj(book::name)
        .forEach(
            name -> {
              assertThat(handles.add(HandleNormalizer.canonical(name))).as(name).isTrue();
              assertThat(name.codePointCount(0, name.length())).isLessThanOrEqualTo(50);
            });
  }

  private static Set<String> values(SqliteReader view, Column<String> column) throws IOException {
    Set<String> values = new HashSet<>();
    Table table = Catalog.find(column.table()).orElseThrow();
    view.forEach(table, (Row row) -> row.get(column).ifPresent(values::add));
    return values;
  }
}
