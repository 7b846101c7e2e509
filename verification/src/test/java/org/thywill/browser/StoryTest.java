package org.thywill.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.simulation.ProgramProcess;

/**
 * The story of a community in a real browser, from the operator's first start to the day after its
 * database was lost. Two of its members let no page run scripts, and lack nothing.
 */
class StoryTest {
  private static final Pattern LISTENS =
      Pattern.compile("listens at (http://127\\.0\\.0\\.1:[0-9]+)");
  private static final Pattern LINK = Pattern.compile("(http\\S+/join/\\S+)");
  private static final Pattern DIGEST = Pattern.compile("\"digest\":\"([0-9a-f]+)\"");
  private static final String UNKIND =
      "Pray that my neighbour Karl finally learns to behave; he lives in Mill Lane 4.";

  /** Pages that tell of devices, sign-ins and the server itself: these go on. */
  private static final Set<String> GOES_ON = Set.of("/me", "/audit", "/console");

  /** When the figures of the statistics were counted. */
  private static final String COUNTED = "(?<=Counted )\\S+";

  @TempDir Path folder;
  @TempDir Path profile;

  @Test
  void community_losesItsDatabase_andEveryPageShowsTheSame() throws Exception {
    try (Chromium chromium = new Chromium(profile)) {
      Town town;
      Map<String, Map<String, String>> before;
      String digest;
      try (ProgramProcess server = ProgramProcess.start(folder, "serve", "--port", "0")) {
        String link = server.awaits(LINK);
        String address = server.awaits(LISTENS);
        town = Town.found(chromium, address, link);
        town.asksAndPrays();
        town.reportsAndHides();
        BrowserDevice tablet = town.signsInOnASecondDevice();
        town.grantsARole();
        before = town.everyPage(tablet);
        digest = town.ruth.open("/console").text("code.long");
        server.dies();
      }
      loseTheDatabase();
      assertThat(found(DIGEST, ProgramProcess.start(folder, "recover", "--json").ends()))
          .isEqualTo(digest);
      String wayBack =
          found(
              Pattern.compile("\"link\":\"([^\"]+)\""),
              ProgramProcess.start(folder, "sign-in-link", "Ruth Lindqvist", "--json").ends());

      String port = town.address.replaceAll(".*:", "");
      try (ProgramProcess server = ProgramProcess.start(folder, "serve", "--port", port)) {
        server.awaits(LISTENS);
        BrowserDevice tablet = town.everybodySignsInAgain(wayBack);
        Map<String, Map<String, String>> after = town.everyPage(tablet);
        town.rolesHold();
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
   * Page by page and word by word; of the pages that go on, everything that stood there before is
   * still there where it is history.
   */
  private static void compare(String who, Map<String, String> before, Map<String, String> after) {
    assertThat(after.keySet()).as(who).isEqualTo(before.keySet());
    for (Map.Entry<String, String> page : before.entrySet()) {
      String now = Objects.requireNonNull(after.get(page.getKey())).replaceFirst(COUNTED, "");
      if (page.getKey().equals("/audit")) {
        assertThat(now.lines())
            .as(who + " at " + page.getKey())
            .containsAll(page.getValue().lines().toList());
      } else if (!GOES_ON.contains(page.getKey())) {
        assertThat(now)
            .as(who + " at " + page.getKey())
            .isEqualTo(page.getValue().replaceFirst(COUNTED, ""));
      }
    }
  }

  private void loseTheDatabase() throws IOException {
    Files.delete(folder.resolve("community.db"));
    for (String beside : new String[] {"community.db-wal", "community.db-shm"}) {
      Files.deleteIfExists(folder.resolve(beside));
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertThat(found.find()).as(text).isTrue();
    return Objects.requireNonNull(found.group(1));
  }

  /** The members and their devices. */
  private static final class Town {
    final Chromium chromium;
    final String address;
    final BrowserDevice ruth;
    final BrowserDevice samuel;
    final BrowserDevice maria;
    final BrowserDevice tomas;
    String surgery = "";
    String unkind = "";

    private Town(Chromium chromium, String address, BrowserDevice ruth) {
      this.chromium = chromium;
      this.address = address;
      this.ruth = ruth;
      this.samuel = joins("Samuel Okafor", "Firefox on a phone", false);
      this.maria = joins("María José Vidal", "Chrome on a laptop", true);
      this.tomas = joins("Tomáš", "Safari on a phone", false);
    }

    /** The operator's link makes the first admin; everybody else comes by an invite of hers. */
    static Town found(Chromium chromium, String address, String link) {
      BrowserDevice ruth = chromium.device(address, "Firefox on a desk", true);
      ruth.open(link).write("Your name", "Ruth Lindqvist").press("Join");
      assertThat(ruth.path()).isEqualTo("/feed/pray-now");
      assertThat(ruth.text()).contains("Welcome, Ruth Lindqvist");
      BrowserDevice late = chromium.device(address, "Somebody who found the link", true);
      assertThat(late.open(link).write("Your name", "Eve").press("Join").text())
          .contains("This invite has been used.");
      return new Town(chromium, address, ruth);
    }

    private BrowserDevice joins(String name, String browser, boolean hasScript) {
      String invite =
          ruth.open("/invites").write("Days", "7").press("Make an invite").value("The link");
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
      for (BrowserDevice each : new BrowserDevice[] {ruth, maria, tomas}) {
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

    /** Two peers compare the digits. One of them mishears them at first. */
    BrowserDevice signsInOnASecondDevice() {
      BrowserDevice tablet = waits("María José Vidal");
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
      return tablet;
    }

    private BrowserDevice waits(String name) {
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

    /** They are counted when somebody looks, and a page does not wait for them. */
    private void waitForFigures() {
      for (int looks = 0; ruth.open("/statistics").text().contains("being counted"); looks++) {
        assertThat(looks).as("looks at statistics that are still being counted").isLessThan(100);
      }
    }

    /** What each of them sees, and what a visitor does. */
    Map<String, Map<String, String>> everyPage(BrowserDevice mariasTablet) {
      waitForFigures();
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
     * The sessions have ended with the database. The operator lets one admin in, she vouches for
     * one more, and so on.
     */
    BrowserDevice everybodySignsInAgain(String wayBack) {
      assertThat(ruth.open("/feed/all").text()).contains("Please sign in");
      assertThat(ruth.open(wayBack).text())
          .contains("This link signs Ruth Lindqvist in on this device.");
      assertThat(ruth.press("Sign in").text()).contains("You are signed in.");
      signsInAgain(samuel, "Samuel Okafor");
      signsInAgain(tomas, "Tomáš");
      signsInAgain(maria, "María José Vidal");
      String own = maria.open("/me").press("Sign in another device").value("The link");
      BrowserDevice tablet = chromium.device(address, "Chrome on a tablet", false);
      tablet.open(own).press("Sign in");
      assertThat(tablet.text()).contains("You are signed in.");
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
      assertThat(device.open("/feed/all").text()).contains("She walked ten steps");
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
