package org.thywill.community;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.community.join.Applications;
import org.thywill.community.join.Members;
import org.thywill.community.member.Badge;
import org.thywill.community.news.Announcements;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignIn;
import org.thywill.community.signin.SignInLinks;
import org.thywill.ledger.Transaction;

/**
 * Walks through every public method of the services that writes, and finds what it did in the text,
 * under the name of who did it.
 */
class EveryActIsWrittenTest {
  /**
   * All that a community has but what follows a recovery, which has a test of its own; and the
   * scribe, who writes on their behalf.
   */
  private static final List<Class<?>> SERVICES =
      Stream.concat(
              Stream.of(PrayerGenerationService.class),
              Arrays.stream(Community.class.getDeclaredMethods())
                  .filter(EveryActIsWrittenTest::mayWrite)
                  .<Class<?>>map(Method::getReturnType)
                  .filter(service -> service != PostRecovery.class))
          .toList();

  /** What changes nothing in the community. */
  private static final Set<String> NO_CHANGES =
      Set.of(
          "SignIn.code/1",
          "PrayerGenerationService.reader/0",
          "PrayerGenerationService.generatorName/0",
          "PrayerGenerationService.pendingCount/0",
          "PrayerGenerationService.lastProblem/0",
          "PrayerGenerationService.isUnderWay/1",
          "PrayerGenerationService.cancel/1",
          "PrayerGenerationService.close/0");

  private static final Device TABLET = Device.of("Chrome on a tablet", "203.0.113.99");

  @TempDir Path folder;
  private final Set<String> walked = new TreeSet<>();

  @FunctionalInterface
  private interface Act<T> {
    T run() throws IOException;
  }

  /** An act of which nothing comes back. */
  @FunctionalInterface
  private interface Deed {
    void run() throws IOException;
  }

  private void does(CommunityFixture village, String actor, String method, Deed deed)
      throws IOException {
    gets(
        village,
        actor,
        method,
        () -> {
          deed.run();
          return method;
        });
  }

  /** Carries an act out, and looks for it in the files while the community goes on. */
  private <T> T gets(CommunityFixture village, String actor, String method, Act<T> act)
      throws IOException {
    village.pass(Duration.ofMinutes(1));
    long before = village.lastSeq();
    T result = act.run();
    List<Change> written = village.writtenAfter(before);
    assertThat(written)
        .as(method)
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.stamp().cause().actor()).isEqualTo(actor));
    assertThat(written)
        .as(method)
        .allSatisfy(change -> assertThat(rawLine(village, change)).contains("|" + actor + "|"));
    walked.add(method);
    return result;
  }

  /** The line of a change as it stands in its log. */
  private static String rawLine(CommunityFixture village, Change change) {
    Path log = village.archive.resolve(change.table().logLocation().file(change.at()));
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("|" + change.seq() + "|")).findFirst().orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyWritingMethod_leavesLinesUnderTheActingMembersHandle() throws IOException {
    try (CommunityFixture village = CommunityFixture.empty(folder)) {
      walkMembers(village);
      walkRoles(village);
      walkApplications(village);
      walkPrayers(village);
      walkSignIn(village);
      walkSettings(village);
      walkTheRest(village);
    }
    assertThat(SERVICES).hasSizeGreaterThan(9);
    assertThat(walked).isEqualTo(writingMethods());
  }

  /** Public instance methods; what only reads is static. */
  private static Set<String> writingMethods() {
    Set<String> methods = new TreeSet<>();
    for (Class<?> service : SERVICES) {
      Arrays.stream(service.getDeclaredMethods())
          .filter(EveryActIsWrittenTest::mayWrite)
          .forEach(
              method ->
                  methods.add(
                      service.getSimpleName()
                          + "."
                          + method.getName()
                          + "/"
                          + method.getParameterCount()));
    }
    assertThat(methods).containsAll(NO_CHANGES);
    methods.removeAll(NO_CHANGES);
    return methods;
  }

  /** What takes part in a transaction of another service is walked with that one. */
  private static boolean mayWrite(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && !Modifier.isStatic(method.getModifiers())
        && !List.of(method.getParameterTypes()).contains(Transaction.class);
  }

  private void walkMembers(CommunityFixture village) throws IOException {
    Members members = village.members;
    String link =
        gets(
            village,
            "system",
            "Members.makeOperatorLink/1",
            () -> members.makeOperatorLink(Duration.ofHours(1)));
    gets(
        village,
        "anna",
        "Members.join/3",
        () -> members.join(link, "Anna", CommunityFixture.LAPTOP));
    village.with("Ben", "Clara", "Dora");
    gets(village, "ben", "Members.invite/1", () -> members.invite("ben"));
    String invite =
        gets(
            village,
            "ben",
            "Members.invite/3",
            () -> members.invite("ben", Duration.ofDays(1), OptionalLong.empty()));
    does(
        village,
        "anna",
        "Members.revokeInvite/3",
        () -> members.revokeInvite("anna", invite, "too wide"));
    does(village, "ben", "Members.dismissWelcome/1", () -> members.dismissWelcome("ben"));
    village.shutOut("anna");
    String rescue = members.makeOperatorLink(Duration.ofHours(1));
    does(
        village,
        "ben",
        "Members.acceptOperatorLink/3",
        () -> members.acceptOperatorLink("ben", rescue, CommunityFixture.PHONE));
    village.roles.grant("ben", "anna", Roles.ADMIN, "is back");
  }

  private void walkRoles(CommunityFixture village) throws IOException {
    Roles roles = village.roles;
    does(
        village,
        "anna",
        "Roles.define/4",
        () ->
            roles.define(
                "anna", "caller", "Calls on Thursdays.", Set.of(Permission.MODERATE_PRAYERS)));
    does(
        village,
        "anna",
        "Roles.redefine/4",
        () -> roles.redefine("anna", "caller", "Calls on Fridays.", Set.of()));
    does(
        village,
        "anna",
        "Roles.grant/4",
        () -> roles.grant("anna", "clara", Roles.MODERATOR, "reads kindly"));
    does(
        village,
        "anna",
        "Roles.grantUntil/5",
        () ->
            roles.grantUntil(
                "anna",
                "dora",
                Roles.MODERATOR,
                village.clock.instant().plus(Duration.ofDays(1)),
                "helps out"));
    does(
        village,
        "ben",
        "Roles.revoke/4",
        () -> roles.revoke("ben", "dora", Roles.MODERATOR, "thank you"));
    roles.revoke("anna", "ben", Roles.ADMIN, "one is enough");
    does(
        village,
        "anna",
        "AccountDeactivation.deactivate/3",
        () -> village.accounts.deactivate("anna", "dora", "asked for a rest"));
    does(
        village,
        "anna",
        "AccountDeactivation.reactivate/3",
        () -> village.accounts.reactivate("anna", "dora", "is back"));
  }

  /** Who applies is a stranger, so the line is the program's own. */
  private void walkApplications(CommunityFixture village) throws IOException {
    Applications applications = village.applications;
    String essay = "I live next door, and would like to pray with you.";
    String first =
        gets(
            village,
            "system",
            "Applications.apply/4",
            () -> applications.apply("Edith", essay, "next door", CommunityFixture.PHONE));
    does(village, "anna", "Applications.approve/2", () -> applications.approve("anna", first));
    String second = applications.apply("Frank", essay, "next door", CommunityFixture.PHONE);
    does(
        village,
        "anna",
        "Applications.reject/3",
        () -> applications.reject("anna", second, "nobody knows him"));
  }

  private void walkPrayers(CommunityFixture village) throws IOException {
    Prayers prayers = village.prayers;
    Moderation moderation = village.moderation;
    String prayer =
        gets(
            village,
            "ben",
            "Prayers.ask/4",
            () -> prayers.ask("ben", "For rain.", Visibility.MEMBERS, "d1"));
    try (PrayerGenerationService scribe =
        new PrayerGenerationService(
            village.ledger,
            prayers,
            new TemplatePrayerGenerator(),
            village.clock,
            sentence -> {})) {
      does(
          village,
          "ben",
          "PrayerGenerationService.generate/2",
          () -> scribe.generate("ben", prayer));
      gets(
          village,
          "ben",
          "PrayerGenerationService.generateOther/2",
          () -> scribe.generateOther("ben", prayer));
    }
    does(
        village,
        "ben",
        "Prayers.attachPrayer/3",
        () -> prayers.attachPrayer("ben", prayer, "Let it rain."));
    does(village, "ben", "Prayers.detachPrayer/2", () -> prayers.detachPrayer("ben", prayer));
    does(village, "ben", "Prayers.edit/3", () -> prayers.edit("ben", prayer, "For much rain."));
    does(
        village,
        "ben",
        "Prayers.setVisibility/3",
        () -> prayers.setVisibility("ben", prayer, Visibility.PUBLIC));
    gets(village, "dora", "Prayers.markPrayed/3", () -> prayers.markPrayed("dora", prayer, "c1"));
    does(village, "clara", "Prayers.skip/2", () -> prayers.skip("clara", prayer));
    does(
        village, "dora", "Moderation.report/3", () -> moderation.report("dora", prayer, "too wet"));
    does(
        village,
        "clara",
        "Moderation.hide/3",
        () -> moderation.hide("clara", prayer, "let us look"));
    does(
        village,
        "clara",
        "Moderation.show/3",
        () -> moderation.show("clara", prayer, "it is fine"));
    does(village, "ben", "Prayers.praise/3", () -> prayers.praise("ben", prayer, "It rained."));
    does(village, "ben", "Prayers.archive/2", () -> prayers.archive("ben", prayer));
    does(village, "anna", "Prayers.restore/2", () -> prayers.restore("anna", prayer));
  }

  /** Who asks to sign in has not proved to be the member, so these lines are the program's own. */
  private void walkSignIn(CommunityFixture village) throws IOException {
    SignIn signIn = village.signIn;
    Sessions sessions = village.sessions;
    Sessions.Session session =
        gets(village, "dora", "Sessions.start/2", () -> sessions.start("dora", TABLET));
    does(village, "dora", "Sessions.end/1", () -> sessions.end(session.id()));
    Sessions.Session other = sessions.start("dora", TABLET);
    SignInLinks links = village.signInLinks;
    String own = gets(village, "dora", "SignInLinks.makeOwn/1", () -> links.makeOwn("dora"));
    gets(village, "dora", "SignInLinks.accept/2", () -> links.accept(own, TABLET));
    gets(
        village,
        "system",
        "SignInLinks.makeForOperator/2",
        () -> links.makeForOperator("Dora", Duration.ofHours(1)));
    does(
        village,
        "dora",
        "Sessions.endOther/2",
        () -> sessions.endOther("dora", Ids.hash(other.id())));
    SignIn.Waiting first =
        gets(village, "system", "SignIn.request/2", () -> signIn.request("Dora", TABLET));
    gets(village, "ben", "SignIn.approve/2", () -> signIn.approve("ben", first.request()));
    gets(
        village,
        "clara",
        "SignIn.approve/3",
        () -> signIn.approve("clara", first.request(), first.code()));
    String told = village.where(Catalog.NOTIFICATIONS, "member", "ben").getFirst().key();
    does(village, "ben", "SignIn.markRead/2", () -> signIn.markRead("ben", told));
    SignIn.Waiting second = signIn.request("Dora", TABLET);
    does(
        village,
        "anna",
        "SignIn.reject/3",
        () -> signIn.reject("anna", second.request(), "somebody else"));
    signIn.request("Dora", TABLET);
    village.pass(Duration.ofDays(8));
    gets(village, "system", "SignIn.expire/0", signIn::expire);
  }

  private void walkTheRest(CommunityFixture village) throws IOException {
    does(
        village,
        "anna",
        "Supporters.setBadges/4",
        () ->
            village.supporters.setBadges(
                "anna", "ben", Set.of(Badge.FINANCIAL), "pays for the server"));
    String entry =
        gets(
            village,
            "anna",
            "Announcements.add/3",
            () -> village.news.add("anna", Announcements.Kind.NEW, "There is a choir now."));
    does(village, "anna", "Announcements.takeBack/2", () -> village.news.takeBack("anna", entry));
  }

  private void walkSettings(CommunityFixture village) throws IOException {
    Settings settings = village.settings;
    does(
        village,
        "anna",
        "Settings.set/3",
        () -> settings.set("anna", Settings.PEER_APPROVAL_COUNT, "3"));
    does(
        village,
        "anna",
        "Settings.unset/2",
        () -> settings.unset("anna", Settings.PEER_APPROVAL_COUNT));
    does(
        village,
        "anna",
        "Settings.setFeature/4",
        () -> settings.setFeature("anna", "PRAYER_MODE_ENABLED", true, ""));
  }
}
