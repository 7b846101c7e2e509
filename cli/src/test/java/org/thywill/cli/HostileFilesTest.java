package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.operations.ArchiveFolders;

/**
 * Each kind of thing in the place of each kind of file and folder of an archive, and then each kind
 * of command: none hangs, follows a link, or writes outside; the check names what is in the way,
 * and a repair moves it to quarantine.
 */
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "mkfifo is a POSIX program")
class HostileFilesTest {
  private static final int SECONDS_MAX = 60;

  @TempDir Path folder;

  /** What is put in the place of a file or a folder. */
  private enum Thing {
    LINK_TO_ITSELF_MOVED,
    LINK_TO_A_FILE_OUTSIDE,
    LINK_TO_A_FOLDER_OUTSIDE,
    LINK_TO_NOTHING,
    LINK_TO_AN_ENDLESS_DEVICE,
    NAMED_PIPE,
    SOCKET,
    FOLDER
  }

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("validate-archives", "--json"),
          List.of("validate-archives", "--quick", "--json"),
          List.of("repair-archives", "--json"),
          List.of("recovery-report", "--json"),
          List.of("digest", "--json"),
          List.of("recover", "--replace", "--json"),
          List.of("recover", "--replace", "--accept-missing", "--json"),
          List.of("seal", "--json"),
          List.of("test-recovery", "--json"),
          List.of("sign-in-link", "Anna", "--json"));

  private Path outside() {
    return folder.resolve("outside");
  }

  private void put(Thing thing, Path place) throws Exception {
    Path moved = outside().resolve("moved");
    Files.move(place, moved);
    switch (thing) {
      case LINK_TO_ITSELF_MOVED -> Files.createSymbolicLink(place, moved);
      case LINK_TO_A_FILE_OUTSIDE ->
          Files.createSymbolicLink(place, Files.writeString(outside().resolve("file"), "secret\n"));
      case LINK_TO_A_FOLDER_OUTSIDE ->
          Files.createSymbolicLink(place, Files.createDirectory(outside().resolve("folder")));
      case LINK_TO_NOTHING -> Files.createSymbolicLink(place, outside().resolve("nothing"));
      case LINK_TO_AN_ENDLESS_DEVICE -> Files.createSymbolicLink(place, Path.of("/dev/zero"));
      case NAMED_PIPE ->
          assertThat(new ProcessBuilder("mkfifo", place.toString()).inheritIO().start().waitFor())
              .isZero();
      case SOCKET -> bind(place);
      case FOLDER -> {
        Files.createDirectory(place);
        Files.writeString(place.resolve("kept"), "something");
      }
    }
  }

  /** The path of a socket may be too long for the system; it is made elsewhere and moved. */
  private static void bind(Path place) throws IOException {
    Path socket = Path.of("/tmp", "tw-" + ProcessHandle.current().pid() + ".socket");
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.move(socket, place);
    }
  }

  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (var all = Files.walk(root)) {
      for (Path path : all.sorted().toList()) {
        contents.put(
            root.relativize(path).toString(),
            Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.readString(path) : "");
      }
    }
    return contents;
  }

  private static List<String> places(ProgramRunner program) throws IOException {
    List<String> all = GzipDisk.at(program.archive()).list("");
    List<String> places = new ArrayList<>(List.of("archive.txt", "journal/head.txt"));
    places.add(all.stream().filter(JournalFile::isJournal).findFirst().orElseThrow());
    places.add(all.stream().filter(file -> file.endsWith("_users.txt")).findFirst().orElseThrow());
    String page = all.stream().filter(PrayerPageFile::isPage).findFirst().orElseThrow();
    places.add(page);
    places.add("roles/role_definitions.txt");
    places.add(all.stream().filter(SealFile::isSeal).findFirst().orElseThrow());
    places.add(all.stream().filter(ParityEncoder::isParity).findFirst().orElseThrow());
    places.add("users");
    places.add(page.substring(0, page.lastIndexOf('/')));
    places.add("seals");
    return places;
  }

  @Test
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void anythingInThePlaceOfAnything_isNamed_neverFollowed_andMovedAsideByARepair()
      throws Exception {
    ProgramRunner demo = new ProgramRunner(Files.createDirectory(folder.resolve("demo-of-all")));
    demo.playDemo();
    Map<Thing, Integer> repaired = new EnumMap<>(Thing.class);
    for (String place : places(demo)) {
      for (Thing thing : Thing.values()) {
        if (thing == Thing.FOLDER && Files.isDirectory(demo.archive().resolve(place))) {
          continue;
        }
        attempt(demo, place, thing);
        repaired.merge(thing, 1, Integer::sum);
      }
    }
    assertThat(repaired).hasSize(Thing.values().length);
  }

  private void attempt(ProgramRunner demo, String place, Thing thing) throws Exception {
    String what = thing + " in the place of " + place;
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.createDirectory(outside());
    assertThat(
            new ProcessBuilder(
                    "cp", "-a", demo.archive().toString(), demo.database().toString(), own + "/")
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    ProgramRunner program = new ProgramRunner(own);
    put(thing, program.archive().resolve(place));
    Map<String, String> before = contents(outside());
    for (List<String> command : COMMANDS) {
      long start = System.nanoTime();
      ProgramRunner.Run run =
          program.run(
              command.getFirst(), command.subList(1, command.size()).toArray(String[]::new));
      String all = what + ", " + command + ": " + run.exit() + " " + run.out() + run.err();
      assertThat(run.exit()).as(all).isBetween(0, 4).isNotEqualTo(2);
      assertThat(run.out()).as(all).contains("\"findings\":");
      assertThat(System.nanoTime() - start)
          .as(all)
          .isLessThan(TimeUnit.SECONDS.toNanos(SECONDS_MAX));
      assertThat(contents(outside())).as(all).isEqualTo(before);
      if (command.getFirst().equals("validate-archives")) {
        assertThat(run.exit()).as(all).isEqualTo(1);
        assertThat(run.out())
            .as(all)
            .contains("\"code\":\"not-a-file\"")
            .doesNotContain("\"code\":\"log-missing\"", "\"code\":\"page-missing\"");
      }
    }
    ProgramRunner.Run repair = program.run("repair-archives", "--apply", "--json");
    String all = what + ": " + repair.exit() + " " + repair.out() + repair.err();
    assertThat(repair.exit()).as(all).isZero();
    ProgramRunner.Run after = program.run("validate-archives", "--json");
    assertThat(after.exit()).as(all + after.out()).isZero();
    assertThat(after.out()).as(all).doesNotContain("not-a-file");
    assertThat(contents(outside())).as(all).isEqualTo(before);
    ArchiveFolders.delete(own);
    ArchiveFolders.delete(outside());
  }

  @Test
  void lockThatIsALinkOrAPipe_isRefused_andWhereItLeadsIsNotWritten() throws Exception {
    ProgramRunner program = new ProgramRunner(folder.resolve("lock"));
    Files.createDirectory(folder.resolve("lock"));
    program.playDemo();
    Path lock = program.archive().resolve(".lock");
    Path target = Files.writeString(folder.resolve("target"), "mine");
    for (boolean isLink : new boolean[] {true, false}) {
      Files.deleteIfExists(lock);
      if (isLink) {
        Files.createSymbolicLink(lock, target);
      } else {
        assertThat(new ProcessBuilder("mkfifo", lock.toString()).start().waitFor()).isZero();
      }
      ProgramRunner.Run run = program.run("repair-archives", "--apply");
      assertThat(run.exit()).as(run.err()).isEqualTo(4);
      assertThat(run.err()).contains(".lock: expected a file, found a link or something else");
      assertThat(Files.readString(target)).isEqualTo("mine");
    }
  }
}
