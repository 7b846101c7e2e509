package org.thywill.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thywill.archive.disk.Disk;

/** What a simulated disk keeps, loses and damages. */
class SimulatedDiskTest {
  private static final long SEED = Seeds.seed("SimulatedDiskTest");
  private static final int RUNS = 300;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final RandomGenerator random = Seeds.random(SEED);

  // Patterns of loss.

  @ParameterizedTest
  @EnumSource
  void everyPattern_keepsWhatWasForced(LossPattern pattern) throws IOException {
    disk.replace("a/control", bytes("safe"));
    try (Disk.Appender appender = durableLog("b/c/log", "safe")) {
      write(appender, "unforced");
      disk.append("b/c/new").close();
      for (int i = 0; i < RUNS; i++) {
        SimulatedDisk after = disk.restart(pattern, random);
        assertThat(text(after, "a/control")).isEqualTo("safe");
        assertThat(text(after, "b/c/log")).startsWith("safe");
      }
    }
  }

  @Test
  void allKept_keepsEverything() throws IOException {
    unforcedLog("12345678");
    assertThat(outcomes("log", LossPattern.ALL_KEPT)).containsExactly("safe12345678");
  }

  @Test
  void allLost_keepsOnlyWhatWasForced() throws IOException {
    unforcedLog("12345678");
    disk.append("new/file").close();
    disk.forceFolder("");
    disk.append("new/other").close();

    assertThat(outcomes("log", LossPattern.ALL_LOST)).containsExactly("safe");
    assertThat(disk.restart(LossPattern.ALL_LOST, random).list("")).containsExactly("log");
  }

  @Test
  void prefix_endsAtAnyByte() throws IOException {
    unforcedLog("123");
    assertThat(outcomes("log", LossPattern.PREFIX))
        .containsExactlyInAnyOrder("safe", "safe1", "safe12", "safe123");
  }

  @Test
  void zeroed_hasTheLengthWithoutTheBytes() throws IOException {
    unforcedLog("123");
    assertThat(outcomes("log", LossPattern.ZEROED)).containsExactly("safe\0\0\0");
  }

  @Test
  void garbage_hasTheLengthWithOtherBytes() throws IOException {
    unforcedLog("12345678");
    byte[] left = disk.restart(LossPattern.GARBAGE, random).read("log", 0).readAllBytes();
    assertThat(left).hasSize(12).startsWith(bytes("safe"));
    assertThat(left).isNotEqualTo(bytes("safe12345678"));
  }

  @Test
  void sectors_surviveEachForItself() throws IOException {
    unforcedLog("x".repeat(508 + 512 + 1));

    assertThat(outcomes("log", LossPattern.SECTORS))
        .hasSize(8)
        .allSatisfy(
            left -> {
              assertThat(left).hasSize(1025).startsWith("safe");
              assertThat(left.substring(4, 512).chars().distinct().count()).isEqualTo(1);
              assertThat(left.substring(512, 1024).chars().distinct().count()).isEqualTo(1);
            });
  }

  @Test
  void reordered_letsTheLaterFileSurviveWithoutTheEarlier() throws IOException {
    try (Disk.Appender first = durableLog("first", "");
        Disk.Appender second = durableLog("second", "")) {
      write(first, "1");
      write(second, "2");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < RUNS; i++) {
      SimulatedDisk after = disk.restart(LossPattern.REORDERED, random);
      seen.add(text(after, "first") + "," + text(after, "second"));
    }
    assertThat(seen).contains("1,2", "1,", ",2", ",", "\0,2", "1,\0");
  }

  @Test
  void sameSeed_sameOutcome() throws IOException {
    unforcedLog("12345678".repeat(1_000));
    for (LossPattern pattern : LossPattern.values()) {
      assertThat(text(disk.restart(pattern, Seeds.random(5)), "log"))
          .isEqualTo(text(disk.restart(pattern, Seeds.random(5)), "log"));
    }
  }

  // Names.

  @Test
  void forcedFile_withoutForcedFolderMayBeGone() throws IOException {
    try (Disk.Appender appender = disk.append("journal/1")) {
      write(appender, "acknowledged");
      appender.force();
    }
    assertThat(outcomes("journal/1", LossPattern.LOST_ENTRY))
        .containsExactlyInAnyOrder("(none)", "acknowledged");
    assertThat(outcomes("journal/1", LossPattern.ALL_LOST)).containsExactly("(none)");
  }

  @Test
  void names_surviveEachForItselfOrInTheirOrder() throws IOException {
    disk.append("a").close();
    disk.append("b").close();

    assertThat(names(LossPattern.LOST_ENTRY)).containsExactlyInAnyOrder("", "a", "b", "a b");
    assertThat(names(LossPattern.PREFIX)).containsExactlyInAnyOrder("", "a", "a b");
  }

  @Test
  void lostFolder_takesItsFilesWithIt() throws IOException {
    disk.append("new/a").close();
    disk.append("new/b").close();

    assertThat(names(LossPattern.LOST_ENTRY))
        .containsExactlyInAnyOrder("", "new/a", "new/b", "new/a new/b");
    assertThat(names(LossPattern.PREFIX)).containsExactlyInAnyOrder("", "new/a", "new/a new/b");
  }

  @Test
  void delete_mayBeUndoneUntilTheFolderIsForced() throws IOException {
    durableLog("log", "safe").close();
    disk.delete("log");
    assertThat(disk.copy().list("")).isEmpty();
    SimulatedDisk forced = diskWith("log");
    forced.delete("log");
    forced.forceFolder("");

    assertThat(outcomes("log", LossPattern.LOST_ENTRY)).containsExactlyInAnyOrder("safe", "(none)");
    assertThat(forced.restart(LossPattern.ALL_LOST, random).list("")).isEmpty();
  }

  @Test
  void moveWithinAFolder_isOneStep() throws IOException {
    durableLog("a", "safe").close();
    disk.move("a", "b");

    assertThat(names(LossPattern.LOST_ENTRY)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void moveBetweenFolders_leavesOneNameAtLeast() throws IOException {
    durableLog("a/x", "safe").close();
    disk.move("a/x", "b/x");

    assertThat(names(disk.copy())).containsExactly("b/x");
    SimulatedDisk newForced = moved("b");
    SimulatedDisk oldForced = moved("a");
    SimulatedDisk bothForced = moved("a", "b");
    assertThat(names(disk, LossPattern.LOST_ENTRY)).contains("a/x", "b/x", "a/x b/x");
    assertThat(names(newForced, LossPattern.LOST_ENTRY))
        .containsExactlyInAnyOrder("b/x", "a/x b/x");
    assertThat(names(oldForced, LossPattern.LOST_ENTRY)).contains("a/x", "b/x");
    assertThat(names(bothForced, LossPattern.ALL_LOST)).containsExactly("b/x");
    assertThat(names(moved("b", "a"), LossPattern.ALL_LOST)).containsExactly("b/x");
  }

  @Test
  void fileMadeUnderAFreedName_neverCostsTheOldFile() throws IOException {
    durableLog("journal", "safe").close();
    disk.move("journal", "journal.1");
    disk.append("journal").close();

    assertThat(names(LossPattern.LOST_ENTRY))
        .containsExactlyInAnyOrder("journal", "journal.1", "journal journal.1");
    for (int i = 0; i < RUNS; i++) {
      SimulatedDisk after = disk.restart(LossPattern.LOST_ENTRY, random);
      assertThat(text(after, "journal") + text(after, "journal.1")).contains("safe");
    }
  }

  // Replacing.

  @Test
  void replace_isFourOperations() throws IOException {
    disk.replace("folder/control", bytes("1"));
    assertThat(disk.operations()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void replace_crashBeforeRename_leavesOldContent(LossPattern pattern) throws IOException {
    for (int operation = 1; operation <= 2; operation++) {
      assertThat(outcomes(crashedReplace(operation), "control", pattern))
          .containsExactly("old content");
    }
  }

  @ParameterizedTest
  @EnumSource
  void replace_crashAfterRename_leavesOldOrNewContentButNoMixture(LossPattern pattern)
      throws IOException {
    for (int operation = 3; operation <= 4; operation++) {
      assertThat(outcomes(crashedReplace(operation), "control", pattern))
          .isSubsetOf("old content", "new")
          .isNotEmpty();
    }
    assertThat(outcomes(crashedReplace(3), "control", LossPattern.LOST_ENTRY)).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void replace_thatReturned_isSafe(LossPattern pattern) throws IOException {
    SimulatedDisk after = diskWith("control");
    after.replace("control", bytes("new"));
    assertThat(outcomes(after, "control", pattern)).containsExactly("new");
    assertThat(names(after, pattern)).containsExactly("control");
  }

  @Test
  void write_mayBeTornUntilForced() throws IOException {
    disk.write("page", bytes("prayer"));
    SimulatedDisk forced = disk.copy();
    forced.write("page", bytes("prayer, marked"));
    forced.write("folder/other", bytes("x"));
    long before = forced.operations();
    forced.forceAll(List.of("page", "folder/other"));

    assertThat(forced.operations() - before).isEqualTo(4);
    assertThat(outcomes("page", LossPattern.PREFIX)).contains("(none)", "", "pray", "prayer");
    assertThat(outcomes(forced, "page", LossPattern.ALL_LOST)).containsExactly("prayer, marked");
  }

  // Crashes.

  @Test
  void crash_comesAtTheNthOperationAndStopsEverything() throws IOException {
    disk.append("log").close();
    disk.crashAt(3);
    try (Disk.Appender appender = disk.append("log")) {
      write(appender, "1");
      appender.force();
      assertThatThrownBy(() -> write(appender, "2")).isInstanceOf(SimulatedCrash.class);
      assertThat(disk.crashed()).isTrue();
      assertThat(disk.operations()).isEqualTo(4);
      assertThatThrownBy(appender::force).isInstanceOf(SimulatedCrash.class);
    }
    assertThatThrownBy(() -> disk.list("")).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> disk.exists("log")).isInstanceOf(SimulatedCrash.class);
    assertThat(new SimulatedCrash(1).getStackTrace()).isEmpty();
  }

  @Test
  void crashInAWrite_leavesHalfOfIt() throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      disk.crashAt(1);
      assertThatThrownBy(() -> write(appender, "123456")).isInstanceOf(SimulatedCrash.class);
    }
    assertThat(outcomes("log", LossPattern.ALL_KEPT)).containsExactly("safe123");
  }

  @Test
  void restartedDisk_startsAfreshAndLeavesTheCrashedOneAsItWas() throws IOException {
    unforcedLog("123");
    SimulatedDisk after = disk.restart(LossPattern.ALL_LOST, random);
    assertThat(after.operations()).isZero();
    try (Disk.Appender appender = after.append("log")) {
      write(appender, " again");
      appender.force();
    }

    assertThat(outcomes(after, "log", LossPattern.ALL_LOST)).containsExactly("safe again");
    assertThat(outcomes("log", LossPattern.ALL_KEPT)).containsExactly("safe123");
  }

  @Test
  void copy_sharesNothingWithItsOriginal() throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      SimulatedDisk copy = disk.copy();
      write(appender, "1");
      try (Disk.Appender other = copy.append("log")) {
        write(other, "2");
      }
      write(appender, "3");
      assertThat(text(disk, "log")).isEqualTo("safe13");
      assertThat(text(copy, "log")).isEqualTo("safe2");
    }
  }

  // Failures.

  @Test
  void failedForce_givesUpBytesThatReadersStillSee() throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      write(appender, "123");
      disk.failAt(1, new IOException("EIO"), false);
      assertThatThrownBy(appender::force).hasMessage("EIO");
      appender.force();
      assertThat(text(disk, "log")).isEqualTo("safe123");
    }
    assertThat(outcomes("log", LossPattern.ALL_KEPT)).containsExactly("safe");
    assertThat(outcomes("log", LossPattern.PREFIX)).containsExactly("safe");
    assertThat(outcomes("log", LossPattern.ZEROED)).containsExactly("safe\0\0\0");
  }

  @Test
  void failedForce_leavesAHoleBeforeLaterBytes() throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      for (String lost : List.of("12", "3")) {
        write(appender, lost);
        disk.failAt(1, new IOException("EIO"), false);
        assertThatThrownBy(appender::force).hasMessage("EIO");
      }
      write(appender, "more");
      appender.force();
    }
    assertThat(outcomes("log", LossPattern.ALL_LOST)).containsExactly("safe\0\0\0more");
  }

  @Test
  void failedForce_isHealedByReplacingThroughAPrefix() throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      write(appender, "123");
      disk.failAt(1, new IOException("EIO"), false);
      assertThatThrownBy(appender::force).hasMessage("EIO");
    }
    disk.replaceByPrefix("log", 6);
    assertThat(outcomes("log", LossPattern.ALL_LOST)).containsExactly("safe12");
  }

  @Test
  void failedForceAll_givesUpBytesToo() throws IOException {
    disk.write("page", bytes("prayer"));
    disk.failAt(1, new IOException("EIO"), false);
    assertThatThrownBy(() -> disk.forceAll(List.of("page"))).hasMessage("EIO");
    disk.forceAll(List.of("page"));

    assertThat(outcomes("page", LossPattern.ALL_KEPT)).containsExactly("");
  }

  @Test
  void failureWithEffect_didItsWork() throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      disk.failAt(1, new IOException("first"), true);
      disk.failAt(2, new IOException("second"), true);
      assertThatThrownBy(() -> write(appender, "123")).hasMessage("first");
      assertThatThrownBy(appender::force).hasMessage("second");
      write(appender, "4");
    }
    assertThat(outcomes("log", LossPattern.ALL_LOST)).containsExactly("safe123");
  }

  @Test
  void failureWithoutEffect_didNothing() throws IOException {
    durableLog("log", "safe").close();
    for (int operation = 1; operation <= 3; operation++) {
      disk.failAt(operation, new IOException("EIO"), false);
      assertThatThrownBy(() -> disk.replace("log", bytes("new"))).hasMessage("EIO");
      assertThat(text(disk, "log")).isEqualTo("safe");
      if (disk.exists("log" + Disk.PARTIAL)) {
        disk.delete("log" + Disk.PARTIAL);
      }
    }
    disk.failAt(1, new IOException("EIO"), false);
    assertThatThrownBy(() -> disk.append("new")).hasMessage("EIO");
    assertThat(disk.exists("new")).isFalse();
    assertThatCode(() -> disk.append("new").close()).doesNotThrowAnyException();
  }

  // Room.

  @Test
  void fullDisk_writesWhatHasRoomAndFails() throws IOException {
    disk.replace("old", new byte[50]);
    disk.capacity(60);
    try (Disk.Appender appender = disk.append("log")) {
      assertThatThrownBy(() -> write(appender, "123456789012"))
          .isInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertThat(text(disk, "log")).isEqualTo("1234567890");
      assertThatThrownBy(() -> disk.replace("old", new byte[1]))
          .hasMessage("No space left on device");
      assertThat(disk.size("old")).isEqualTo(50);

      disk.delete("old");
      write(appender, "!");
      assertThat(text(disk, "log")).isEqualTo("1234567890!");
      disk.capacity(0);
      assertThatThrownBy(() -> write(appender, "?")).hasMessage("No space left on device");
    }
  }

  // Speed.

  @Test
  void thousandsOfRestarts_takeSeconds() throws IOException {
    for (int i = 0; i < 50; i++) {
      durableLog("folder" + i % 5 + "/" + i, "x".repeat(2_000)).close();
    }
    long start = System.nanoTime();
    SimulatedDisk current = disk;
    LossPattern[] patterns = LossPattern.values();
    for (int i = 0; i < 5_000; i++) {
      try (Disk.Appender appender = current.append("folder1/1")) {
        write(appender, "line");
        appender.force();
        write(appender, "unforced");
      }
      current = current.restart(patterns[i % patterns.length], random);
    }
    assertThat(current.list("")).hasSize(50);
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  // Helpers.

  private Disk.Appender durableLog(String file, String text) throws IOException {
    Disk.Appender appender = disk.append(file);
    write(appender, text);
    appender.force();
    disk.forceFolder(Disk.folderOf(file));
    return appender;
  }

  private void unforcedLog(String text) throws IOException {
    try (Disk.Appender appender = durableLog("log", "safe")) {
      write(appender, text);
    }
  }

  private static SimulatedDisk diskWith(String file) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.replace(file, bytes("old content"));
    return disk;
  }

  private static SimulatedDisk crashedReplace(int operation) throws IOException {
    SimulatedDisk disk = diskWith("control");
    disk.crashAt(operation);
    assertThatThrownBy(() -> disk.replace("control", bytes("new")))
        .isInstanceOf(SimulatedCrash.class);
    return disk;
  }

  private static SimulatedDisk moved(String... forced) throws IOException {
    SimulatedDisk disk = diskWith("a/x");
    disk.move("a/x", "b/x");
    for (String folder : forced) {
      disk.forceFolder(folder);
    }
    return disk;
  }

  private Set<String> outcomes(String file, LossPattern pattern) throws IOException {
    return outcomes(disk, file, pattern);
  }

  private Set<String> outcomes(SimulatedDisk crashed, String file, LossPattern pattern)
      throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < RUNS; i++) {
      seen.add(text(crashed.restart(pattern, random), file));
    }
    return seen;
  }

  private Set<String> names(LossPattern pattern) throws IOException {
    return names(disk, pattern);
  }

  private Set<String> names(SimulatedDisk crashed, LossPattern pattern) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < RUNS; i++) {
      seen.addAll(names(crashed.restart(pattern, random)));
    }
    return seen;
  }

  private static Set<String> names(SimulatedDisk disk) throws IOException {
    return Set.of(String.join(" ", disk.list("")));
  }

  private static String text(Disk disk, String file) throws IOException {
    return disk.exists(file) ? new String(disk.read(file, 0).readAllBytes(), UTF_8) : "(none)";
  }

  private static void write(Disk.Appender appender, String text) throws IOException {
    appender.write(bytes(text), 0, bytes(text).length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
