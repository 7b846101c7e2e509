package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;

/**
 * A model of signing in: claimants, members, the tree of invites, approvals, links, codes,
 * deactivations and time, in a random order, with the services themselves.
 *
 * <p>The rule is written here a second time, in other words: each full session came by an eligible
 * approver, or by a link or a code of the same member.
 */
class SignInModelTest {
  private static final int STEPS = 100_000;
  @TempDir Path folder;

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

    /** The keys of the sessions that members opened by what is theirs. */
    final Set<String> byOwnWay = new HashSet<>();

    /** Links and codes that open a session once, by the member whose they are. */
    final Map<String, List<String>> links = new HashMap<>();

    final Map<String, List<String>> codes = new HashMap<>();
    final Set<String> used = new HashSet<>();
    int byPeers;
    int completed;
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
        case 5, 6, 7 -> {
          waiting.add(fixture.signIn.request(someone(), device(number)));
          if (waiting.size() > 12) {
            waiting.removeFirst();
          }
        }
        case 8, 9, 10, 11, 12 -> completes();
        case 13 -> usesALink(number);
        case 14 -> usesACode(number);
        default -> {
          if (!waiting.isEmpty()) {
            approves(someone(), waiting.get(random.nextInt(waiting.size())));
          }
        }
      }
    }

    private static Device device(int number) {
      return new Device("A browser", "198." + number / 250 % 250 + "." + number % 250 + ".7");
    }

    /** A device that waits looks whether it is let in, at any time, and so does one that is not. */
    private void completes() throws IOException {
      if (waiting.isEmpty()) {
        return;
      }
      SignIn.NewSignIn signIn = waiting.get(random.nextInt(waiting.size()));
      String claimed = random.nextInt(5) == 0 ? someone() : signIn.session().member();
      Optional<Sessions.Session> session = fixture.signIn.complete(claimed, signIn.session().id());
      if (session.isPresent()) {
        assertThat(rightlyApproved).as("%s is signed in", claimed).contains(signIn.id());
        assertThat(claimed).isEqualTo(signIn.session().member());
        assertThat(takesPart(claimed)).isTrue();
        assertThat(Sessions.find(fixture.view(), signIn.session().id(), fixture.clock.instant()))
            .as("the secret from before the approval")
            .isEmpty();
        completed++;
      }
    }

    /** A member makes a link and uses it; sometimes it was used, or is no link at all. */
    private void usesALink(int number) throws IOException {
      String member = someone();
      List<String> made = links.computeIfAbsent(member, key -> new ArrayList<>());
      if (made.isEmpty() || random.nextInt(3) == 0) {
        made.add(fixture.signInLinks.makeOwn(member));
      }
      String link = made.get(random.nextInt(made.size()));
      opens(member, fixture.signInLinks.accept(link, device(number)));
    }

    /** Somebody tries a code under the name of a member, mostly of the one whose it is. */
    private void usesACode(int number) throws IOException {
      String owner = someone();
      if (!codes.containsKey(owner) && codes.size() < 8) {
        codes.put(owner, new ArrayList<>(fixture.recoveryCodes.make(owner)));
      }
      List<String> left = codes.getOrDefault(owner, List.of());
      if (left.isEmpty()) {
        return;
      }
      String code = left.get(random.nextInt(left.size()));
      String claimed = random.nextInt(3) == 0 ? someone() : owner;
      Sessions.Session session = fixture.recoveryCodes.use(claimed, code, device(number));
      assertThat(claimed).as("a code of %s", owner).isEqualTo(owner);
      assertThat(used.add(code)).as("a code opens once").isTrue();
      opens(owner, session);
    }

    private void opens(String member, Sessions.Session session) throws IOException {
      assertThat(session.member()).isEqualTo(member);
      assertThat(takesPart(member)).isTrue();
      byOwnWay.add(Ids.hash(session.id()));
    }

    private void joins(int number) throws IOException {
      String inviter = someone();
      if (members.size() < 40) {
        String name = "Member " + number;
        String invite = fixture.members.invite(inviter, Duration.ofDays(1), OptionalLong.of(1));
        byOwnWay.add(Ids.hash(fixture.members.join(invite, name, device(number)).session().id()));
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
        approvals =
            fixture.signIn.approve(
                approver,
                signIn.id(),
                fixture.signIn.code(fixture.view(), signIn.id(), fixture.clock.instant()));
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
  void randomCommunity_letsNoClaimantInWithoutAnEligibleApproverOrAWayOfTheirOwn()
      throws IOException {
    long seed = Long.getLong("thywill.seed", System.nanoTime());
    System.out.println("seed of the model of sign-ins: " + seed);
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.roles.define("anna", "carer", "", Set.of(Permission.MANAGE_MEMBERS));
      Model model = new Model(fixture, seed);
      for (Row session : fixture.rows(Catalog.SESSIONS)) {
        model.byOwnWay.add(session.key()); // of the first admin, who joined by the operator's link
      }
      for (int i = 0; i < STEPS; i++) {
        try {
          model.step(i);
        } catch (ForbiddenException | InvalidInputException notNow) {
          model.refused++;
        }
      }
      int full = 0;
      for (Row session : fixture.rows(Catalog.SESSIONS)) {
        if (session.is(Catalog.Sessions.IS_FULLY_AUTHENTICATED)) {
          full++;
          String signIn = session.get(Catalog.Sessions.REQUEST).orElse("");
          assertThat(
                  model.rightlyApproved.contains(signIn) || model.byOwnWay.contains(session.key()))
              .as("seed %s: %s", seed, session)
              .isTrue();
        }
      }
      System.out.printf(
          "%d steps: %d sign-ins completed, %d by peers, %d tries refused, %d sessions full%n",
          STEPS, model.completed, model.byPeers, model.refused, full);
      for (int happened :
          List.of(model.completed, model.byPeers, model.refused, model.used.size(), full)) {
        assertThat(happened).as("seed " + seed).isPositive();
      }
    }
  }
}
