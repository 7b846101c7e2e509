package org.thywill.ledger.realrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;

/**
 * The kernel answers one file call of a real process with an error, or kills the process at it, for
 * each call on the archive in turn. Afterwards the archive is as the answers of the process say.
 *
 * <p>{@code strace} injects the faults, only into calls on files and folders of the archive. An
 * ordinary build tries two calls of each story, {@code -Dthywill.real=all} each of them.
 */
@Tag("slow")
class RealFaultTest {
  private static final String CALLS =
      "openat,read,pread64,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,ftruncate";
  private static final List<String> FAULTS = List.of("error=EIO", "error=ENOSPC", "signal=KILL");
  private static final int SAMPLE = 2;
  private static final Pattern CALL = Pattern.compile("^\\d+ +([a-z0-9]+)\\((.*)$");

  @TempDir Path folder;
  private final Set<String> before = new TreeSet<>();

  /** A call of the story on the archive: the nth of its name. */
  private record Call(String name, int nth) {}

  @BeforeEach
  void writeArchive() throws IOException {
    Path archive = base().resolve("text_archives");
    Ledger.found(archive, "c0ffee", InstantSource.system());
    try (Ledger ledger =
        Ledger.open(
            archive,
            base().resolve("community.db"),
            InstantSource.system(),
            ProgressListener.NONE)) {
      for (int i = 0; i < 5; i++) {
        StoryMain.write(ledger, "base-" + i);
        before.add("base-" + i);
        if (i == 3) {
          ledger.checkpoint();
        }
      }
    }
  }

  private Path base() {
    return folder.resolve("base");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aWrite_withAFaultAtEachFileCall() throws Exception {
    tell("real-write", "write");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aCheckpoint_withAFaultAtEachFileCall() throws Exception {
    tell("real-checkpoint", "checkpoint");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aSeal_withAFaultAtEachFileCall() throws Exception {
    tell("real-seal", "seal");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void aRepair_withAFaultAtEachFileCall() throws Exception {
    Path log;
    try (Stream<Path> logs = Files.list(base().resolve("text_archives/prayers/marks"))) {
      log = logs.findFirst().orElseThrow();
    }
    String text = Files.readString(log);
    Files.writeString(log, text.replaceFirst("mark-base-1", "mark-base-X"));
    tell("real-repair", "repair");
  }

  private void tell(String row, String story) throws Exception {
    RealRuns.requireOrNotRun(RealRuns.hasProgram("strace"), row, "strace is not installed");
    List<Call> calls = callsOf(story);
    assertThat(calls).as("the story touches the archive").hasSizeGreaterThan(5);
    RandomGenerator random = Seeds.random("RealFaultTest");
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      chosen.add(i);
    }
    if (!RealRuns.isWhole()) {
      Collections.shuffle(chosen, random);
      chosen = chosen.subList(0, SAMPLE);
    }
    // With a greater scale, each call has every fault, not only one in turn.
    int faultsOfEach = Math.min(FAULTS.size(), Seeds.times(1));
    int runs = 0;
    int hits = 0;
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int index : chosen) {
      for (int i = 0; i < faultsOfEach; i++) {
        String fault = FAULTS.get((index + i) % FAULTS.size());
        runs++;
        hits += attempt(story, calls.get(index), fault, outcomes) ? 1 : 0;
      }
    }
    assertThat(hits).as("faults that took place").isPositive();
    RealRuns.proved(
        row,
        runs,
        "faults at "
            + calls.size()
            + " file calls of one "
            + story
            + ", of which "
            + hits
            + " took place; "
            + outcomes);
  }

  private List<String> storyLine(Path own, String story) {
    return RealRuns.java(
        StoryMain.class,
        own.resolve("text_archives").toString(),
        own.resolve("community.db").toString(),
        own.resolve("scratch").toString(),
        story);
  }

  private Path copy() throws IOException, InterruptedException {
    Path own = folder.resolve("own");
    RealRuns.runWell("rm", "-rf", own.toString());
    RealRuns.runWell("cp", "-a", base().toString(), own.toString());
    return own;
  }

  /** The paths that the story uses, found by watching it once; strace takes no pattern. */
  private List<String> pathsOf(Path own, String story) throws IOException, InterruptedException {
    Path log = folder.resolve("paths.log");
    List<String> line =
        new ArrayList<>(List.of("strace", "-f", "-y", "-s", "300", "-e", "trace=" + CALLS, "-o"));
    line.add(log.toString());
    line.addAll(storyLine(own, story));
    assertThat(RealRuns.run(line)).endsWith("ended\n");
    Set<String> paths = new TreeSet<>();
    Matcher found =
        Pattern.compile(Pattern.quote(own.resolve("text_archives").toString()) + "[^\">,)]*")
            .matcher(Files.readString(log, StandardCharsets.ISO_8859_1));
    while (found.find()) {
      if (!found.group().endsWith(".lock")) {
        paths.add(found.group());
      }
    }
    return List.copyOf(paths);
  }

  private List<String> strace(Path own, String story, List<String> paths, String... options) {
    List<String> line = new ArrayList<>(List.of("strace", "-f", "-e", "trace=" + CALLS));
    paths.forEach(path -> line.addAll(List.of("-P", path)));
    line.addAll(List.of(options));
    line.addAll(storyLine(own, story));
    return line;
  }

  private List<Call> callsOf(String story) throws IOException, InterruptedException {
    Path own = copy();
    List<String> paths = pathsOf(own, story);
    assertThat(paths).isNotEmpty();
    copy();
    Path log = folder.resolve("calls.log");
    assertThat(RealRuns.run(strace(own, story, paths, "-o", log.toString()))).endsWith("ended\n");
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<Call> calls = new ArrayList<>();
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher call = CALL.matcher(line);
      if (call.matches()) {
        calls.add(new Call(call.group(1), counts.merge(call.group(1), 1, Integer::sum)));
      }
    }
    this.paths = paths;
    return calls;
  }

  private List<String> paths = List.of();

  /** Returns whether the fault took place: what threads do may differ from run to run. */
  private boolean attempt(String story, Call call, String fault, Map<String, Integer> outcomes)
      throws IOException, InterruptedException {
    Path own = copy();
    Path log = folder.resolve("fault.log");
    String output =
        RealRuns.run(
            strace(
                own,
                story,
                paths,
                "-e",
                "inject=" + call.name() + ":" + fault + ":when=" + call.nth(),
                "-o",
                log.toString()));
    String what = story + ", " + call + " " + fault + ":\n" + output;
    try {
      Set<String> acknowledged = new TreeSet<>(before);
      Set<String> tried = new TreeSet<>(before);
      for (String line : output.lines().toList()) {
        String[] words = line.split(" ", 3);
        assertThat(words[0]).as(what).isIn("acknowledged", "refused", "ended", "failed");
        if (words[0].equals("acknowledged")) {
          acknowledged.add(words[1]);
        }
      }
      for (int i = 0; i < 3; i++) {
        tried.add("story-" + i);
      }
      if (story.equals("repair")) {
        assertThat(RealRuns.run(storyLine(own, story))).as(what).isEqualTo("ended\n");
      }
      RealRuns.check(
          own.resolve("text_archives"),
          own.resolve("community.db"),
          acknowledged,
          tried::contains,
          StoryMain.later());
      String last = output.lines().reduce((_, line) -> line).orElse("");
      String outcome = last.startsWith("failed") ? "failed" : "killed";
      outcomes.merge(last.equals("ended") ? last : outcome, 1, Integer::sum);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(what, e);
    }
    String calls = Files.readString(log, StandardCharsets.ISO_8859_1);
    return calls.contains("(INJECTED)") || calls.contains("killed by SIGKILL");
  }
}
