package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in the layout of a release, with the classes of the test, and with LC_ALL=C. */
class LauncherTest {
  /** A name in Cyrillic letters; a script writes it in bytes, so that no locale is needed. */
  private static final String NAME = "\u043c\u0438\u0440";

  private static final String NAME_BYTES = "$'\\320\\274\\320\\270\\321\\200'";

  @TempDir Path folder;

  @BeforeEach
  void makeRelease() throws IOException {
    Path launcher = folder.resolve("release/bin/thywill");
    Files.createDirectories(launcher.getParent());
    Files.createDirectories(folder.resolve("release/lib"));
    Files.copy(Path.of("../thywill"), launcher);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(System.getProperty("java.class.path").split(":"))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(folder.resolve("release/lib/program.jar")), manifest)
        .close();
  }

  /** Runs a script in the folder; returns what it prints on both streams. */
  private String bash(String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
    builder.environment().put("LC_ALL", "C");
    builder
        .environment()
        .put("THYWILL_JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
    builder.environment().put("TW", folder.resolve("release/bin/thywill").toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void names_inAnotherScript_areThoseOnDiskAndOnTheCommandLine() throws Exception {
    String output =
        bash(
            "name="
                + NAME_BYTES
                + """

                "$TW" demo --members 5 --prayers 4 --quiet --dir "$name"; echo "demo $?"
                cd "$name" || exit
                "$TW" validate-archives; echo "relative $?"
                "$TW" --archive "$PWD/text_archives" validate-archives; echo "absolute $?"
                "$TW" sign-in-link "$name"; echo "link $?"
                ls ..
                """);
    assertThat(output)
        .contains("demo 0\n", "relative 0\n", "absolute 0\n")
        .contains("There is no member " + NAME + ".")
        .contains("link 3\n")
        .endsWith("\nrelease\n" + NAME + "\n");
    System.out.println("row real-locale: 4 commands under LC_ALL=C on names in another script");
  }

  @Test
  void fewOpenFiles_areRefusedInASentence_alsoAsJson() throws Exception {
    String output =
        bash(
            """
            ulimit -n 40
            "$TW" config; echo "text $?"
            "$TW" validate-archives --json 2>/dev/null; echo "json $?"
            """);
    assertThat(output)
        .contains(
            "thywill: this shell lets a program open 40 files at once; expected at least 256.")
        .contains("text 4\n")
        .contains("{\"command\":\"\",\"status\":\"failed\",\"exit\":4,")
        .contains("json 4\n");
  }

  @Test
  void standardOutput_fullOrClosed_isAFailureOfTheEnvironment() throws Exception {
    String output =
        bash(
            """
            "$TW" config >/dev/full; echo "text $?"
            "$TW" config --json >/dev/full; echo "json $?"
            "$TW" --help >&-; echo "closed $?"
            "$TW" config >/dev/null 2>&- <&-; echo "others $?"
            """);
    assertThat(output)
        .contains("text 4\n", "json 4\n", "closed 4\n", "others 0\n")
        .contains("thywill: standard output cannot be written; the result is lost\n");
  }
}
