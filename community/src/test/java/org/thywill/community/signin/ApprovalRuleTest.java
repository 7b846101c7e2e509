package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.settings.Settings;

class ApprovalRuleTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static boolean isFull(CommunityFixture fixture, SignIn.NewSignIn signIn)
      throws IOException {
    return fixture.signIn.complete(signIn.session().member(), signIn.session().id()).isPresent();
  }

  private static String code(CommunityFixture fixture, SignIn.NewSignIn signIn) throws IOException {
    return fixture.signIn.code(fixture.view(), signIn.id(), fixture.clock.instant());
  }

  private static SignIn.Approvals approve(
      CommunityFixture fixture, String approver, SignIn.NewSignIn signIn) throws IOException {
    return fixture.signIn.approve(approver, signIn.id(), code(fixture, signIn));
  }

  private static void assertRefused(
      CommunityFixture fixture, String approver, SignIn.NewSignIn signIn, String message) {
    assertThatThrownBy(() -> approve(fixture, approver, signIn))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining(message);
  }

  private static void invites(CommunityFixture fixture, String inviter, String name)
      throws IOException {
    fixture.members.join(
        fixture.members.invite(inviter, Duration.ofDays(1), OptionalLong.of(1)), name, TABLET);
  }

  @Test
  void member_withTwoInventedPeople_doesNotBecomeAdmin() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Mallory")) {
      invites(fixture, "mallory", "Puppet One");
      invites(fixture, "mallory", "Puppet Two");
      for (Duration wait : List.of(Duration.ZERO, Duration.ofDays(30))) {
        fixture.pass(wait);
        SignIn.NewSignIn asAdmin = fixture.signIn.request("Anna", TABLET);
        for (String voter : List.of("puppet_one", "puppet_two", "mallory")) {
          assertRefused(fixture, voter, asAdmin, "the operator");
        }
        assertThat(isFull(fixture, asAdmin)).isFalse();
      }
      assertThat(fixture.rows(Catalog.AUTH_APPROVALS)).isEmpty();
    }
  }

  @Test
  void member_withTwoInventedPeople_doesNotBecomeAnotherMember() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Mallory", "Ben")) {
      invites(fixture, "mallory", "Puppet One");
      invites(fixture, "mallory", "Puppet Two");
      invites(fixture, "puppet_two", "Puppet Three");
      fixture.pass(Duration.ofDays(30));
      SignIn.NewSignIn asBen = fixture.signIn.request("Ben", TABLET);
      assertThat(approve(fixture, "puppet_one", asBen))
          .isEqualTo(new SignIn.Approvals(1, 2, false));
      for (String voter : List.of("puppet_two", "puppet_three", "mallory")) {
        assertRefused(fixture, voter, asBen, "by the same invites");
      }
      assertThat(isFull(fixture, asBen)).isFalse();
    }
  }

  @Test
  void moderator_isApprovedByThemselvesOrByWhoMayAsMuch_only() throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Mora", "Ben", "Clara", "Carl")) {
      fixture.appoint("mora");
      fixture.roles.define("anna", "carer", "", Set.of(Permission.MANAGE_MEMBERS));
      fixture.roles.grant("anna", "carl", "carer", "");
      fixture.pass(Duration.ofDays(30));
      SignIn.NewSignIn asMora = fixture.signIn.request("Mora", TABLET);
      for (String voter : List.of("ben", "clara", "carl")) {
        assertRefused(fixture, voter, asMora, "permissions");
      }
      assertThat(approve(fixture, "anna", asMora).isApproved()).isTrue();
      assertThat(approve(fixture, "mora", fixture.signIn.request("Mora", TABLET)).isApproved())
          .isTrue();
      assertThat(approve(fixture, "carl", fixture.signIn.request("Ben", TABLET)).isApproved())
          .isTrue();
    }
  }

  @Test
  void peers_countWhenTheyHaveBeenHereLongEnough() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      SignIn.NewSignIn early = fixture.signIn.request("Ben", TABLET);
      assertRefused(fixture, "clara", early, "for 7 days");
      assertRefused(fixture, "clara", early, "the operator of the server can make a sign-in link");
      fixture.pass(Duration.ofDays(6).plusHours(23));
      assertRefused(fixture, "clara", early, "for 7 days");
      fixture.settings.set("anna", Settings.PEER_MIN_DAYS, "6");
      assertThat(approve(fixture, "clara", early).given()).isEqualTo(1);
      fixture.settings.set("anna", Settings.PEER_MIN_DAYS, "0");
      invites(fixture, "anna", "Emil");
      assertThat(approve(fixture, "emil", early).isApproved()).isTrue();
    }
  }

  @Test
  void approvals_countAsTheyAreAtTheDecision() throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Ben", "Clara", "Dora", "Emil")) {
      fixture.pass(Duration.ofDays(8));
      SignIn.NewSignIn asBen = fixture.signIn.request("Ben", TABLET);
      approve(fixture, "clara", asBen);
      fixture.shutOut("clara");
      assertThat(approve(fixture, "dora", asBen)).isEqualTo(new SignIn.Approvals(1, 2, false));
      assertThat(
              PendingSignIns.waiting(fixture.view(), "dora", fixture.clock.instant())
                  .shown()
                  .getFirst()
                  .newest()
                  .approvals()
                  .given())
          .isEqualTo(1);
      fixture.appoint("ben");
      assertRefused(fixture, "emil", asBen, "permissions");
      fixture.roles.revoke("anna", "ben", Roles.MODERATOR, "");
      assertThat(approve(fixture, "emil", asBen).isApproved()).isTrue();

      SignIn.NewSignIn asDora = fixture.signIn.request("Dora", TABLET);
      fixture.shutOut("dora");
      assertRefused(fixture, "anna", asDora, "deactivated");
    }
  }

  /** What a random community does; only time, invites, roles and sign-ins matter. */
  private static final class Model {
    final SplittableRandom random;
    final CommunityFixture fixture;
    final List<String> members = new ArrayList<>(List.of("anna"));
    final Map<String, String> inviters = new HashMap<>();
    final Map<String, Instant> joined = new HashMap<>();
    final List<SignIn.NewSignIn> waiting = new ArrayList<>();
    final Map<String, Set<String>> votes = new HashMap<>();
    final Set<String> rightlyApproved = new HashSet<>();
    int byPeers;
    int refused;

    Model(CommunityFixture fixture, long seed) {
      this.fixture = fixture;
      this.random = new SplittableRandom(seed);
      joined.put("anna", fixture.clock.instant());
    }

    String someone() {
      return members.get(random.nextInt(members.size()));
    }

    void step(int number) throws IOException {
      fixture.pass(Duration.ofSeconds(1));
      switch (random.nextInt(100)) {
        case 0, 1 -> fixture.pass(Duration.ofHours(random.nextInt(48)));
        case 2 -> joins(number);
        case 3 -> changesARole();
        case 4 -> deactivatesOrReactivates();
        case 5, 6, 7, 8 -> {
          waiting.add(
              fixture.signIn.request(
                  someone(),
                  new Device(
                      "A browser", "198." + number / 250 % 250 + "." + number % 250 + ".7")));
          if (waiting.size() > 12) {
            waiting.removeFirst();
          }
        }
        default -> {
          if (!waiting.isEmpty()) {
            approves(someone(), waiting.get(random.nextInt(waiting.size())));
          }
        }
      }
    }

    private void joins(int number) throws IOException {
      String inviter = someone();
      if (members.size() < 40) {
        String name = "Member " + number;
        invites(fixture, inviter, name);
        String handle = "member_" + number;
        members.add(handle);
        inviters.put(handle, inviter);
        joined.put(handle, fixture.clock.instant());
      }
    }

    private void changesARole() throws IOException {
      String member = someone();
      String role = random.nextInt(4) == 0 ? "carer" : Roles.MODERATOR;
      if (random.nextBoolean()) {
        fixture.roles.grant("anna", member, role, "");
      } else {
        fixture.roles.revoke("anna", member, role, "");
      }
    }

    private void deactivatesOrReactivates() throws IOException {
      String member = someone();
      if (member.equals("anna")) {
        return;
      }
      if (takesPart(member)) {
        fixture.accounts.deactivate("anna", member, "rests");
      } else {
        fixture.accounts.reactivate("anna", member, "is here again");
      }
    }

    private void approves(String approver, SignIn.NewSignIn signIn) throws IOException {
      SignIn.Approvals approvals;
      try {
        approvals = fixture.signIn.approve(approver, signIn.id(), code(fixture, signIn));
      } catch (ForbiddenException | InvalidInputException e) {
        refused++;
        return;
      }
      Set<String> given = votes.computeIfAbsent(signIn.id(), id -> new HashSet<>());
      given.add(approver);
      if (approvals.isApproved()) {
        String claimed = signIn.session().member();
        assertThat(isEligible(claimed, approver, given))
            .as("%s approves %s, after %s", approver, claimed, given)
            .isTrue();
        rightlyApproved.add(signIn.id());
      }
    }

    private boolean isEligible(String claimed, String last, Set<String> given) throws IOException {
      Set<Permission> needed = permissions(claimed);
      if (last.equals(claimed)
          || permissions(last).contains(Permission.MANAGE_MEMBERS)
              && permissions(last).containsAll(needed)) {
        return takesPart(last);
      }
      for (String one : given) {
        for (String other : given) {
          if (needed.isEmpty() && isPeer(one) && isPeer(other) && !sharesAnInviter(one, other)) {
            byPeers++;
            return true;
          }
        }
      }
      return false;
    }

    private boolean isPeer(String member) throws IOException {
      Instant since = joined.getOrDefault(member, Instant.MAX);
      return takesPart(member) && !since.isAfter(fixture.clock.instant().minus(Duration.ofDays(7)));
    }

    /** Whether a person who takes no decisions about members has brought both, or is one. */
    private boolean sharesAnInviter(String one, String other) throws IOException {
      Set<String> shared = line(one);
      shared.retainAll(line(other));
      return !shared.isEmpty()
          || other.equals(inviters.get(one))
          || one.equals(inviters.get(other));
    }

    private Set<String> line(String member) throws IOException {
      Set<String> line = new HashSet<>(Set.of(member));
      Optional<String> next = Optional.ofNullable(inviters.get(member));
      while (next.isPresent() && !permissions(next.get()).contains(Permission.MANAGE_MEMBERS)) {
        line.add(next.get());
        next = Optional.ofNullable(inviters.get(next.get()));
      }
      return line;
    }

    private Set<Permission> permissions(String member) throws IOException {
      return Roles.permissions(fixture.view(), member, fixture.clock.instant());
    }

    private boolean takesPart(String member) throws IOException {
      return Roles.takesPart(fixture.view(), member, fixture.clock.instant());
    }
  }

  @Test
  @Tag("slow")
  void randomCommunity_letsNoClaimantInWithoutAnEligibleApprover() throws IOException {
    long seed = Long.getLong("thywill.seed", System.nanoTime());
    System.out.println("seed of the model of sign-ins: " + seed);
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.roles.define("anna", "carer", "", Set.of(Permission.MANAGE_MEMBERS));
      Model model = new Model(fixture, seed);
      for (int i = 0; i < 20_000; i++) {
        try {
          model.step(i);
        } catch (ForbiddenException | InvalidInputException notNow) {
          model.refused++;
        }
      }
      Set<String> full = new HashSet<>();
      for (Row session : fixture.rows(Catalog.SESSIONS)) {
        if (session.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)) {
          session.get(Catalog.Sessions.REQUEST).ifPresent(full::add);
        }
      }
      assertThat(model.rightlyApproved).as("seed " + seed).containsAll(full);
      assertThat(model.byPeers).as("seed " + seed).isPositive();
      assertThat(model.refused).as("seed " + seed).isPositive();
    }
  }
}
