package org.thywill.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.simulation.Await;
import org.thywill.simulation.ProgramProcess;

/**
 * A scenario in a real browser, from the first start of the server to the day after its database
 * was lost. Two of the members have scripts turned off, and miss nothing.
 */
@Tag("slow")
class StoryTest {
  private static final Pattern LISTENS =
      Pattern.compile("listens at (http://127\\.0\\.0\\.1:[0-9]+)");
  private static final Pattern LINK = Pattern.compile("(http\\S+/join/\\S+)");
  private static final Pattern DIGEST = Pattern.compile("\"digest\":\"([0-9a-f]+)\"");
  private static final String UNKIND =
      "Pray that my neighbour Karl finally learns to behave; he lives in Mill Lane 4.";

  /** Pages about devices, sign-ins and the server itself, which change all the time. */
  private static final Set<String> CHANGING_PAGES = Set.of("/me", "/audit", "/console");

  /** The time at which the statistics were counted. */
  private static final String COUNTED = "(?<=Counted )\\S+";

  @TempDir Path folder;
  @TempDir Path profile;

  @Test
  void community_losesItsDatabase_andEveryPageShowsTheSame() throws Exception {
    try (Chromium chromium = new Chromium(profile)) {
      People people;
      Map<String, Map<String, String>> before;
      String digest;
      try (ProgramProcess server = ProgramProcess.start(folder, "serve", "--port", "0")) {
        String link = server.awaits(LINK);
        String address = server.awaits(LISTENS);
        people = People.found(chromium, address, link);
        people.asksAndPrays();
        people.reportsAndHides();
        BrowserDevice tablet = people.signsInOnASecondDevice();
        people.grantsARole();
        before = people.everyPage(tablet);
        digest = people.ruth.open("/console").text("code.long");
        server.dies();
      }
      deleteDatabase();
      assertThat(found(DIGEST, ProgramProcess.start(folder, "recover", "--json").ends()))
          .isEqualTo(digest);
      String signInLink =
          found(
              Pattern.compile("\"link\":\"([^\"]+)\""),
              ProgramProcess.start(folder, "sign-in-link", "Ruth Lindqvist", "--json").ends());

      String port = people.address.replaceAll(".*:", "");
      try (ProgramProcess server = ProgramProcess.start(folder, "serve", "--port", port)) {
        server.awaits(LISTENS);
        BrowserDevice tablet = people.everyoneSignsInAgain(signInLink);
        Map<String, Map<String, String>> after = people.everyPage(tablet);
        people.rolesHold();
        people.signsInByARecoveryCode();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        for (String who : before.keySet()) {
          compare(
              who, Objects.requireNonNull(before.get(who)), Objects.requireNonNull(after.get(who)));
        }
        assertThat(server.stops()).contains("Stopped; everything is saved.");
      }
      assertThat(chromium.exceptions()).isEmpty();
      assertThat(ProgramProcess.start(folder, "validate-archives", "--json").ends())
          .contains("\"sound\":true");
    }
  }

  /**
   * Compares all pages that one person sees. Pages that change all the time are left out, but the
   * audit must still have all its earlier lines.
   */
  private static void compare(String who, Map<String, String> before, Map<String, String> after) {
    assertThat(after.keySet()).as(who).isEqualTo(before.keySet());
    for (Map.Entry<String, String> page : before.entrySet()) {
      String now = Objects.requireNonNull(after.get(page.getKey())).replaceFirst(COUNTED, "");
      if (page.getKey().equals("/audit")) {
        assertThat(now.lines())
            .as(who + " at " + page.getKey())
            .containsAll(page.getValue().lines().toList());
      } else if (!CHANGING_PAGES.contains(page.getKey())) {
        assertThat(now)
            .as(who + " at " + page.getKey())
            .isEqualTo(page.getValue().replaceFirst(COUNTED, ""));
      }
    }
  }

  private void deleteDatabase() throws IOException {
    Files.delete(folder.resolve("community.db"));
    for (String file : List.of("community.db-wal", "community.db-shm")) {
      Files.deleteIfExists(folder.resolve(file));
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return Objects.requireNonNull(found.group(1));
  }

  /** The members and their devices. */
  private static final class People {
    final Chromium chromium;
    final String address;
    final BrowserDevice ruth;
    final BrowserDevice samuel;
    final BrowserDevice maria;
    final BrowserDevice tomas;
    String surgery = "";
    String unkind = "";

    private People(Chromium chromium, String address, BrowserDevice ruth) {
      this.chromium = chromium;
      this.address = address;
      this.ruth = ruth;
      this.samuel = joins("Samuel Okafor", "Firefox on a phone", false);
      this.maria = joins("María José Vidal", "Chrome on a laptop", true);
      this.tomas = joins("Tomáš", "Safari on a phone", false);
    }

    /** Makes the first admin by the operator's link, and lets the others join by her invites. */
    static People found(Chromium chromium, String address, String link) {
      BrowserDevice ruth = chromium.device(address, "Firefox on a desk", true);
      ruth.open(link).write("Your name", "Ruth Lindqvist").press("Join");
      assertThat(ruth.path()).isEqualTo("/feed/pray-now");
      assertThat(ruth.text()).contains("Welcome, Ruth Lindqvist");
      BrowserDevice late = chromium.device(address, "Firefox of a stranger", true);
      assertThat(late.open(link).write("Your name", "Eve").press("Join").text())
          .contains("This invite has been used.");
      return new People(chromium, address, ruth);
    }

    private BrowserDevice joins(String name, String browser, boolean hasScript) {
      String invite =
          ruth.open("/invites")
              .write("For how many days", "7")
              .press("Make an invite")
              .value("The link");
      BrowserDevice device = chromium.device(address, browser, hasScript);
      device.open(invite).write("Your name", name).press("Join");
      assertThat(device.text()).contains("It is good that you are here.", "Welcome, " + name);
      return device.press("I see");
    }

    void asksAndPrays() {
      samuel
          .follow("Ask")
          .write(
              "What shall we pray for?",
              "My mother has her hip operation on Thursday. Pray for steady hands.")
          .choose("Everybody, with my name")
          .press("Post it");
      assertThat(samuel.text()).contains("Your request is posted.", "Nobody has prayed yet");
      surgery = samuel.path();
      assertThat(samuel.hasRunScript()).isFalse();
      assertThat(ruth.open(surgery).hasRunScript()).isTrue();
      for (BrowserDevice each : List.of(ruth, maria, tomas)) {
        assertThat(each.open("/feed/pray-now").press("I prayed").text())
            .contains("Thank you for praying.");
      }
      assertThat(maria.open(surgery).press("I prayed again").text())
          .contains("3 people prayed 4 times", "you prayed just now");
      samuel
          .open(surgery)
          .unfold("Tell what became of it")
          .write("Praise report", "She walked ten steps this morning. Thank you, all of you.")
          .press("Give thanks");
      assertThat(samuel.text())
          .contains("Thank you for telling.", "She walked ten steps this morning.");
      assertThat(tomas.open("/feed/praise").text()).contains("She walked ten steps this morning.");
    }

    void reportsAndHides() {
      unkind = maria.follow("Ask").write("What shall we pray for?", UNKIND).press("Post it").path();
      assertThat(
              tomas
                  .open(unkind)
                  .unfold("Report this prayer")
                  .write("What is wrong?", "It names a neighbour and where he lives.")
                  .press("Report")
                  .text())
          .contains("A moderator will look at it.");
      assertThat(ruth.open("/moderation").text())
          .contains(UNKIND, "It names a neighbour and where he lives.");
      ruth.write("Note to the author", "Please ask again without his name.").press("Hide it");
      assertThat(ruth.text()).contains("The prayer is hidden.");
      hiddenIsHidden();
    }

    private void hiddenIsHidden() {
      assertThat(tomas.open(unkind).text()).contains("Nothing here").doesNotContain("Karl");
      assertThat(tomas.open("/feed/all").text()).doesNotContain("Karl");
      assertThat(maria.open(unkind).text())
          .contains(UNKIND, "Hidden by a moderator", "Please ask again without his name.");
    }

    /** Two members compare the digits. One of them gets them wrong at first. */
    BrowserDevice signsInOnASecondDevice() {
      ruth.open("/settings").write("Name", "PEER_MIN_DAYS").write("Value", "0").press("Set");
      BrowserDevice tablet = asksToSignIn("María José Vidal");
      String digits = tablet.text(".code");
      assertThat(tablet.text()).contains("0 of 2 have vouched");
      assertThat(tablet.open("/feed/all").text())
          .contains("Not yet")
          .doesNotContain("She walked ten steps");
      assertThat(
              samuel
                  .open("/sign-ins")
                  .write("Six digits", digits.equals("123456") ? "654321" : "123456")
                  .press("I know them: let them in")
                  .text())
          .contains("These are not the digits on the new device.");
      assertThat(
              samuel
                  .open("/sign-ins")
                  .write("Six digits", digits)
                  .press("I know them: let them in")
                  .text())
          .contains("You have vouched for this sign-in");
      assertThat(tablet.open("/sign-in/waiting").text()).contains("1 of 2 have vouched");
      assertThat(
              tomas
                  .open("/sign-ins")
                  .write("Six digits", digits)
                  .press("I know them: let them in")
                  .text())
          .contains("The new device is signed in.");
      assertThat(tablet.open("/sign-in/waiting").text()).contains("You are signed in.");
      knowsTheDevice(maria);
      return tablet;
    }

    /** The member sees the notices of devices that were signed in as them, and confirms each. */
    private static void knowsTheDevice(BrowserDevice device) {
      assertThat(device.open("/sign-ins").text()).contains("A device was signed in as you");
      while (device.open("/sign-ins").text().contains("Was it you?")) {
        assertThat(device.press("Yes, it was me").text()).contains("The device stays signed in.");
      }
    }

    private BrowserDevice asksToSignIn(String name) {
      BrowserDevice tablet = chromium.device(address, "Chrome on a tablet", false);
      tablet
          .open("/")
          .follow("Sign in")
          .write("Your name in the community", name)
          .press("Ask to be let in");
      assertThat(tablet.text(".code")).matches("[0-9]{6}");
      return tablet;
    }

    void grantsARole() {
      assertThat(samuel.open("/moderation").text()).contains("Not for you");
      ruth.open("/members")
          .follow("Samuel Okafor")
          .choose("Role", "moderator")
          .write("Why", "reads kindly")
          .press("Grant");
      assertThat(ruth.text()).contains("The role is granted.", "moderator");
      assertThat(samuel.open("/moderation").text()).contains(UNKIND);
    }

    /** The first visit starts the counting, and the page does not wait for it. */
    private void awaitStatistics() {
      Await.until(() -> !ruth.open("/statistics").text().contains("being counted"));
    }

    /** The text of all pages that each member and a visitor sees. */
    Map<String, Map<String, String>> everyPage(BrowserDevice mariasTablet) {
      awaitStatistics();
      Map<String, Map<String, String>> pages = new LinkedHashMap<>();
      pages.put("Ruth", ruth.everyPage());
      pages.put("Samuel", samuel.everyPage());
      pages.put("María on her tablet", mariasTablet.everyPage());
      pages.put("a visitor", chromium.device(address, "Any browser", true).everyPage());
      assertThat(Objects.requireNonNull(pages.get("Ruth")).keySet())
          .contains(
              "/console",
              "/settings",
              "/audit",
              "/moderation",
              "/members/tomáš",
              "/feed/praise",
              "/pray",
              surgery,
              unkind);
      assertThat(Objects.requireNonNull(pages.get("a visitor")).get("/"))
          .contains("Samuel Okafor")
          .doesNotContain("Karl");
      return pages;
    }

    /**
     * Signs in all members, whose sessions ended with the database: the operator the admin, and the
     * admin the others.
     */
    BrowserDevice everyoneSignsInAgain(String signInLink) {
      assertThat(ruth.open("/feed/all").text()).contains("Please sign in");
      assertThat(ruth.open(signInLink).text())
          .contains("This link signs Ruth Lindqvist in on this device.");
      assertThat(ruth.press("Sign in").text()).contains("You are signed in.");
      signsInAgain(samuel, "Samuel Okafor");
      signsInAgain(tomas, "Tomáš");
      signsInAgain(maria, "María José Vidal");
      String own = maria.open("/me").press("Sign in another device").value("The link");
      BrowserDevice tablet = chromium.device(address, "Chrome on a tablet", false);
      tablet.open(own).press("Sign in");
      assertThat(tablet.text()).contains("You are signed in.");
      knowsTheDevice(maria);
      return tablet;
    }

    private void signsInAgain(BrowserDevice device, String name) {
      assertThat(device.open("/feed/all").text()).contains("Please sign in");
      device.open("/sign-in").write("Your name in the community", name).press("Ask to be let in");
      assertThat(
              ruth.open("/sign-ins")
                  .write("Six digits", device.text(".code"))
                  .press("I know them: let them in")
                  .text())
          .contains("The new device is signed in.");
      assertThat(device.open("/sign-in/waiting").text()).contains("You are signed in.");
      assertThat(device.open("/feed/all").text()).contains("She walked ten steps");
    }

    /** A member without other devices and without scripts uses what is on paper, once. */
    void signsInByARecoveryCode() {
      String code = tomas.open("/me").press("Make recovery codes").text(".codes li");
      assertThat(code).matches("[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}");
      BrowserDevice found = chromium.device(address, "Firefox on an old tablet", false);
      found
          .open("/sign-in")
          .follow("Sign in by a recovery code")
          .write("Your name in the community", "Tomáš")
          .write("One of your recovery codes", code.toUpperCase(Locale.ROOT).replace('-', ' '))
          .press("Sign in");
      assertThat(found.text()).contains("That recovery code is used up", "9 of 10 left");
      assertThat(tomas.open("/sign-ins").text()).contains("A device was signed in as you");
    }

    void rolesHold() {
      assertThat(ruth.open("/console").text()).contains("Digest of the database");
      assertThat(samuel.open("/moderation").text()).contains(UNKIND);
      assertThat(samuel.open("/console").text()).contains("Not for you");
      assertThat(tomas.open("/moderation").text()).contains("Not for you");
      hiddenIsHidden();
      assertThat(maria.download("/me/data"))
          .contains("== members", "display_name: María José Vidal", UNKIND);
    }
  }
}
