package org.thywill.community.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.Community;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Roles;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.community.join.Members;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignIn;
import org.thywill.community.signin.SignInStatus;
import org.thywill.view.ViewReader;

/**
 * The scenario of the demonstration: what the members of an invented community do, and when.
 *
 * <p>Frequent things are drawn at random. Rare things that must be seen, such as a hidden prayer or
 * a rejected sign-in, happen at every n-th prayer or sign-in, so that a short scenario has them
 * too.
 */
final class DemoScenario {
  private static final int MARKS_MAX = 20;

  /** Up to so many members, no one invites more people than the quotas allow. */
  private static final int SMALL_MEMBERS_MAX = 100;

  /** More attempts from one address than are allowed. */
  private static final int HOSTILE_ATTEMPTS = 12;

  /** The share of the time in which members join. */
  private static final double JOINING_SHARE = 0.85;

  /** Above 1, so that more members join in the beginning than later. */
  private static final double JOINING_EXPONENT = 1.7;

  private static final double PRAYED_AFTER_DAYS_MEAN = 2.5;
  private static final int SECONDS_PER_DAY = 86_400;

  /** More sign-ins than members, so that some members sign in twice. */
  private static final int EXTRA_SIGN_INS = 8;

  private final Community community;
  private final ViewReader view;
  private final DemoTexts texts;
  private final TemplatePrayerGenerator generator = new TemplatePrayerGenerator();
  private final SplittableRandom random;
  private final DemoSchedule schedule;
  private final List<String> members = new ArrayList<>();
  private final List<String> moderators = new ArrayList<>();
  private final Set<String> hidden = new HashSet<>();
  private final Map<Notable, String> notable = new EnumMap<>(Notable.class);

  /** The full sessions of the sign-ins that were approved, by the id of the sign-in. */
  private final Map<String, Sessions.Session> letIn = new HashMap<>();

  /** Why a prayer is worth looking at; of each the first is named. */
  private enum Notable {
    ANSWERED,
    HIDDEN,
    RESTORED
  }

  /** How a sign-in is decided. */
  private enum SignInDecision {
    BY_PEERS,
    BY_ADMIN,
    BY_THE_MEMBER,
    REJECTED,
    NONE;

    private static final int CYCLE = 8;

    /** The first sign-ins of a cycle, all of which are approved. */
    private static final int APPROVED_FIRST = 5;

    /** They take turns, so that a short scenario has each of them. */
    static SignInDecision of(int number) {
      return switch (number % CYCLE) {
        case 1 -> BY_ADMIN;
        case 3 -> BY_THE_MEMBER;
        case 5 -> REJECTED;
        case 7 -> NONE;
        default -> BY_PEERS;
      };
    }

    static boolean maySignOut(int number) {
      return number % CYCLE < APPROVED_FIRST;
    }
  }

  /** What becomes of a prayer. */
  private enum Fate {
    ANSWERED,
    ARCHIVED,
    OPEN;

    private static final int CYCLE = 8;

    /** They take turns, so that a short scenario has each of them. */
    static Fate of(int number) {
      return switch (number % CYCLE) {
        case 0, 1, 2 -> ANSWERED;
        case 5 -> ARCHIVED;
        default -> OPEN;
      };
    }
  }

  DemoScenario(
      Community community,
      ViewReader view,
      DemoTexts texts,
      SplittableRandom random,
      DemoSchedule schedule) {
    this.community = community;
    this.view = view;
    this.texts = texts;
    this.random = random;
    this.schedule = schedule;
  }

  /**
   * Plays the scenario.
   *
   * @return the ids of a few prayers worth looking at
   */
  List<String> play(int memberCount, int prayerCount) throws IOException {
    found(memberCount);
    planMembers(memberCount);
    planRoles(memberCount);
    planSettings();
    planSignIns(memberCount + EXTRA_SIGN_INS);
    planPrayers(prayerCount);
    schedule.run();
    return Stream.of(Notable.values())
        .map(notable::get)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private String admin() {
    return members.getFirst();
  }

  private void found(int memberCount) throws IOException {
    String link = community.members().makeOperatorLink(Duration.ofHours(12));
    joined(community.members().join(link, texts.name(0), device()));
    if (memberCount > SMALL_MEMBERS_MAX) {
      raiseInviteQuotas();
    }
  }

  /** The first members of a large community invite more people than the quotas allow. */
  private void raiseInviteQuotas() throws IOException {
    List<String> quotas =
        List.of(
            Settings.INVITE_PEOPLE_MAX,
            Settings.INVITE_OPEN_MAX,
            Settings.MANAGER_INVITE_PEOPLE_MAX,
            Settings.MANAGER_INVITE_OPEN_MAX);
    for (String quota : quotas) {
      community.settings().set(admin(), quota, "99999");
    }
  }

  private void joined(Members.NewMember joined) throws IOException {
    members.add(joined.handle());
    if (random.nextInt(4) > 0) {
      schedule.in(minutes(1, 60), () -> community.members().dismissWelcome(joined.handle()));
    }
  }

  /**
   * Most members join early, each by an invite of another. Some invites are not used, and some are
   * revoked.
   */
  private void planMembers(int count) {
    for (int i = 1; i < count; i++) {
      int number = i;
      double share =
          JOINING_SHARE * StrictMath.pow((i - random.nextDouble()) / count, JOINING_EXPONENT);
      schedule.at(fraction(0.002 + share), () -> invite(number));
    }
  }

  private void invite(int number) throws IOException {
    String inviter = randomMember();
    String token = community.members().invite(inviter);
    schedule.in(
        minutes(10, 11 * 60),
        () -> joined(community.members().join(token, texts.name(number), device())));
    if (isEvery(5, 2, number)) {
      community.members().invite(inviter);
    }
    if (isEvery(6, 3, number)) {
      String several = community.members().invite(inviter, Duration.ofDays(7), OptionalLong.of(5));
      schedule.in(
          hours(1, 72),
          () ->
              community
                  .members()
                  .revokeInvite(inviter, Ids.hash(several), "sent to the wrong address"));
    }
  }

  private void planRoles(int count) {
    schedule.at(fraction(0.08), () -> appoint("reads everything anyway, and kindly"));
    for (int i = 1; i <= count / 25; i++) {
      schedule.at(
          fraction(0.1 + 0.8 * i / (count / 25 + 1)),
          () -> appoint("there is more to read than before"));
    }
    schedule.at(fraction(0.35), this::appointForAWhile);
    schedule.at(fraction(0.5), this::appointSecondAdmin);
  }

  private void appointSecondAdmin() throws IOException {
    if (members.size() > 2) {
      String second = members.get(2);
      community.roles().grant(admin(), second, Roles.ADMIN, "so that there are two");
      schedule.in(
          Duration.ofDays(120),
          () ->
              community
                  .roles()
                  .revoke(
                      admin(),
                      second,
                      Roles.ADMIN,
                      "is moving abroad for a while; thank you for everything"));
    }
  }

  private void appoint(String why) throws IOException {
    Optional<String> chosen =
        members.stream().skip(1).filter(member -> !moderators.contains(member)).findFirst();
    if (chosen.isPresent()) {
      community.roles().grant(admin(), chosen.get(), Roles.MODERATOR, why);
      moderators.add(chosen.get());
    }
  }

  private void appointForAWhile() throws IOException {
    Optional<String> chosen =
        members.stream().skip(2).filter(member -> !moderators.contains(member)).findFirst();
    if (chosen.isPresent()) {
      Instant until = schedule.now().plus(Duration.ofDays(30));
      community
          .roles()
          .grantUntil(admin(), chosen.get(), Roles.MODERATOR, until, "while others are on holiday");
    }
  }

  private void planSettings() {
    schedule.at(
        hours(30, 30),
        () -> community.settings().set(admin(), Settings.INVITE_TOKEN_EXPIRATION_HOURS, "72"));
    schedule.at(
        hours(31, 31),
        () -> community.settings().setFeature(admin(), "PRAYER_MODE_ENABLED", true, ""));
    schedule.at(
        fraction(0.1), () -> community.settings().set(admin(), Settings.PEER_APPROVAL_COUNT, "3"));
    schedule.at(
        fraction(0.11), () -> community.settings().set(admin(), Settings.PEER_APPROVAL_COUNT, "2"));
    schedule.at(
        fraction(0.3),
        () -> community.settings().set(admin(), "PAYPAL_USERNAME", "quiet-harbour-example"));
    schedule.at(
        fraction(0.4),
        () ->
            community.settings().setFeature(admin(), "DAILY_PRIORITY_ENABLED", true, "for Advent"));
    schedule.at(
        fraction(0.45),
        () ->
            community
                .settings()
                .setFeature(admin(), "DAILY_PRIORITY_ENABLED", false, "after Advent"));
    schedule.at(fraction(0.6), () -> community.settings().unset(admin(), "PAYPAL_USERNAME"));
    for (long day = 1; day < schedule.length().toDays(); day++) {
      schedule.at(Duration.ofDays(day), () -> community.signIn().expire());
    }
  }

  private void planSignIns(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      schedule.at(
          fraction(0.12 + 0.8 * (i + random.nextDouble()) / count), () -> askToSignIn(number));
    }
  }

  private void askToSignIn(int number) throws IOException {
    String member = randomMember();
    Device device = device();
    if (isEvery(5, 3, number)) {
      attemptAs("Somebody Else", device, 1);
    }
    if (isEvery(20, 9, number)) {
      attemptAs("admin", new Device("curl", "198.51.100." + number % 255), HOSTILE_ATTEMPTS);
    }
    SignIn.NewSignIn signIn = community.signIn().request(member, device);
    switch (SignInDecision.of(number)) {
      case BY_ADMIN ->
          decideLater(
              signIn, () -> community.signIn().approve(admin(), signIn.id(), digits(signIn)));
      case BY_THE_MEMBER ->
          decideLater(
              signIn, () -> community.signIn().approve(member, signIn.id(), digits(signIn)));
      case REJECTED -> decideLater(signIn, () -> reject(signIn));
      case NONE -> {}
      case BY_PEERS -> planApprovals(signIn, peers(member));
    }
    if (SignInDecision.maySignOut(number) && random.nextInt(3) == 0) {
      schedule.in(
          Duration.ofDays(3).plus(hours(1, 48)),
          () -> community.sessions().end(letIn.getOrDefault(signIn.id(), signIn.session()).id()));
    }
  }

  private void reject(SignIn.NewSignIn signIn) throws IOException {
    String reason = "called and asked; it was somebody else";
    community.signIn().reject(admin(), signIn.id(), reason);
  }

  private void decideLater(SignIn.NewSignIn signIn, DemoSchedule.Act decision) {
    schedule.in(
        minutes(5, 600),
        () -> {
          if (isPending(signIn)) {
            decision.run();
            enter(signIn);
          }
        });
  }

  /** The device looks again, and is let in if its sign-in was approved. */
  private void enter(SignIn.NewSignIn signIn) throws IOException {
    community
        .signIn()
        .complete(signIn.session().member(), signIn.session().id())
        .ifPresent(session -> letIn.put(signIn.id(), session));
  }

  private boolean isPending(SignIn.NewSignIn signIn) throws IOException {
    return view.find(Catalog.AUTH_REQUESTS, signIn.id())
        .filter(row -> row.has(Catalog.AuthRequests.STATUS, SignInStatus.PENDING.label()))
        .isPresent();
  }

  /** Two members approve; if there are no two, the admin does. */
  private void planApprovals(SignIn.NewSignIn signIn, List<String> peers) {
    if (peers.size() < 2) {
      decideLater(signIn, () -> community.signIn().approve(admin(), signIn.id(), digits(signIn)));
      return;
    }
    schedule.in(minutes(5, 300), () -> approve(signIn, peers.get(0)));
    schedule.in(minutes(301, 900), () -> approve(signIn, peers.get(1)));
  }

  /**
   * A member reads the notification and approves, sometimes with a typing error first. Where the
   * member may not, because of the rules for peers, the admin approves.
   */
  private void approve(SignIn.NewSignIn signIn, String approver) throws IOException {
    if (!isPending(signIn)) {
      return;
    }
    for (Row notification : view.findBy(Catalog.Notifications.REQUEST, signIn.id())) {
      if (notification.has(Catalog.Notifications.MEMBER, approver)) {
        community.signIn().markRead(approver, notification.key());
      }
    }
    if (random.nextInt(6) == 0) {
      expectRefusal(() -> community.signIn().approve(approver, signIn.id(), "12345"));
    }
    try {
      community.signIn().approve(approver, signIn.id(), digits(signIn));
    } catch (ForbiddenException peersAreNotEnough) {
      community.signIn().approve(admin(), signIn.id(), digits(signIn));
    }
    enter(signIn);
  }

  private String digits(SignIn.NewSignIn signIn) throws IOException {
    return community.signIn().code(view, signIn.id(), schedule.now());
  }

  private void attemptAs(String name, Device device, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      expectRefusal(() -> community.signIn().request(name, device));
    }
  }

  private static void expectRefusal(DemoSchedule.Act act) throws IOException {
    try {
      act.run();
    } catch (ForbiddenException expected) {
      return;
    }
    throw new IllegalStateException("the scenario expects a refusal that did not come");
  }

  private void planPrayers(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      schedule.at(fraction(0.015 + 0.975 * (i + random.nextDouble()) / count), () -> ask(number));
    }
  }

  private void ask(int number) throws IOException {
    String author = randomMember();
    boolean isTroubling = isEvery(13, 6, number) && members.size() > 1;
    DemoTexts.Asked asked = texts.request(random);
    String text = isTroubling ? texts.troublingRequest(random) : asked.request();
    String prayer = community.prayers().ask(author, text, visibility(), "draft-" + number);
    if (!isTroubling) {
      schedule.in(minutes(1, 3), () -> propose(author, prayer, text, number));
    }
    planMarks(author, prayer, "m");
    if (isTroubling) {
      planHiding(author, prayer, number);
    } else {
      planWhatFollows(author, prayer, asked, number);
    }
  }

  private Visibility visibility() {
    return switch (random.nextInt(10)) {
      case 0 -> Visibility.ANONYMOUS;
      case 1 -> Visibility.PUBLIC;
      default -> Visibility.MEMBERS;
    };
  }

  private void propose(String author, String prayer, String request, int number)
      throws IOException {
    String proposed = generator.prayerFor(request);
    community.prayers().attachPrayer(author, prayer, proposed);
    if (isEvery(9, 4, number)) {
      schedule.in(
          minutes(1, 5),
          () ->
              community
                  .prayers()
                  .attachPrayer(author, prayer, "With thanks for all who pray along: " + proposed));
    }
  }

  /** The prayer is prayed about ten times, mostly within a week, and skipped a few times. */
  private void planMarks(String author, String prayer, String round) {
    int count = random.nextInt(MARKS_MAX + 1);
    for (int i = 0; i < count; i++) {
      String clientId = round + i;
      schedule.in(soon(), () -> pray(author, prayer, clientId));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      schedule.in(soon(), () -> skip(author, prayer));
    }
  }

  private void pray(String author, String prayer, String clientId) throws IOException {
    String member = randomMemberBut(author);
    if (!hidden.contains(prayer)) {
      community.prayers().markPrayed(member, prayer, clientId);
      if (random.nextInt(40) == 0) {
        community.prayers().markPrayed(member, prayer, clientId);
      }
    }
  }

  private void skip(String author, String prayer) throws IOException {
    String member = randomMemberBut(author);
    if (!hidden.contains(prayer)) {
      community.prayers().skip(member, prayer);
    }
  }

  private void planWhatFollows(String author, String prayer, DemoTexts.Asked asked, int number) {
    if (isEvery(9, 4, number)) {
      String more = asked.request() + "\n\nAdded later: thank you for asking after us.";
      schedule.in(minutes(10, 600), () -> community.prayers().edit(author, prayer, more));
    }
    if (isEvery(13, 10, number)) {
      planGroundlessReport(author, prayer);
    }
    @Nullable String testimony = asked.testimony();
    Fate fate = Fate.of(number);
    if (fate == Fate.ANSWERED && testimony != null) {
      schedule.in(
          Duration.ofDays(4).plus(hours(1, 60 * 24)),
          () -> praise(author, prayer, testimony, number));
    } else if (fate == Fate.ARCHIVED) {
      schedule.in(
          Duration.ofDays(20).plus(hours(1, 40 * 24)), () -> archive(author, prayer, number));
    }
  }

  private void praise(String author, String prayer, String testimony, int number)
      throws IOException {
    community.prayers().praise(author, prayer, testimony);
    notable.putIfAbsent(Notable.ANSWERED, prayer);
    if (isEvery(2, 0, number)) {
      schedule.in(hours(24, 400), () -> community.prayers().archive(author, prayer));
    }
    if (isEvery(11, 7, number)) {
      schedule.in(
          hours(1, 20), () -> community.prayers().setVisibility(author, prayer, Visibility.PUBLIC));
    }
  }

  private void archive(String author, String prayer, int number) throws IOException {
    community.prayers().archive(author, prayer);
    if (isEvery(16, 5, number)) {
      schedule.in(hours(48, 240), () -> community.prayers().restore(author, prayer));
    }
  }

  private void planHiding(String author, String prayer, int number) {
    schedule.in(
        hours(3, 20),
        () ->
            community
                .moderation()
                .report(randomMemberBut(author), prayer, "this should not stand here"));
    schedule.in(
        hours(21, 40),
        () -> {
          community
              .moderation()
              .hide(
                  moderator(),
                  prayer,
                  "spoke with the author; nobody is sold, shamed or threatened here");
          hidden.add(prayer);
          notable.putIfAbsent(Notable.HIDDEN, prayer);
        });
    if (isEvery(26, 6, number)) {
      schedule.in(
          hours(50, 60),
          () -> community.prayers().edit(author, prayer, texts.gentlerRequest(random)));
      schedule.in(
          hours(61, 90),
          () -> {
            community.moderation().show(moderator(), prayer, "the author has found other words");
            hidden.remove(prayer);
            notable.putIfAbsent(Notable.RESTORED, prayer);
            planMarks(author, prayer, "n");
          });
    }
  }

  private void planGroundlessReport(String author, String prayer) {
    schedule.in(
        hours(2, 30),
        () -> {
          community.moderation().report(randomMemberBut(author), prayer, "too personal?");
          String moderator = moderator();
          schedule.in(
              hours(1, 30),
              () ->
                  community
                      .moderation()
                      .show(moderator, prayer, "the author is glad to have it known; thank you"));
        });
  }

  private String moderator() {
    return moderators.isEmpty() ? admin() : moderators.get(random.nextInt(moderators.size()));
  }

  private String randomMember() {
    return members.get(random.nextInt(members.size()));
  }

  private String randomMemberBut(String member) {
    int chosen = random.nextInt(members.size());
    String other = members.get(chosen);
    return other.equals(member) ? members.get((chosen + 1) % members.size()) : other;
  }

  /** At most two other members without the admin. */
  private List<String> peers(String member) {
    List<String> peers = new ArrayList<>();
    int first = random.nextInt(members.size());
    for (int i = 0; i < members.size() && peers.size() < 2; i++) {
      String other = members.get((first + i) % members.size());
      if (!other.equals(member) && !other.equals(admin())) {
        peers.add(other);
      }
    }
    return peers;
  }

  private Device device() {
    List<String> devices =
        List.of(
            "Firefox on Linux", "Safari on a phone", "Chrome on a tablet", "a library's computer");
    return new Device(
        devices.get(random.nextInt(devices.size())),
        "2001:db8:" + randomGroup() + ":" + randomGroup() + "::" + randomGroup());
  }

  /** A group of an IPv6 address, in the network that is reserved for documentation. */
  private String randomGroup() {
    return Integer.toHexString(1 + random.nextInt(0xffff));
  }

  /** Whether a number is the n-th of each cycle, counted from 0. */
  private static boolean isEvery(int cycle, int nth, int number) {
    return number % cycle == nth;
  }

  /** A share of the whole time. */
  private Duration fraction(double share) {
    return Duration.ofSeconds(
        (long) (share * schedule.length().toSeconds()), 1_000L * random.nextInt(1_000_000));
  }

  private Duration minutes(int from, int to) {
    return Duration.ofSeconds(
        60L * (from + random.nextInt(to - from + 1)) + random.nextInt(60),
        1_000L * random.nextInt(1_000_000));
  }

  private Duration hours(int from, int to) {
    return minutes(60 * from, 60 * to);
  }

  /** Mostly within a day or two, sometimes after weeks. */
  private Duration soon() {
    return Duration.ofSeconds(
        (long)
            (-StrictMath.log(1 - random.nextDouble()) * PRAYED_AFTER_DAYS_MEAN * SECONDS_PER_DAY),
        1_000L * random.nextInt(1_000_000));
  }
}
