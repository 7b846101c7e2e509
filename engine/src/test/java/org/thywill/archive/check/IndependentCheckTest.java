package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/**
 * Two independent checkers agree: this program's, and {@code docs/check_archive.py}.
 *
 * <p>The script was written from FORMAT.md and shares no code. If the two disagree, one of them or
 * the document is wrong.
 *
 * <p>The script does not check how values are spelled, whether rows fit the rows before them, the
 * digests, and the upper part of a page. Such damage has a matching check only if a person crafted
 * it; {@link CraftedLineTest} and {@link CheckSoundTest} test it with the program only.
 */
@Tag("slow")
class IndependentCheckTest {
  private static final int DAMAGES = Integer.getInteger("thywill.damages.independent", 100);
  private static final int CRAFTED = 40;
  private static final int TAILS = 40;

  @TempDir Path folder;

  /**
   * The script in one process, and an archive in a real folder, where only the files that differ
   * from the last call are written.
   */
  private static final class Script implements Closeable {
    private static final String DRIVER =
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        import check_archive
        for folder in sys.stdin:
            found = check_archive.check(folder.rstrip('\\n'))
            print(*(['no archive'] if found is None else found), '.', sep='\\n', flush=True)
        """;

    private final Path folder;
    private final Process process;
    private final Writer folders;
    private final BufferedReader answers;
    private Map<String, byte[]> written = Map.of();

    Script(Path folder) throws IOException {
      this.folder = folder;
      try {
        process =
            new ProcessBuilder(
                    "python3",
                    "-B",
                    "-X",
                    "utf8",
                    "-c",
                    DRIVER,
                    Path.of("..", "docs").toRealPath().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
      } catch (IOException e) {
        throw new AssertionError(
            "this test runs docs/check_archive.py and needs python3: install it", e);
      }
      folders = process.outputWriter(StandardCharsets.UTF_8);
      answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** What the script finds in an archive with these files. */
    List<String> check(Map<String, byte[]> files) throws IOException {
      Files.createDirectories(folder);
      for (String file : written.keySet()) {
        if (!files.containsKey(file)) {
          Files.delete(folder.resolve(file));
        }
      }
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        if (!Arrays.equals(written.get(file.getKey()), file.getValue())) {
          Path path = folder.resolve(file.getKey());
          Files.createDirectories(Objects.requireNonNull(path.getParent()));
          Files.write(path, file.getValue());
        }
      }
      written = new TreeMap<>(files);
      folders.write(folder + "\n");
      folders.flush();
      List<String> found = new ArrayList<>();
      for (String line = answers.readLine(); !".".equals(line); line = answers.readLine()) {
        assertThat(line).as("the script ended").isNotNull();
        found.add(line);
      }
      return found;
    }

    @Override
    public void close() throws IOException {
      folders.close();
      process.destroy();
    }
  }

  /** The results of both for the same files. */
  private record Verdicts(CheckReport program, List<String> script) {
    static Verdicts of(Map<String, byte[]> files, Script script) throws IOException {
      return new Verdicts(ArchiveFixture.check(files), script.check(files));
    }

    void requireSound(String what) {
      assertThat(program.findings())
          .as("program, " + what)
          .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
      assertThat(script).as("script, " + what).isEmpty();
    }

    void requireNamed(String file, String what) {
      assertThat(named())
          .as("program, %s of %s, found %s", what, file, program.findings())
          .contains(file);
      assertThat(script)
          .as("script, %s of %s", what, file)
          .anyMatch(finding -> finding.startsWith(file + ":"));
    }

    void requireEqual(String what) {
      assertThat(script.isEmpty())
          .as("%s: program %s, script %s", what, program.findings(), script)
          .isEqualTo(program.sound());
    }

    Set<String> named() {
      Set<String> files = new TreeSet<>();
      program.findings().stream()
          .filter(finding -> finding.severity() == Finding.Severity.ERROR)
          .forEach(finding -> files.add(finding.file()));
      return files;
    }
  }

  private static List<String> checkedFiles(Map<String, byte[]> files) {
    return files.keySet().stream().filter(file -> !file.equals(ReadmeFile.FILE)).toList();
  }

  private static byte[] get(Map<String, byte[]> files, String file) {
    return Objects.requireNonNull(files.get(file), file);
  }

  @Test
  void soundArchives_areSoundForBoth() throws IOException {
    RandomGenerator random = Seeds.random("IndependentCheckTest");
    try (Script script = new Script(folder)) {
      SimulatedDisk empty = new SimulatedDisk();
      ArchiveWriter.create(
          empty, new ArchiveIdentity("c0ffee", ArchiveFixture.micros("2023-11-20T10:00:00Z")));
      Verdicts.of(ArchiveFixture.files(empty), script).requireSound("empty");
      Verdicts.of(ArchiveFixture.files(ArchiveFixture.tiny()), script).requireSound("tiny");
      Verdicts.of(ArchiveFixture.files(ArchiveFixture.rich(random)), script).requireSound("rich");
      Verdicts.of(ArchiveFixture.files(ArchiveFixture.sealed(ArchiveFixture.rich(random))), script)
          .requireSound("with its last month sealed");
      Verdicts.of(ArchiveFixture.files(withTail(random).disk()), script)
          .requireSound("with changes after the head");
    }
  }

  private static ArchiveFixture withTail(RandomGenerator random) throws IOException {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), random);
    fixture.history(30, 30);
    try (ArchiveWriter writer = fixture.open()) {
      fixture.live(writer, 10, 40);
      fixture.checkpoint(writer);
      fixture.live(writer, 6, 200);
    }
    return fixture;
  }

  @Test
  void randomDamage_isNamedByBoth() throws IOException {
    RandomGenerator random = Seeds.random("IndependentCheckTest");
    Map<String, byte[]> rich = ArchiveFixture.files(ArchiveFixture.rich(random));
    List<String> files = checkedFiles(rich);
    try (Script script = new Script(folder)) {
      for (int i = 0; i < DAMAGES; i++) {
        Map<String, byte[]> damaged = new TreeMap<>(rich);
        String one = files.get(random.nextInt(files.size()));
        String other = files.get(random.nextInt(files.size()));
        String what = FileDamage.one(damaged, one, random);
        boolean two = i % 4 == 0 && !other.equals(one);
        String more = two ? FileDamage.one(damaged, other, random) : "";
        Verdicts verdicts = Verdicts.of(damaged, script);
        verdicts.requireNamed(one, what + " with " + more + " of " + other);
        if (two) {
          verdicts.requireNamed(other, more + " with " + what + " of " + one);
        }
      }
    }
  }

  /**
   * The journal has changes that logs, pages and snapshots do not have yet; then a page that has to
   * be written again may be in any state.
   */
  @Test
  void randomDamage_beforeTheLastCheckpoint_isJudgedAlike() throws IOException {
    RandomGenerator random = Seeds.random("IndependentCheckTest");
    Map<String, byte[]> open = ArchiveFixture.files(withTail(random).disk());
    List<String> files = checkedFiles(open);
    try (Script script = new Script(folder)) {
      for (int i = 0; i < TAILS; i++) {
        Map<String, byte[]> damaged = new TreeMap<>(open);
        String file = files.get(random.nextInt(files.size()));
        String what = FileDamage.one(damaged, file, random);
        Verdicts.of(damaged, script).requireEqual(what + " of " + file);
      }
    }
  }

  @Test
  void lastLineOfALog_doubled_isNamedByBoth_thoughChangesFollowTheHead() throws IOException {
    Map<String, byte[]> open =
        ArchiveFixture.files(withTail(Seeds.random("IndependentCheckTest")).disk());
    try (Script script = new Script(folder)) {
      for (String log :
          open.keySet().stream().filter(file -> Catalog.ofLog(file).isPresent()).toList()) {
        byte[] bytes = get(open, log);
        int last = bytes.length - 1;
        while (bytes[last - 1] != '\n') {
          last--;
        }
        byte[] doubled = Arrays.copyOf(bytes, 2 * bytes.length - last);
        System.arraycopy(bytes, last, doubled, bytes.length, bytes.length - last);
        Verdicts.of(ArchiveFixture.with(open, log, doubled), script)
            .requireNamed(log, "its last line doubled");
      }
    }
  }

  /**
   * A line with another seq, transaction or time and a matching check contradicts the journal. Both
   * checkers name one of the two files, since it is not known which of two sound lines is right.
   */
  @Test
  void lineOutOfSequence_withARightCheck_isFoundByBoth() throws IOException {
    RandomGenerator random = Seeds.random("IndependentCheckTest");
    Map<String, byte[]> rich = ArchiveFixture.files(ArchiveFixture.rich(random));
    List<String> logs =
        rich.keySet().stream().filter(file -> Catalog.ofLog(file).isPresent()).toList();
    try (Script script = new Script(folder)) {
      for (int i = 0; i < CRAFTED; i++) {
        String log = logs.get(random.nextInt(logs.size()));
        List<byte[]> lines = FileDamage.lines(get(rich, log));
        int line = Header.LINES + random.nextInt(lines.size() - Header.LINES);
        String was = new String(lines.get(line), StandardCharsets.UTF_8);
        String crafted = outOfSequence(Catalog.ofLog(log).orElseThrow(), was, random);
        lines.set(line, crafted.getBytes(StandardCharsets.UTF_8));
        Verdicts verdicts =
            Verdicts.of(ArchiveFixture.with(rich, log, FileDamage.joined(lines)), script);
        String what = log + ":" + (line + 1) + " " + crafted;
        assertThat(verdicts.named())
            .as("program, " + what)
            .anyMatch(file -> file.equals(log) || file.startsWith("journal/"));
        assertThat(verdicts.script())
            .as("script, " + what)
            .anyMatch(finding -> finding.startsWith(log + ":") || finding.startsWith("journal/"));
      }
    }
  }

  private static String outOfSequence(Table table, String line, RandomGenerator random) {
    String[] fields = line.substring(0, line.length() - 1).split("\\|", -1);
    int end = fields.length - 1;
    switch (random.nextInt(4)) {
      case 0 -> fields[end - 7] = Long.toString(Long.parseLong(fields[end - 7]) + 1);
      case 1 -> fields[end - 6] = fields[end - 6] + "9";
      case 2 -> fields[end - 5] = "0".equals(fields[end - 5]) ? "1" : "0";
      default ->
          fields[0] =
              fields[0].substring(0, 20)
                  + (fields[0].startsWith("999999", 20) ? "000000Z" : "999999Z");
    }
    String body = String.join("|", Arrays.asList(fields).subList(0, end)) + "|";
    byte[] checked = (table.name() + "|" + body).getBytes(StandardCharsets.UTF_8);
    return body + LineCodec.crc(checked, 0, checked.length) + "\n";
  }

  @Test
  void wrongSeal_withARightCheck_isNamedByBoth() throws IOException {
    RandomGenerator random = Seeds.random("IndependentCheckTest");
    Map<String, byte[]> rich = ArchiveFixture.files(ArchiveFixture.rich(random));
    List<String> seals = rich.keySet().stream().filter(SealFile::isSeal).toList();
    try (Script script = new Script(folder)) {
      for (int i = 0; i < CRAFTED; i++) {
        String seal = seals.get(random.nextInt(seals.size()));
        List<String> lines =
            new ArrayList<>(new String(get(rich, seal), StandardCharsets.UTF_8).lines().toList());
        lines.removeLast();
        int line = 1 + random.nextInt(lines.size() - 1);
        switch (random.nextInt(3)) {
          case 0 -> lines.remove(line);
          case 1 -> lines.add(line, lines.get(line));
          default -> lines.set(line, lines.get(line) + "0");
        }
        byte[] crafted = ControlFile.content(String.join("\n", lines) + "\n");
        Verdicts.of(ArchiveFixture.with(rich, seal, crafted), script)
            .requireNamed(seal, "line " + (line + 1) + " in " + lines);
      }
    }
  }

  /**
   * {@code docs/parity.py}, which was also written from FORMAT.md, restores what the program does.
   */
  @Test
  void logThatIsLost_isMadeAgainByTheScript() throws Exception {
    Map<String, byte[]> sound =
        ArchiveFixture.files(ArchiveFixture.rich(Seeds.random("IndependentCheckTest")));
    List<String> logs =
        sound.keySet().stream()
            .filter(
                file ->
                    Catalog.ofLog(file)
                        .flatMap(table -> table.logLocation().period(file))
                        .filter(month -> sound.containsKey(ParityEncoder.file(month)))
                        .isPresent())
            .toList();
    for (String log : List.of(logs.getFirst(), logs.get(logs.size() / 2), logs.getLast())) {
      for (Map.Entry<String, byte[]> file : sound.entrySet()) {
        Path path = folder.resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.write(path, file.getValue());
      }
      Files.delete(folder.resolve(log));
      String month = Catalog.ofLog(log).orElseThrow().logLocation().period(log).orElseThrow();
      Process process =
          new ProcessBuilder(
                  "python3",
                  "-B",
                  Path.of("..", "docs", "parity.py").toRealPath().toString(),
                  folder.toString(),
                  month,
                  log)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(process.getInputStream().readAllBytes()).as(log).isEqualTo(get(sound, log));
      assertThat(process.waitFor()).isZero();
    }
  }

  /** Both find the same torn ends, and both miss changes that had been safe. */
  @Test
  void anyEndOfTheJournal_isJudgedAlike() throws IOException {
    RandomGenerator random = Seeds.random("IndependentCheckTest");
    SimulatedDisk disk = withTail(random).disk();
    Map<String, byte[]> files = ArchiveFixture.files(disk);
    Head head = Head.read(disk);
    List<String> journals =
        JournalFile.list(disk).stream()
            .filter(file -> file.equals(head.journal()) || JournalFile.firstSeq(file) > head.seq())
            .toList();
    int sound = 0;
    try (Script script = new Script(folder)) {
      for (int i = 0; i < TAILS; i++) {
        String journal =
            i % 2 == 0 ? journals.getLast() : journals.get(random.nextInt(journals.size()));
        Map<String, byte[]> damaged = new TreeMap<>(files);
        String what =
            damageAfter(
                damaged,
                journal,
                journal.equals(head.journal()) ? (int) head.journalExtent().bytes() : 0,
                random);
        Verdicts verdicts = Verdicts.of(damaged, script);
        verdicts.requireEqual(what + " of " + journal);
        sound += verdicts.program().sound() ? 1 : 0;
      }
    }
    assertThat(sound).as("how often the end was torn").isBetween(1, TAILS - 1);
  }

  /** Damages the bytes of a file after an offset. */
  private static String damageAfter(
      Map<String, byte[]> files, String file, int offset, RandomGenerator random) {
    byte[] bytes = get(files, file);
    if (bytes.length == offset) {
      return "nothing";
    }
    Map<String, byte[]> rest =
        new TreeMap<>(Map.of(file, Arrays.copyOfRange(bytes, offset, bytes.length)));
    String what = FileDamage.one(rest, file, random);
    byte[] after = rest.getOrDefault(file, new byte[0]);
    if (offset == 0 && !rest.containsKey(file)) {
      files.remove(file);
    } else {
      files.put(file, FileDamage.joined(List.of(Arrays.copyOf(bytes, offset), after)));
    }
    return what + " after byte " + offset;
  }
}
