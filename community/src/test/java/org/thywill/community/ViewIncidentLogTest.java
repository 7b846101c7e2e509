package org.thywill.community;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.community.access.Ids;
import org.thywill.ledger.ViewIncident;
import org.thywill.simulation.Await;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * What happens to the database is reported to the operator and written into the archive, in bounds.
 */
class ViewIncidentLogTest {
  private static final ViewIncident EDIT =
      new ViewIncident(
          ViewIncident.CHANGED,
          "the database was changed by another program",
          "community.db.damaged-1",
          285,
          0.71,
          List.of("members/anna.display_name"),
          "");

  @TempDir Path folder;
  private final List<String> log = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  private ViewIncidentLog logOf(CommunityFixture fixture) {
    return new ViewIncidentLog(
        fixture.ledger, new Ids(new SplittableRandom(3)), nanos::get, log::add);
  }

  private static List<Row> rows(CommunityFixture fixture, Table table) throws IOException {
    try (ViewReader view = fixture.ledger.read()) {
      return view.rows(Query.of(table));
    }
  }

  @Test
  void edit_isOneSentence_oneOperation_andOneSecurityEvent() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      ViewIncidentLog incidents = logOf(fixture);
      incidents.lost("the database was changed by another program");
      incidents.rebuilt(EDIT);
      String sentence =
          "the database was changed by another program; built again from 285 changes in 0.7 s; the"
              + " old one is kept as community.db.damaged-1; it differed in"
              + " members/anna.display_name";
      assertThat(log)
          .containsExactly(
              "the database was changed by another program; it is built again from the archive",
              sentence);
      assertThat(rows(fixture, Catalog.OPERATIONS))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get(Catalog.Operations.KIND)).contains("view");
                assertThat(row.get(Catalog.Operations.OUTCOME)).contains("rebuilt");
                assertThat(row.get(Catalog.Operations.DETAILS)).contains(sentence);
              });
      assertThat(rows(fixture, Catalog.SECURITY_EVENTS))
          .filteredOn(row -> row.has(Catalog.SecurityEvents.EVENT, "database_changed"))
          .singleElement()
          .satisfies(row -> assertThat(row.get(Catalog.SecurityEvents.DETAILS)).contains(sentence));
    }
  }

  @Test
  void loss_isOnlyTold() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      logOf(fixture)
          .rebuilt(
              new ViewIncident(
                  ViewIncident.LOST, "the database was gone", "", 285, 0.71, List.of(), ""));
      assertThat(log)
          .containsExactly("the database was gone; built again from 285 changes in 0.7 s");
      assertThat(rows(fixture, Catalog.OPERATIONS)).isEmpty();
    }
  }

  @Test
  void manyEdits_areAllTold_butFillNoArchive() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      ViewIncidentLog incidents = logOf(fixture);
      for (int i = 0; i < 50; i++) {
        incidents.rebuilt(EDIT);
      }
      assertThat(log).hasSize(50);
      assertThat(rows(fixture, Catalog.OPERATIONS)).hasSize(1);
      nanos.addAndGet(Duration.ofMinutes(11).toNanos());
      incidents.rebuilt(EDIT);
      assertThat(rows(fixture, Catalog.OPERATIONS))
          .hasSize(2)
          .anySatisfy(
              row ->
                  assertThat(row.get(Catalog.Operations.DETAILS).orElse(""))
                      .endsWith("; 49 times more before that"));
    }
  }

  @Test
  void archiveCannotBeWritten_isTold() throws IOException {
    CommunityFixture fixture = CommunityFixture.founded(folder);
    fixture.close();
    logOf(fixture).rebuilt(EDIT);
    assertThat(log.getLast())
        .isEqualTo("this could not be written into the archive: the ledger is closed");
  }

  @Test
  void file_isReplacedWhileServing_theArchiveSaysSo() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      new Community(
              fixture.ledger,
              new Ids(new SplittableRandom(5)),
              "sixteen bytes at least".getBytes(StandardCharsets.UTF_8))
          .watchView(nanos::get, log::add);
      Files.write(folder.resolve("other"), new byte[4_096]);
      Files.move(
          folder.resolve("other"), folder.resolve("community.db"), StandardCopyOption.ATOMIC_MOVE);
      fixture.join("Boris");
      Await.until(() -> log.size() == 2);
      assertThat(log.getFirst())
          .isEqualTo(
              "another file was put in the place of the database; it is built again from the"
                  + " archive");
      Await.until(
          () -> {
            try {
              return rows(fixture, Catalog.OPERATIONS).size() == 1;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
