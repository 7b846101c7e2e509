package org.thywill.community.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.prayer.Visibility;

/**
 * Words that come from elsewhere: nobody waits for them, nothing of the author's is overwritten,
 * and what cannot be had is replaced.
 */
class PrayerGenerationServiceTest {
  private static final long SECONDS_MAX = 20;
  @TempDir Path folder;
  private CommunityFixture fixture;
  private final Elsewhere elsewhere = new Elsewhere();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private PrayerGenerationService scribe;

  @SuppressWarnings("NullAway.Init")
  PrayerGenerationServiceTest() {}

  /** A writer elsewhere who answers when the test says so. */
  private static final class Elsewhere implements PrayerGenerator {
    private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public String prayerFor(String request, String notThis) throws PrayerGenerationException {
      asked.add(request);
      try {
        for (; ; ) {
          Object answer = answers.poll(10, TimeUnit.MILLISECONDS);
          switch (answer) {
            case null -> {
              if (closed.getCount() == 0) {
                throw PrayerGenerationException.permanent("the program stops");
              }
            }
            case PrayerGenerationException failed -> throw failed;
            case RuntimeException defect -> throw defect;
            default -> {
              return answer.toString();
            }
          }
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String name() {
      return "a model elsewhere";
    }

    @Override
    public Optional<String> reader() {
      return Optional.of("Elsewhere (models.example.org)");
    }

    @Override
    public void close() {
      closed.countDown();
    }

    String isAsked() throws InterruptedException {
      String request = asked.poll(SECONDS_MAX, TimeUnit.SECONDS);
      assertThat(request).as("the writer is asked").isNotNull();
      return String.valueOf(request);
    }
  }

  @BeforeEach
  void found() throws IOException {
    fixture = CommunityFixture.founded(folder).with("Ben");
    scribe =
        new PrayerGenerationService(
            fixture.ledger, fixture.prayers, elsewhere, fixture.clock, log::add);
  }

  @AfterEach
  void leave() throws IOException {
    scribe.close();
    fixture.close();
  }

  private Optional<String> words(String prayer) throws IOException {
    return fixture.row(Catalog.PRAYERS, prayer).get(Catalog.Prayers.GENERATED_PRAYER);
  }

  private void awaitEndOf(String prayer) throws InterruptedException {
    for (int i = 0; scribe.isUnderWay(prayer); i++) {
      assertThat(i).as("the scribe does not end").isLessThan(2_000);
      Thread.sleep(10);
    }
  }

  /** Why the last change of a prayer was made, and by whom. */
  private String lastReason(String prayer) throws IOException {
    Change last =
        fixture.writtenAfter(0).stream()
            .filter(change -> change.row().key().equals(prayer))
            .reduce((a, b) -> a.seq() > b.seq() ? a : b)
            .orElseThrow();
    return last.stamp().cause().actor() + ": " + last.stamp().cause().reason();
  }

  @Test
  void propose_returnsBeforeTheWordsAreThere_andTheyComeAsAChangeOfTheirOwn() throws Exception {
    String prayer = fixture.ask("ben");
    scribe.generate("ben", prayer);
    assertThat(elsewhere.isAsked()).isEqualTo("Please pray for rain.");
    assertThat(words(prayer)).isEmpty();
    assertThat(scribe.isUnderWay(prayer)).isTrue();
    fixture.prayers.markPrayed("anna", prayer, ""); // the ledger waits for nobody

    elsewhere.answers.add("Lord, send rain. (James 5:18)");
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("Lord, send rain. (James 5:18)");
    assertThat(lastReason(prayer)).isEqualTo("ben: proposed by a model elsewhere");
    assertThat(log).isEmpty();
  }

  @Test
  void propose_twice_asksOnce_andNotWhereWordsAre() throws Exception {
    String prayer = fixture.ask("ben");
    scribe.generate("ben", prayer);
    scribe.generate("ben", prayer);
    elsewhere.isAsked();
    elsewhere.answers.add("Send rain.");
    awaitEndOf(prayer);
    scribe.generate("ben", prayer);
    assertThat(scribe.isUnderWay(prayer)).isFalse();
    assertThat(elsewhere.asked).isEmpty();
  }

  @Test
  void wordsOfTheAuthor_thatCameMeanwhile_stay() throws Exception {
    String prayer = fixture.ask("ben");
    scribe.generate("ben", prayer);
    elsewhere.isAsked();
    fixture.prayers.attachPrayer("ben", prayer, "In my own words.");
    long before = fixture.lastSeq();
    elsewhere.answers.add("In other words.");
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("In my own words.");
    assertThat(fixture.lastSeq()).isEqualTo(before);
  }

  @Test
  void authorWhoDecidedForNoWords_getsNone() throws Exception {
    String prayer = fixture.ask("ben");
    scribe.generate("ben", prayer);
    elsewhere.isAsked();
    scribe.cancel(prayer);
    elsewhere.answers.add("Words that nobody wants.");
    fixture.prayers.edit("ben", prayer, "Please pray for sun."); // does not bring it back
    scribe.close();
    assertThat(words(prayer)).isEmpty();
  }

  @Test
  void requestThatWasChangedMeanwhile_getsAPrayerForWhatItSaysNow() throws Exception {
    String prayer = fixture.ask("ben");
    scribe.generate("ben", prayer);
    elsewhere.isAsked();
    fixture.prayers.edit("ben", prayer, "Please pray for sun.");
    elsewhere.answers.add("Send rain.");
    assertThat(elsewhere.isAsked()).isEqualTo("Please pray for sun.");
    elsewhere.answers.add("Send sun.");
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("Send sun.");
  }

  @Test
  void proposeOther_replacesTheWordsThatWereThere_unlessTheyChangeMeanwhile() throws Exception {
    String prayer = fixture.ask("ben");
    fixture.prayers.attachPrayer("ben", prayer, "First words.");
    assertThat(scribe.generateOther("ben", prayer)).isFalse();
    elsewhere.isAsked();
    elsewhere.answers.add("Second words.");
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("Second words.");

    scribe.generateOther("ben", prayer);
    elsewhere.isAsked();
    fixture.prayers.attachPrayer("ben", prayer, "My words.");
    elsewhere.answers.add("Third words.");
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("My words.");
  }

  @Test
  void failureThatMayPass_isTriedOnceMore_andThenReplacedByOwnWords() throws Exception {
    String prayer = fixture.ask("ben");
    elsewhere.answers.addAll(
        List.of(
            PrayerGenerationException.temporary("it is tired", Duration.ZERO),
            "After all: send rain."));
    scribe.generate("ben", prayer);
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("After all: send rain.");
    assertThat(elsewhere.asked).hasSize(2);
    assertThat(log).isEmpty();

    String second = fixture.ask("ben");
    elsewhere.answers.addAll(
        List.of(
            PrayerGenerationException.temporary("it is tired", Duration.ZERO),
            PrayerGenerationException.temporary("it sleeps", Duration.ZERO)));
    scribe.generate("ben", second);
    awaitEndOf(second);
    assertThat(words(second))
        .contains(new TemplatePrayerGenerator().prayerFor("Please pray for rain."));
    assertThat(lastReason(second))
        .isEqualTo("ben: proposed by the program itself, since it sleeps");
    assertThat(elsewhere.asked).hasSize(4);
    assertThat(log)
        .containsExactly(
            "the prayer beside request "
                + second
                + " has the program's own words, since it sleeps");
    assertThat(scribe.lastProblem())
        .contains(new PrayerGenerationService.Problem(fixture.clock.instant(), log.getFirst()));
  }

  @Test
  void failureThatStays_isNotTriedAgain() throws Exception {
    String prayer = fixture.ask("ben");
    elsewhere.answers.add(PrayerGenerationException.permanent("the key is not accepted"));
    scribe.generate("ben", prayer);
    awaitEndOf(prayer);
    assertThat(elsewhere.asked).hasSize(1);
    assertThat(words(prayer))
        .contains(new TemplatePrayerGenerator().prayerFor("Please pray for rain."));
  }

  @Test
  void defectOfAWriter_isTold_andLeavesTheScribeAtWork() throws Exception {
    String prayer = fixture.ask("ben");
    elsewhere.answers.add(new IllegalStateException("a defect"));
    scribe.generate("ben", prayer);
    awaitEndOf(prayer);
    assertThat(words(prayer)).isEmpty();
    assertThat(log)
        .containsExactly(
            "no prayer could be written beside request "
                + prayer
                + "; its author may ask for one again: a defect");
    scribe.generate("ben", prayer);
    elsewhere.answers.add("Send rain.");
    awaitEndOf(prayer);
    assertThat(words(prayer)).contains("Send rain.");
  }

  @Test
  void strangersAndHiddenPrayers_areRefusedBeforeAnybodyReadsThem() throws Exception {
    String prayer = fixture.ask("anna");
    assertThatThrownBy(() -> scribe.generate("ben", prayer)).isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> scribe.generateOther("ben", prayer))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> scribe.generate("ben", "nothing"))
        .isInstanceOf(InvalidInputException.class);
    fixture.moderation.hide("anna", prayer, "to be looked at");
    assertThatThrownBy(() -> scribe.generate("anna", prayer))
        .isInstanceOf(InvalidInputException.class);
    assertThat(elsewhere.asked).isEmpty();
  }

  @Test
  void moreThanCanWait_getOwnWordsAtOnce() throws Exception {
    List<String> prayers = new ArrayList<>();
    String author = "";
    for (int i = 0; i < 103; i++) {
      author = i % 10 == 0 ? fixture.join("Author " + i).handle() : author;
      prayers.add(fixture.prayers.ask(author, "Request " + i, Visibility.MEMBERS, ""));
      scribe.generate(author, prayers.getLast());
    }
    assertThat(words(prayers.getLast())).isPresent();
    assertThat(lastReason(prayers.getLast()))
        .isEqualTo(
            author + ": proposed by the program itself, since too many wait for a model elsewhere");
    assertThat(words(prayers.get(50))).isEmpty();
    assertThat(elsewhere.asked).as("at a time").hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void authorWhoAsksVeryOften_getsOwnWords_untilTheHourIsOver() throws Exception {
    for (int i = 0; i < 10; i++) {
      elsewhere.answers.add("Send rain, " + i + ".");
      String prayer = fixture.ask("ben");
      scribe.generate("ben", prayer);
      awaitEndOf(prayer);
    }
    String eleventh = fixture.ask("ben");
    scribe.generate("ben", eleventh);
    assertThat(lastReason(eleventh))
        .isEqualTo(
            "ben: proposed by the program itself, since ben had asked 10 times within the hour");
    assertThat(scribe.generateOther("ben", eleventh)).as("it is done").isTrue();
    assertThat(elsewhere.asked).hasSize(10);
    assertThat(log).isEmpty();

    String ofAnna = fixture.ask("anna");
    elsewhere.answers.add("For anna.");
    scribe.generate("anna", ofAnna);
    awaitEndOf(ofAnna);
    assertThat(words(ofAnna)).contains("For anna.");
    fixture.pass(Duration.ofHours(1));
    elsewhere.answers.add("Again.");
    scribe.generateOther("ben", eleventh);
    awaitEndOf(eleventh);
    assertThat(words(eleventh)).contains("Again.");
  }

  @Test
  void close_givesUpWhatIsUnderWay_andItCanBeAskedForAgain() throws Exception {
    String prayer = fixture.ask("ben");
    String waiting = fixture.ask("ben");
    scribe.generate("ben", prayer);
    scribe.generate("ben", waiting);
    elsewhere.isAsked();
    scribe.close();
    assertThat(words(prayer)).isEmpty();
    assertThat(words(waiting)).isEmpty();
    assertThat(log).isEmpty();
    scribe.generate("ben", prayer); // late, and for nothing
    assertThat(words(prayer)).isEmpty();

    try (PrayerGenerationService next =
        new PrayerGenerationService(
            fixture.ledger,
            fixture.prayers,
            new TemplatePrayerGenerator(),
            fixture.clock,
            log::add)) {
      next.generate("ben", prayer);
      assertThat(words(prayer))
          .contains(new TemplatePrayerGenerator().prayerFor("Please pray for rain."));
      assertThat(lastReason(prayer)).isEqualTo("ben: proposed by the program itself");
      assertThat(next.generateOther("ben", prayer)).isTrue();
      assertThat(words(prayer))
          .isPresent()
          .isNotEqualTo(
              Optional.of(new TemplatePrayerGenerator().prayerFor("Please pray for rain.")));
    }
  }
}
