package org.thywill.community;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkState;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.demo.SettableClock;
import org.thywill.community.signin.Sessions;
import org.thywill.ledger.Ledger;
import org.thywill.operations.recovery.GapAcceptance;
import org.thywill.operations.recovery.Recovery;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;

/**
 * Random changes of random communities are lost and accepted as lost. Afterwards no member may do
 * what they could not do before, no link opens that did not open, and no session either.
 */
class AcceptedLossTest {
  private static final int COMMUNITIES = 15;
  private static final int STEPS = 60;
  private static final int LOST_MAX = 3;
  private static final String TAKE_PART = "take.part";
  private static final String EVERYTHING = "*";
  private static final List<String> NAMES =
      List.of("Ben", "Clara", "Dora", "Edith", "Frank", "Greta", "Hanna", "Ida");

  @TempDir Path folder;

  /** What members could do, and what opened, at one moment. */
  private record Rights(
      Map<String, Set<String>> permissions, Set<String> openLinks, Set<String> openSessions) {}

  @Test
  void acceptedLoss_widensNothing() throws IOException {
    long seed = Seeds.seed("acceptedLoss_widensNothing");
    for (int i = 0; i < Seeds.times(COMMUNITIES); i++) {
      assertNothingIsWider(seed + i);
    }
  }

  /** The definition of a role and the end of an assignment of it are lost. */
  @Test
  void acceptedLoss_ofARoleAndOfItsEnd_letsNobodyInAgain() throws IOException {
    assertNothingIsWider(-3032239437687563362L);
  }

  private void assertNothingIsWider(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path place = Files.createDirectory(folder.resolve(Long.toString(seed)));
    Story story = new Story(place, random);
    Rights before = story.play();
    BitSet lost = lose(place.resolve("text_archives"), random, story.lastSeq);
    String what = "seed " + seed + ", lost " + lost;

    Rights after = accept(place, lost, story, random.nextBoolean());

    after
        .permissions()
        .forEach(
            (member, words) -> {
              Set<String> could = before.permissions().getOrDefault(member, Set.of());
              if (!could.contains(EVERYTHING)) {
                assertThat(could).as(what + ": " + member).containsAll(words);
              }
            });
    assertThat(before.openLinks()).as(what + ": links").containsAll(after.openLinks());
    assertThat(before.openSessions()).as(what + ": sessions").containsAll(after.openSessions());
  }

  /** Accepts the loss, builds the database by a command or by a start, and resumes service. */
  private static Rights accept(Path place, BitSet lost, Story story, boolean recovers)
      throws IOException {
    Path archive = place.resolve("text_archives");
    Path database = place.resolve("community.db");
    Files.delete(database); // its rows would give back what is lost
    SettableClock clock = new SettableClock(story.end);
    new GapAcceptance(archive, database, clock, ProgressListener.NONE)
        .run(lost, "no copy has it", "0123456789abcdef");
    if (recovers) {
      new Recovery(archive, database, ProgressListener.NONE, "now")
          .run(new Recovery.Plan(PointInTime.NOW, Set.of(), true, false, false, false, null));
    }
    try (Ledger ledger = Ledger.openAt(archive, database, clock, ProgressListener.NONE)) {
      new Community(ledger, new Ids(new SplittableRandom(8)), CommunityFixture.serverKey())
          .resumption()
          .resume();
      try (ViewReader view = ledger.read()) {
        return story.rights(view);
      }
    }
  }

  /** Spoils every copy of some lines, which are mostly about rights. */
  private static BitSet lose(Path archive, SplittableRandom random, long lastSeq)
      throws IOException {
    List<List<Long>> aboutRights = new ArrayList<>();
    try (Stream<Path> files = Files.walk(archive)) {
      for (Path file : files.filter(AcceptedLossTest::isAboutRights).sorted().toList()) {
        aboutRights.add(
            Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .flatMap(line -> seq(line).stream())
                .toList());
      }
    }
    BitSet lost = new BitSet();
    for (int i = random.nextInt(1, LOST_MAX + 1); i > 0; i--) {
      List<Long> some = aboutRights.get(random.nextInt(aboutRights.size()));
      lost.set(
          random.nextInt(4) == 0
              ? random.nextInt(1, (int) lastSeq + 1)
              : some.get(random.nextInt(some.size())).intValue());
    }
    try (Stream<Path> files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        spoil(file, lost);
      }
    }
    return lost;
  }

  private static boolean isAboutRights(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith("_role_assignments.txt")
        || name.equals("role_history.txt")
        || name.endsWith("_invites.txt")
        || name.endsWith("_sessions.txt");
  }

  private static void spoil(Path file, BitSet lost) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isSpoiled = false;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      boolean isLost = seq(line).filter(seq -> lost.get(seq.intValue())).isPresent();
      lines.add(isLost ? line.replaceFirst("[0-9a-f]{8}$", "________") : line);
      isSpoiled |= isLost;
    }
    if (isSpoiled) {
      Files.write(file, lines, StandardCharsets.UTF_8);
    }
  }

  /** The number of the change of a line; empty if it is none. */
  private static Optional<Long> seq(String line) {
    String[] fields = line.split("\\|", -1);
    return fields.length > 9 && fields[fields.length - 8].matches("[0-9]+")
        ? Optional.of(Long.parseLong(fields[fields.length - 8]))
        : Optional.empty();
  }

  /** A community in which members do at random what changes rights. */
  private static final class Story {
    private final Path place;
    private final SplittableRandom random;
    private final List<String> members = new ArrayList<>(List.of("anna"));
    private final List<String> links = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();
    private final List<String> roles =
        new ArrayList<>(List.of(Roles.MODERATOR, Roles.ADMIN, Roles.MEMBER));
    private Instant end = Instant.EPOCH;
    private long lastSeq;

    Story(Path place, SplittableRandom random) {
      this.place = place;
      this.random = random;
    }

    Rights play() throws IOException {
      try (CommunityFixture fixture = CommunityFixture.founded(place)) {
        for (String role : List.of("caller", "reader")) {
          fixture.roles.define("anna", role, "", Set.of(Permission.MANAGE_PRAYERS));
          roles.add(role);
        }
        for (int i = 0; i < STEPS; i++) {
          try {
            step(fixture);
          } catch (ForbiddenException | InvalidInputException e) {
            // What the rules refuse does not happen, as on the pages.
            assertThat(e.getMessage()).isNotEmpty();
          }
          fixture.pass(Duration.ofMinutes(random.nextInt(1, 300)));
        }
        end = fixture.clock.instant();
        lastSeq = fixture.lastSeq();
        return rights(fixture.view());
      }
    }

    private void step(CommunityFixture fixture) throws IOException {
      String member = any(members);
      switch (random.nextInt(16)) {
        case 0, 1 ->
            links.add(
                fixture.members.invite(
                    member,
                    Duration.ofDays(random.nextInt(1, 20)),
                    OptionalLong.of(random.nextInt(1, 4))));
        case 2, 3, 4 -> {
          if (!links.isEmpty() && members.size() <= NAMES.size()) {
            members.add(
                fixture
                    .members
                    .join(any(links), NAMES.get(members.size() - 1), CommunityFixture.PHONE)
                    .handle());
          }
        }
        case 5 -> fixture.roles.grant("anna", member, any(roles), "");
        case 6 -> fixture.roles.revoke("anna", member, any(roles), "");
        case 7 -> fixture.accounts.deactivate("anna", member, "asked for a rest");
        case 8 -> fixture.accounts.reactivate("anna", member, "is back");
        case 9 -> {
          if (!links.isEmpty()) {
            fixture.members.revokeInvite("anna", Ids.hash(any(links)), "");
          }
        }
        case 10 -> {
          if (!links.isEmpty()) {
            links.add(fixture.members.renewInvite(member, Ids.hash(any(links))));
          }
        }
        case 11, 12 ->
            fixture.roles.redefine(
                "anna",
                random.nextBoolean() ? "caller" : "reader",
                "",
                random.nextBoolean() ? Set.of() : Set.of(Permission.MANAGE_PRAYERS));
        case 13 -> sessions.add(fixture.sessions.start(member, CommunityFixture.LAPTOP).id());
        case 14 -> {
          if (!sessions.isEmpty()) {
            fixture.sessions.end(any(sessions));
          }
        }
        default -> {
          if (random.nextBoolean()) {
            fixture.prayers.archive(member, fixture.ask(member));
          } else {
            links.add(fixture.signInLinks.makeOwn(member));
          }
        }
      }
    }

    private String any(List<String> some) {
      return some.get(random.nextInt(some.size()));
    }

    /** What members may do, and what opens, at the end of the story. */
    Rights rights(ViewReader view) throws IOException {
      long atMicros = Timestamps.micros(end);
      Map<String, Set<String>> permissions = new HashMap<>();
      for (String member : members) {
        if (view.has(Catalog.MEMBERS, member)) {
          Authorization authorization = Authorization.of(view, member, atMicros);
          Set<String> words = new HashSet<>(authorization.permissions());
          if (!authorization.isDeactivated()) {
            words.add(TAKE_PART);
          }
          permissions.put(member, words);
        }
      }
      Set<String> openLinks = new HashSet<>();
      for (String link : links) {
        Optional<Row> row = view.find(Catalog.INVITES, Ids.hash(link));
        if (row.filter(each -> InviteLinks.state(each, atMicros) == LinkState.OPEN).isPresent()) {
          openLinks.add(link);
        }
      }
      Set<String> openSessions = new HashSet<>();
      for (String session : sessions) {
        if (Sessions.find(view, session, end).isPresent()) {
          openSessions.add(session);
        }
      }
      return new Rights(permissions, openLinks, openSessions);
    }
  }
}
