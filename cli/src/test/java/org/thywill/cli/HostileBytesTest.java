package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;

/**
 * Junk without a line feed that is larger than the memory of the process: every command says what
 * it found, and none runs out of memory.
 */
@Tag("slow")
class HostileBytesTest {
  private static final long JUNK = 400L << 20;

  @TempDir Path folder;

  private ProgramRunner demo(String name) throws IOException {
    ProgramRunner program = new ProgramRunner(Files.createDirectory(folder.resolve(name)));
    program.playDemo();
    return program;
  }

  private static String file(ProgramRunner program, Predicate<String> wanted) throws IOException {
    return GzipDisk.at(program.archive()).list("").stream()
        .filter(wanted)
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  /** Appends zero bytes, which take no room on disk. */
  private static void addJunk(Path file, long bytes) throws IOException {
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(grown.length() + bytes);
    }
  }

  /** Runs commands in a process with 192 MiB; returns the exit code and output of each. */
  private static List<String> run(ProgramRunner program, String... commands)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String command : commands) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.addAll(
          List.of(
              "--archive", program.archive().toString(), "--db", program.database().toString()));
      lines.add(String.join("\n", words));
    }
    return ProgramRunner.runInSmallProcess("-Xmx192m", lines);
  }

  private static final String[] LOOKING = {
    "validate-archives --json",
    "validate-archives --quick --json",
    "repair-archives --json",
    "recovery-report --json",
    "recover --replace --json",
    "as-of 2030-01-01T00:00:00Z prayers/none --json",
    "test-recovery --json",
    "repair-archives --apply --json",
    "validate-archives --json"
  };

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void junk_behindAFileOfAnyKind_isNamed_andRepaired_inLittleMemory() throws Exception {
    TreeMap<String, Predicate<String>> kinds = new TreeMap<>();
    kinds.put("control", file -> file.equals("archive.txt"));
    kinds.put("head", file -> file.equals("journal/head.txt"));
    kinds.put("log", file -> file.endsWith("_users.txt"));
    kinds.put("old journal", file -> file.endsWith("_000000000001.txt"));
    kinds.put("page", PrayerPageFile::isPage);
    kinds.put("parity", ParityEncoder::isParity);
    kinds.put("seal", SealFile::isSeal);
    kinds.put("snapshot", file -> file.equals("roles/role_definitions.txt"));
    for (String kind : kinds.keySet()) {
      ProgramRunner program = demo(kind.replace(' ', '-'));
      String file = file(program, kinds.get(kind));
      addJunk(program.archive().resolve(file), JUNK);
      List<String> answers = run(program, LOOKING);
      assertThat(answers.getFirst()).as(kind).startsWith("1 ").contains("\"file\":\"" + file);
      assertThat(answers.get(1)).as(kind).startsWith("1 ").contains("\"file\":\"" + file);
      assertThat(answers.getLast()).as(kind).startsWith("0 ");
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void junk_behindTheNewestJournal_isTorn_andAStartMovesItAside() throws Exception {
    ProgramRunner program = demo("torn");
    String file = file(program, JournalFile::isJournal);
    addJunk(program.archive().resolve(file), JUNK);
    List<String> answers =
        run(
            program,
            "validate-archives --json",
            "validate-archives --quick --json",
            "recover --replace --json",
            "repair-archives --json",
            "seal --json",
            "validate-archives --json");
    for (String answer : answers) {
      assertThat(answer).startsWith("0 ");
    }
    assertThat(answers.getFirst())
        .contains("\"code\":\"journal-torn\"", "bytes without a line feed");
    assertThat(answers.getLast()).doesNotContain("journal-torn").contains("quarantined");
    try (var kept = Files.list(program.archive().resolve("quarantine"))) {
      assertThat(kept.mapToLong(each -> each.toFile().length()).max().orElse(0)).isEqualTo(JUNK);
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void smallCompressedFile_thatHoldsAHugeLine_isDamaged_andRepaired() throws Exception {
    ProgramRunner program = demo("bomb");
    String journal = file(program, each -> each.endsWith("_000000000001.txt"));
    String log = file(program, each -> each.endsWith("_users.txt"));
    for (String file : List.of(journal, log)) {
      addJunk(program.archive().resolve(file), JUNK);
      GzipDisk.at(program.archive()).compress(file);
      Path compressed = program.archive().resolve(file + GzipDisk.ENDING);
      assertThat(Files.size(compressed)).isLessThan(1 << 20);
      assertThat(Files.exists(program.archive().resolve(file))).isFalse();
    }
    List<String> answers = run(program, LOOKING);
    assertThat(answers.getFirst())
        .startsWith("1 ")
        .contains("\"file\":\"" + journal, "\"file\":\"" + log);
    assertThat(answers.getLast()).startsWith("0 ");
  }
}
