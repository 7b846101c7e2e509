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
import org.thywill.community.signin.EntryNotice;
import org.thywill.community.signin.KnownDevices;
import org.thywill.community.signin.MutedClaimants;
import org.thywill.community.signin.RecoveryCodes;
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
   * All services of a community but {@link PostRecovery}, which has a test of its own; and the
   * generator of prayers, which writes for members.
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
          "SignIn.code/3",
          "PrayerGenerationService.reader/0",
          "PrayerGenerationService.generatorName/0",
          "PrayerGenerationService.pendingCount/0",
          "PrayerGenerationService.lastProblem/0",
          "PrayerGenerationService.isUnderWay/1",
          "PrayerGenerationService.cancel/1",
          "PrayerGenerationService.close/0");

  /** What only another service calls: its changes are found with those of that service. */
  private static final Set<String> CALLED_BY_OTHERS =
      Set.of("Prayers.attachGenerated/4"); // by PrayerGenerationService.generate

  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");

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

  private void does(CommunityFixture fixture, String actor, String method, Deed deed)
      throws IOException {
    gets(
        fixture,
        actor,
        method,
        () -> {
          deed.run();
          return method;
        });
  }

  /** Carries an act out, and looks for it in the files while the community goes on. */
  private <T> T gets(CommunityFixture fixture, String actor, String method, Act<T> act)
      throws IOException {
    fixture.pass(Duration.ofMinutes(1));
    long before = fixture.lastSeq();
    T result = act.run();
    List<Change> written = fixture.writtenAfter(before);
    assertThat(written)
        .as(method)
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.stamp().cause().actor()).isEqualTo(actor));
    assertThat(written)
        .as(method)
        .allSatisfy(change -> assertThat(rawLine(fixture, change)).contains("|" + actor + "|"));
    walked.add(method);
    return result;
  }

  /** The line of a change as it stands in its log. */
  private static String rawLine(CommunityFixture fixture, Change change) {
    Path log = fixture.archive.resolve(change.table().logLocation().file(change.at()));
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("|" + change.seq() + "|")).findFirst().orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyWritingMethod_leavesLinesUnderTheActingMembersHandle() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.empty(folder)) {
      walkMembers(fixture);
      walkRoles(fixture);
      walkApplications(fixture);
      walkPrayers(fixture);
      walkSignIn(fixture);
      walkSettings(fixture);
      walkTheRest(fixture);
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
    assertThat(methods).containsAll(CALLED_BY_OTHERS);
    methods.removeAll(CALLED_BY_OTHERS);
    return methods;
  }

  /** What takes part in a transaction of another service is walked with that one. */
  private static boolean mayWrite(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && !Modifier.isStatic(method.getModifiers())
        && !List.of(method.getParameterTypes()).contains(Transaction.class);
  }

  private void walkMembers(CommunityFixture fixture) throws IOException {
    Members members = fixture.members;
    String link =
        gets(
            fixture,
            "system",
            "Members.makeOperatorLink/1",
            () -> members.makeOperatorLink(Duration.ofHours(1)));
    gets(
        fixture,
        "anna",
        "Members.join/3",
        () -> members.join(link, "Anna", CommunityFixture.LAPTOP));
    fixture.with("Ben", "Clara", "Dora");
    gets(fixture, "ben", "Members.invite/1", () -> members.invite("ben"));
    String invite =
        gets(
            fixture,
            "ben",
            "Members.invite/3",
            () -> members.invite("ben", Duration.ofDays(1), OptionalLong.empty()));
    String renewed =
        gets(
            fixture,
            "ben",
            "Members.renewInvite/2",
            () -> members.renewInvite("ben", Ids.hash(invite)));
    does(
        fixture,
        "anna",
        "Members.revokeInvite/3",
        () -> members.revokeInvite("anna", Ids.hash(renewed), "too wide"));
    does(fixture, "ben", "Members.dismissWelcome/1", () -> members.dismissWelcome("ben"));
    fixture.shutOut("anna");
    String rescue = members.makeOperatorLink(Duration.ofHours(1));
    does(
        fixture,
        "ben",
        "Members.acceptOperatorLink/3",
        () -> members.acceptOperatorLink("ben", rescue, CommunityFixture.PHONE));
    fixture.roles.grant("ben", "anna", Roles.ADMIN, "is back");
  }

  private void walkRoles(CommunityFixture fixture) throws IOException {
    Roles roles = fixture.roles;
    does(
        fixture,
        "anna",
        "Roles.define/4",
        () ->
            roles.define(
                "anna", "caller", "Calls on Thursdays.", Set.of(Permission.MODERATE_PRAYERS)));
    does(
        fixture,
        "anna",
        "Roles.redefine/4",
        () -> roles.redefine("anna", "caller", "Calls on Fridays.", Set.of()));
    does(
        fixture,
        "anna",
        "Roles.grant/4",
        () -> roles.grant("anna", "clara", Roles.MODERATOR, "reads kindly"));
    does(
        fixture,
        "anna",
        "Roles.grantUntil/5",
        () ->
            roles.grantUntil(
                "anna",
                "dora",
                Roles.MODERATOR,
                fixture.clock.instant().plus(Duration.ofDays(1)),
                "helps out"));
    does(
        fixture,
        "ben",
        "Roles.revoke/4",
        () -> roles.revoke("ben", "dora", Roles.MODERATOR, "thank you"));
    roles.revoke("anna", "ben", Roles.ADMIN, "one is enough");
    does(
        fixture,
        "anna",
        "AccountDeactivation.deactivate/3",
        () -> fixture.accounts.deactivate("anna", "dora", "asked for a rest"));
    does(
        fixture,
        "anna",
        "AccountDeactivation.reactivate/3",
        () -> fixture.accounts.reactivate("anna", "dora", "is back"));
  }

  /** Who applies is a stranger, so the line is the program's own. */
  private void walkApplications(CommunityFixture fixture) throws IOException {
    Applications applications = fixture.applications;
    String essay = "I live next door, and would like to pray with you.";
    String first =
        gets(
            fixture,
            "system",
            "Applications.apply/4",
            () -> applications.apply("Edith", essay, "next door", CommunityFixture.PHONE));
    does(
        fixture,
        "anna",
        "Applications.approve/2",
        () -> applications.approve("anna", Ids.hash(first)));
    String second = applications.apply("Frank", essay, "next door", CommunityFixture.PHONE);
    does(
        fixture,
        "anna",
        "Applications.reject/3",
        () -> applications.reject("anna", Ids.hash(second), "nobody knows him"));
  }

  private void walkPrayers(CommunityFixture fixture) throws IOException {
    Prayers prayers = fixture.prayers;
    Moderation moderation = fixture.moderation;
    String prayer =
        gets(
            fixture,
            "ben",
            "Prayers.ask/4",
            () -> prayers.ask("ben", "For rain.", Visibility.MEMBERS, "d1"));
    try (PrayerGenerationService scribe =
        new PrayerGenerationService(
            fixture.ledger,
            prayers,
            new TemplatePrayerGenerator(),
            fixture.clock,
            sentence -> {})) {
      does(
          fixture,
          "ben",
          "PrayerGenerationService.generate/2",
          () -> scribe.generate("ben", prayer));
      gets(
          fixture,
          "ben",
          "PrayerGenerationService.generateOther/2",
          () -> scribe.generateOther("ben", prayer));
    }
    does(
        fixture,
        "ben",
        "Prayers.attachPrayer/3",
        () -> prayers.attachPrayer("ben", prayer, "Let it rain."));
    does(fixture, "ben", "Prayers.detachPrayer/2", () -> prayers.detachPrayer("ben", prayer));
    does(fixture, "ben", "Prayers.edit/3", () -> prayers.edit("ben", prayer, "For much rain."));
    does(
        fixture,
        "ben",
        "Prayers.setVisibility/3",
        () -> prayers.setVisibility("ben", prayer, Visibility.PUBLIC));
    gets(fixture, "dora", "Prayers.markPrayed/3", () -> prayers.markPrayed("dora", prayer, "c1"));
    does(fixture, "clara", "Prayers.skip/2", () -> prayers.skip("clara", prayer));
    does(
        fixture, "dora", "Moderation.report/3", () -> moderation.report("dora", prayer, "too wet"));
    does(
        fixture,
        "clara",
        "Moderation.hide/3",
        () -> moderation.hide("clara", prayer, "let us look"));
    does(
        fixture,
        "clara",
        "Moderation.show/3",
        () -> moderation.show("clara", prayer, "it is fine"));
    does(fixture, "ben", "Prayers.praise/3", () -> prayers.praise("ben", prayer, "It rained."));
    does(fixture, "ben", "Prayers.archive/2", () -> prayers.archive("ben", prayer));
    does(fixture, "anna", "Prayers.restore/2", () -> prayers.restore("anna", prayer));
  }

  /** Who asks to sign in has not proved to be the member, so these lines are the program's own. */
  private void walkSignIn(CommunityFixture fixture) throws IOException {
    SignIn signIn = fixture.signIn;
    fixture.pass(Duration.ofDays(8));
    Sessions sessions = fixture.sessions;
    Sessions.Session session =
        gets(fixture, "dora", "Sessions.start/2", () -> sessions.start("dora", TABLET));
    fixture.pass(Duration.ofDays(1));
    does(fixture, "dora", "Sessions.noteUse/1", () -> sessions.noteUse(session.id()));
    does(fixture, "dora", "Sessions.end/1", () -> sessions.end(session.id()));
    KnownDevices devices = fixture.knownDevices;
    does(
        fixture,
        "dora",
        "KnownDevices.remember/2",
        () -> devices.remember("dora", "a-secret-of-the-browser"));
    RecoveryCodes codes = fixture.recoveryCodes;
    List<String> onPaper = gets(fixture, "dora", "RecoveryCodes.make/1", () -> codes.make("dora"));
    gets(
        fixture,
        "dora",
        "RecoveryCodes.use/3",
        () -> codes.use("Dora", onPaper.getFirst(), TABLET));
    Sessions.Session other = sessions.start("dora", TABLET);
    SignInLinks links = fixture.signInLinks;
    String own = gets(fixture, "dora", "SignInLinks.makeOwn/1", () -> links.makeOwn("dora"));
    gets(fixture, "dora", "SignInLinks.accept/2", () -> links.accept(own, TABLET));
    gets(
        fixture,
        "system",
        "SignInLinks.makeForOperator/2",
        () -> links.makeForOperator("Dora", Duration.ofHours(1)));
    does(
        fixture,
        "dora",
        "Sessions.endOther/2",
        () -> sessions.endOther("dora", Ids.hash(other.id())));
    Sessions.Session older = sessions.start("dora", TABLET);
    fixture.pass(Duration.ofSeconds(1));
    links.accept(links.makeOwn("dora"), TABLET);
    SignIn.NewSignIn first =
        gets(fixture, "system", "SignIn.request/2", () -> signIn.request("Dora", TABLET));
    gets(
        fixture,
        "system",
        "SignIn.request/3",
        () -> signIn.request("Dora", TABLET, "a-secret-of-the-browser"));
    MutedClaimants muted = fixture.mutedClaimants;
    does(fixture, "dora", "MutedClaimants.mute/2", () -> muted.mute("dora", first.id()));
    String mute =
        MutedClaimants.of(fixture.view(), "dora", fixture.clock.instant()).getFirst().id();
    does(fixture, "dora", "MutedClaimants.end/2", () -> muted.end("dora", mute));
    fixture.settings.set("anna", Settings.REQUIRE_VERIFICATION_CODE, "false");
    gets(fixture, "ben", "SignIn.approve/2", () -> signIn.approve("ben", first.id()));
    gets(
        fixture,
        "clara",
        "SignIn.approve/3",
        () -> signIn.approve("clara", first.id(), first.code()));
    gets(fixture, "dora", "SignIn.complete/2", () -> signIn.complete("dora", first.session().id()));
    List<EntryNotice> entries = EntryNotice.unanswered(fixture.view(), "dora", older.id());
    assertThat(entries).hasSize(2);
    String known = entries.getFirst().id();
    String unknown = entries.getLast().id();
    does(fixture, "dora", "Sessions.endOthers/2", () -> sessions.endOthers("dora", older.id()));
    does(fixture, "dora", "SignIn.own/3", () -> signIn.own("dora", known, older.id()));
    does(fixture, "dora", "SignIn.disown/3", () -> signIn.disown("dora", unknown, older.id()));
    String told = fixture.where(Catalog.Notifications.MEMBER, "ben").getFirst().key();
    does(fixture, "ben", "SignIn.markRead/2", () -> signIn.markRead("ben", told));
    SignIn.NewSignIn second = signIn.request("Dora", TABLET);
    does(
        fixture,
        "anna",
        "SignIn.reject/3",
        () -> signIn.reject("anna", second.id(), "somebody else"));
    signIn.request("Dora", TABLET);
    fixture.pass(Duration.ofDays(8));
    gets(fixture, "system", "SignIn.expire/0", signIn::expire);
  }

  private void walkTheRest(CommunityFixture fixture) throws IOException {
    does(
        fixture,
        "anna",
        "Supporters.setBadges/4",
        () ->
            fixture.supporters.setBadges(
                "anna", "ben", Set.of(Badge.FINANCIAL), "pays for the server"));
    String entry =
        gets(
            fixture,
            "anna",
            "Announcements.add/3",
            () -> fixture.news.add("anna", Announcements.Kind.NEW, "There is a choir now."));
    does(fixture, "anna", "Announcements.takeBack/2", () -> fixture.news.takeBack("anna", entry));
  }

  private void walkSettings(CommunityFixture fixture) throws IOException {
    Settings settings = fixture.settings;
    does(
        fixture,
        "anna",
        "Settings.set/3",
        () -> settings.set("anna", Settings.PEER_APPROVAL_COUNT, "3"));
    does(
        fixture,
        "anna",
        "Settings.unset/2",
        () -> settings.unset("anna", Settings.PEER_APPROVAL_COUNT));
    does(
        fixture,
        "anna",
        "Settings.setFeature/4",
        () -> settings.setFeature("anna", "PRAYER_MODE_ENABLED", true, ""));
  }
}
