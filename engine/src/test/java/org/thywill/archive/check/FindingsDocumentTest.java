package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.SimulatedDisk;

/**
 * Each code of a finding has an example, from which docs/FINDINGS.md is made.
 *
 * <p>{@code -Dthywill.update=true} updates the document.
 */
class FindingsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "FINDINGS.md");
  private static final Pattern CODE =
      Pattern.compile("\"([a-z]+(?:-[a-z]+)+|mangled|quarantined)\"");

  static List<FindingExamples.Example> examples() throws IOException {
    return FindingExamples.all();
  }

  private static Finding found(FindingExamples.Example example) throws IOException {
    List<Finding> all = example.look().at(new ArchiveFixture.Fixed(example.files()));
    assertThat(all).as(example.code()).anyMatch(finding -> isMeant(finding, example));
    return all.stream().filter(finding -> isMeant(finding, example)).findFirst().orElseThrow();
  }

  private static boolean isMeant(Finding finding, FindingExamples.Example example) {
    return finding.code().equals(example.code())
        && finding.file().equals(example.file())
        && finding.line() == example.line();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_hasItsFinding_whereItSays_andIsRepairedAsItSays(FindingExamples.Example example)
      throws IOException {
    Finding finding = found(example);
    Disk disk = new OverlayDisk(new ArchiveFixture.Fixed(example.files()), new SimulatedDisk());
    ArchiveRepairer repair =
        ArchiveRepairer.plan(disk, Map.of(), new SimulatedDisk(), ProgressListener.NONE);
    repair.apply();
    CheckReport after = ArchiveFixture.check(disk);
    switch (example.remedy()) {
      case RESTORED -> {
        assertThat(after.sound()).as("%s", after.findings()).isTrue();
        assertThat(after.findings()).noneMatch(each -> isMeant(each, example));
        assertThat(repair.repairedFiles()).isNotEmpty();
      }
      case STAYS -> {
        assertThat(after.sound()).isFalse();
        assertThat(repair.repairedFiles())
            .extracting(ArchiveRepairer.RepairedFile::file)
            .doesNotContain(example.file());
        assertThat(finding.repairable()).isFalse();
      }
      case NONE -> assertThat(finding.severity()).isNotEqualTo(Finding.Severity.ERROR);
    }
    if (finding.severity() == Finding.Severity.ERROR && finding.repairable()) {
      assertThat(after.sound()).as("what is called repairable is repaired").isTrue();
    }
  }

  @Test
  void everyCode_hasAnExample() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (String sources :
        List.of(
            "src/main/java/org/thywill/archive",
            "src/main/java/org/thywill/catalog/SemanticRules.java")) {
      try (var files = Files.walk(Path.of(sources))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          Matcher found = CODE.matcher(Files.readString(file));
          while (found.find()) {
            codes.add(found.group(1));
          }
        }
      }
    }
    codes.remove("windows-1252"); // the name of a charset
    assertThat(codes).hasSizeGreaterThan(40);
    assertThat(examples().stream().map(FindingExamples.Example::code).toList())
        .containsExactlyInAnyOrderElementsOf(codes);
  }

  @Test
  void document_isMadeFromTheExamples() throws IOException {
    String text = document();
    if (Boolean.getBoolean("thywill.update")) {
      Files.writeString(DOCUMENT, text);
      return;
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(text);
  }

  private static String document() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Findings

            What `validate-archives` and the other commands that read an archive may find, in the order of severity and name. A script can rely on the codes. Each is shown with the
            smallest archive that has it; the tests make these archives, look for the finding, repair them, and write this page.

            An *error* says that bytes, sequence or content are not what was written: the exit code is 1. A *warning* says that something does not make sense, a *note* that something is good to know; with these alone it is 0.
            *Repair* says what `repair-archives --apply` does with the example, which has no second location to ask. Where it can do nothing, it may with `--from` a copy of the archive.
            """);
    List<FindingExamples.Example> examples = new ArrayList<>(examples());
    examples.sort(Comparator.comparing(FindingExamples.Example::code));
    for (Finding.Severity severity : Finding.Severity.values()) {
      text.append("\n## ")
          .append(severity.name().charAt(0))
          .append(severity.name().substring(1).toLowerCase(Locale.ROOT))
          .append("s\n");
      for (FindingExamples.Example example : examples) {
        Finding finding = found(example);
        if (finding.severity() == severity) {
          text.append("\n### ")
              .append(example.code())
              .append("\n\n")
              .append(example.meaning())
              .append("\n\nExample: ")
              .append(example.done())
              .append(".\n\n```\n")
              .append(finding)
              .append("\n```\n\nRepair: ")
              .append(
                  switch (example.remedy()) {
                    case RESTORED -> "made again, and the archive is sound.";
                    case STAYS -> "nothing says exactly what must stand there; it stays as it is.";
                    case NONE -> "nothing to do.";
                  })
              .append('\n');
        }
      }
    }
    text.append(
        """

        ## Copies

        What the commands find that compare the archive with copies of it, and with what this machine remembers: `recovery-report`, `recover`, `repair-archives`, and every command that writes.

        | finding | means | next |
        |---|---|---|
        | `archive-older` | on this machine the archive went further than now | find the newer archive, or `repair-archives --from COPY --apply` |
        | `copy-ahead` | a copy has all changes of the archive, and newer ones | `repair-archives --from PLACE --apply` adds them |
        | `copy-forked` | a copy has other changes than the archive from some change on | `join --from PLACE --dry-run`, then `join` takes them |
        | `copy-joined` | a copy has another history, all of which was joined | copy the archive there again |
        | `copy-rewritten` | a copy is from before the archive was rewritten by `correct-times` | copy the archive there again |
        | `copy-unreachable` | a place that is named cannot be read now, or holds no archive | mount it, or make the first copy |
        | `copy-unusable` | a copy is damaged or of another community, or cannot be compared | `validate-archives --archive PLACE` |
        | `copy-old` | a copy has lacked something for more than a day | copy the archive there again |
        """);
    return text.toString();
  }
}
