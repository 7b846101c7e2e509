package org.thywill.community.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.Community;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Roles;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.community.join.Members;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.SignIn;
import org.thywill.view.ViewReader;

/**
 * What happens in an invented community: who comes, asks, prays, tells, reports, decides and signs
 * in, and when.
 *
 * <p>What is frequent is drawn by lot; what is rare but must be seen (a hidden prayer, a rejected
 * sign-in) comes with every so manieth prayer or sign-in, so that short stories have it too.
 */
final class DemoScenario {
  private static final int MARKS_MAX = 20;
  private static final int ADDRESS_ATTEMPTS = 12;

  private final Community community;
  private final ViewReader view;
  private final DemoTexts book;
  private final TemplatePrayerGenerator writer = new TemplatePrayerGenerator();
  private final SplittableRandom random;
  private final DemoSchedule time;
  private final List<String> members = new ArrayList<>();
  private final List<String> moderators = new ArrayList<>();
  private final Set<String> hidden = new HashSet<>();
  private final Map<String, String> worthALook = new HashMap<>();

  DemoScenario(
      Community community,
      ViewReader view,
      DemoTexts book,
      SplittableRandom random,
      DemoSchedule time) {
    this.community = community;
    this.view = view;
    this.book = book;
    this.random = random;
    this.time = time;
  }

  /** Plays everything; returns a few prayers that are worth a look. */
  List<String> play(int memberCount, int prayerCount) throws IOException {
    found();
    planMembers(memberCount);
    planOffices(memberCount);
    planSettings();
    planSignIns(memberCount + 8);
    planPrayers(prayerCount);
    time.run();
    return List.of("answered", "hidden", "restored").stream()
        .map(worthALook::get)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private String admin() {
    return members.getFirst();
  }

  private void found() throws IOException {
    String link = community.members().makeOperatorLink(Duration.ofHours(12));
    joined(community.members().join(link, book.name(0), device()));
  }

  private void joined(Members.Joined joined) throws IOException {
    members.add(joined.handle());
    if (random.nextInt(4) > 0) {
      time.in(minutes(1, 60), () -> community.members().dismissWelcome(joined.handle()));
    }
  }

  /**
   * Most come early, one brings the next; now and then nobody follows an invite, or it is taken
   * back.
   */
  private void planMembers(int count) {
    for (int i = 1; i < count; i++) {
      int number = i;
      double share = 0.85 * StrictMath.pow((i - random.nextDouble()) / count, 1.7);
      time.at(fraction(0.002 + share), () -> invite(number));
    }
  }

  private void invite(int number) throws IOException {
    String inviter = anybody();
    String token = community.members().invite(inviter);
    time.in(
        minutes(10, 11 * 60),
        () -> joined(community.members().join(token, book.name(number), device())));
    if (number % 5 == 2) {
      community.members().invite(inviter);
    }
    if (number % 6 == 3) {
      String several = community.members().invite(inviter, Duration.ofDays(7), OptionalLong.of(5));
      time.in(
          hours(1, 72),
          () -> community.members().revokeInvite(inviter, several, "sent to the wrong address"));
    }
  }

  private void planOffices(int count) {
    time.at(fraction(0.08), () -> appoint("reads everything anyway, and kindly"));
    for (int i = 1; i <= count / 25; i++) {
      time.at(
          fraction(0.1 + 0.8 * i / (count / 25 + 1)),
          () -> appoint("there is more to read than before"));
    }
    time.at(fraction(0.35), this::appointForAWhile);
    time.at(fraction(0.5), this::appointSecondAdmin);
  }

  private void appointSecondAdmin() throws IOException {
    if (members.size() > 2) {
      String second = members.get(2);
      community.roles().grant(admin(), second, Roles.ADMIN, "so that there are two");
      time.in(
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
      Instant until = time.now().plus(Duration.ofDays(30));
      community
          .roles()
          .grantUntil(admin(), chosen.get(), Roles.MODERATOR, until, "while others are on holiday");
    }
  }

  private void planSettings() {
    time.at(
        hours(30, 30),
        () -> community.settings().set(admin(), Settings.INVITE_TOKEN_EXPIRATION_HOURS, "72"));
    time.at(
        hours(31, 31),
        () -> community.settings().setFeature(admin(), "PRAYER_MODE_ENABLED", true, ""));
    time.at(
        fraction(0.1), () -> community.settings().set(admin(), Settings.PEER_APPROVAL_COUNT, "3"));
    time.at(
        fraction(0.11), () -> community.settings().set(admin(), Settings.PEER_APPROVAL_COUNT, "2"));
    time.at(
        fraction(0.3),
        () -> community.settings().set(admin(), "PAYPAL_USERNAME", "quiet-harbour-example"));
    time.at(
        fraction(0.4),
        () ->
            community.settings().setFeature(admin(), "DAILY_PRIORITY_ENABLED", true, "for Advent"));
    time.at(
        fraction(0.45),
        () ->
            community
                .settings()
                .setFeature(admin(), "DAILY_PRIORITY_ENABLED", false, "after Advent"));
    time.at(fraction(0.6), () -> community.settings().unset(admin(), "PAYPAL_USERNAME"));
    for (long day = 1; day < time.length().toDays(); day++) {
      time.at(Duration.ofDays(day), () -> community.signIn().expire());
    }
  }

  private void planSignIns(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      time.at(fraction(0.12 + 0.8 * (i + random.nextDouble()) / count), () -> askToSignIn(number));
    }
  }

  private void askToSignIn(int number) throws IOException {
    String member = anybody();
    Device device = device();
    if (number % 5 == 3) {
      attemptAs("Somebody Else", device, 1);
    }
    if (number % 20 == 9) {
      attemptAs("admin", Device.of("curl", "198.51.100." + number % 255), ADDRESS_ATTEMPTS);
    }
    SignIn.Waiting waiting = community.signIn().request(member, device);
    switch (number % 8) {
      case 1 -> decideLater(waiting, () -> community.signIn().approve(admin(), waiting.request()));
      case 3 ->
          decideLater(
              waiting, () -> community.signIn().approve(member, waiting.request(), waiting.code()));
      case 5 ->
          decideLater(
              waiting,
              () ->
                  community
                      .signIn()
                      .reject(
                          admin(), waiting.request(), "called and asked; it was somebody else"));
      case 7 -> {}
      default -> planVotes(waiting, peers(member));
    }
    if (number % 8 < 5 && random.nextInt(3) == 0) {
      time.in(
          Duration.ofDays(3).plus(hours(1, 48)),
          () -> community.sessions().end(waiting.session().id()));
    }
  }

  private void decideLater(SignIn.Waiting waiting, DemoSchedule.Act decision) {
    time.in(
        minutes(5, 600),
        () -> {
          if (isPending(waiting)) {
            decision.run();
          }
        });
  }

  private boolean isPending(SignIn.Waiting waiting) throws IOException {
    return view.find(Catalog.AUTH_REQUESTS, waiting.request())
        .flatMap(row -> row.get(Catalog.AuthRequests.STATUS))
        .equals(Optional.of("pending"));
  }

  /** Two vouch; where there are no two, the admin decides. */
  private void planVotes(SignIn.Waiting waiting, List<String> peers) {
    if (peers.size() < 2) {
      decideLater(waiting, () -> community.signIn().approve(admin(), waiting.request()));
      return;
    }
    time.in(minutes(5, 300), () -> vouch(waiting, peers.get(0)));
    time.in(minutes(301, 900), () -> vouch(waiting, peers.get(1)));
  }

  /** Reads of it, and vouches; now and then with a typing error first. */
  private void vouch(SignIn.Waiting waiting, String approver) throws IOException {
    if (!isPending(waiting)) {
      return;
    }
    for (Row notification : view.findBy(Catalog.Notifications.REQUEST, waiting.request())) {
      if (notification.has(Catalog.Notifications.MEMBER, approver)) {
        community.signIn().markRead(approver, notification.key());
      }
    }
    if (random.nextInt(6) == 0) {
      expectRefusal(() -> community.signIn().approve(approver, waiting.request(), "12345"));
    }
    community.signIn().approve(approver, waiting.request(), waiting.code());
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
    throw new IllegalStateException("the story has a refusal that did not come");
  }

  private void planPrayers(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      time.at(fraction(0.015 + 0.975 * (i + random.nextDouble()) / count), () -> ask(number));
    }
  }

  private void ask(int number) throws IOException {
    String author = anybody();
    boolean isTroubling = number % 13 == 6 && members.size() > 1;
    DemoTexts.Asked asked = book.request(random);
    String text = isTroubling ? book.troublingRequest(random) : asked.request();
    String prayer = community.prayers().ask(author, text, visibility(), "draft-" + number);
    if (!isTroubling) {
      time.in(minutes(1, 3), () -> propose(author, prayer, text, number));
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
    String proposed = writer.prayerFor(request);
    community.prayers().attachPrayer(author, prayer, proposed);
    if (number % 9 == 4) {
      time.in(
          minutes(1, 5),
          () ->
              community
                  .prayers()
                  .attachPrayer(author, prayer, "With thanks for all who pray along: " + proposed));
    }
  }

  /** About ten times, mostly within a week; and some pass it over. */
  private void planMarks(String author, String prayer, String round) {
    int count = random.nextInt(MARKS_MAX + 1);
    for (int i = 0; i < count; i++) {
      String clientId = round + i;
      time.in(soon(), () -> pray(author, prayer, clientId));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      time.in(soon(), () -> passOver(author, prayer));
    }
  }

  private void pray(String author, String prayer, String clientId) throws IOException {
    String member = anybodyBut(author);
    if (!hidden.contains(prayer)) {
      community.prayers().markPrayed(member, prayer, clientId);
      if (random.nextInt(40) == 0) {
        community.prayers().markPrayed(member, prayer, clientId);
      }
    }
  }

  private void passOver(String author, String prayer) throws IOException {
    String member = anybodyBut(author);
    if (!hidden.contains(prayer)) {
      community.prayers().skip(member, prayer);
    }
  }

  private void planWhatFollows(String author, String prayer, DemoTexts.Asked asked, int number) {
    if (number % 9 == 4) {
      String more = asked.request() + "\n\nAdded later: thank you for asking after us.";
      time.in(minutes(10, 600), () -> community.prayers().edit(author, prayer, more));
    }
    if (number % 13 == 10) {
      planGroundlessReport(author, prayer);
    }
    if (number % 8 < 3 && asked.testimony().isPresent()) {
      String testimony = asked.testimony().get();
      time.in(
          Duration.ofDays(4).plus(hours(1, 60 * 24)),
          () -> praise(author, prayer, testimony, number));
    } else if (number % 8 == 5) {
      time.in(Duration.ofDays(20).plus(hours(1, 40 * 24)), () -> putAway(author, prayer, number));
    }
  }

  private void praise(String author, String prayer, String testimony, int number)
      throws IOException {
    community.prayers().praise(author, prayer, testimony);
    worthALook.putIfAbsent("answered", prayer);
    if (number % 2 == 0) {
      time.in(hours(24, 400), () -> community.prayers().archive(author, prayer));
    }
    if (number % 11 == 7) {
      time.in(
          hours(1, 20), () -> community.prayers().setVisibility(author, prayer, Visibility.PUBLIC));
    }
  }

  private void putAway(String author, String prayer, int number) throws IOException {
    community.prayers().archive(author, prayer);
    if (number % 16 == 5) {
      time.in(hours(48, 240), () -> community.prayers().restore(author, prayer));
    }
  }

  private void planHiding(String author, String prayer, int number) {
    time.in(
        hours(3, 20),
        () ->
            community
                .moderation()
                .report(anybodyBut(author), prayer, "this should not stand here"));
    time.in(
        hours(21, 40),
        () -> {
          community
              .moderation()
              .hide(
                  moderator(),
                  prayer,
                  "spoke with the author; nobody is sold, shamed or threatened here");
          hidden.add(prayer);
          worthALook.putIfAbsent("hidden", prayer);
        });
    if (number % 26 == 6) {
      time.in(
          hours(50, 60),
          () -> community.prayers().edit(author, prayer, book.gentlerRequest(random)));
      time.in(
          hours(61, 90),
          () -> {
            community.moderation().show(moderator(), prayer, "the author has found other words");
            hidden.remove(prayer);
            worthALook.putIfAbsent("restored", prayer);
            planMarks(author, prayer, "n");
          });
    }
  }

  private void planGroundlessReport(String author, String prayer) {
    time.in(
        hours(2, 30),
        () -> {
          community.moderation().report(anybodyBut(author), prayer, "too personal?");
          String moderator = moderator();
          time.in(
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

  private String anybody() {
    return members.get(random.nextInt(members.size()));
  }

  private String anybodyBut(String member) {
    int chosen = random.nextInt(members.size());
    String other = members.get(chosen);
    return other.equals(member) ? members.get((chosen + 1) % members.size()) : other;
  }

  /** Two others at most who are not the admin. */
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
    return Device.of(
        devices.get(random.nextInt(devices.size())),
        "2001:db8:" + word() + ":" + word() + "::" + word());
  }

  /** A part of an address of the network that is kept for examples. */
  private String word() {
    return Integer.toHexString(1 + random.nextInt(0xffff));
  }

  private Duration fraction(double share) {
    return Duration.ofSeconds(
        (long) (share * time.length().toSeconds()), 1_000L * random.nextInt(1_000_000));
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
        (long) (-StrictMath.log(1 - random.nextDouble()) * 2.5 * 86_400),
        1_000L * random.nextInt(1_000_000));
  }
}
