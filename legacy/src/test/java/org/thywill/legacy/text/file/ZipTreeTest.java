package org.thywill.legacy.text.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ZIP file may hold anything, and what it states of itself may be wrong. */
class ZipTreeTest {
  private static final ZipTree.Limits SMALL = new ZipTree.Limits(3, 1_000, 1_500);
  private static final byte[] NINE_HUNDRED = "x".repeat(900).getBytes(UTF_8);

  @TempDir Path folder;

  @Test
  void fileAboveTheLimit_isReported_andTheOthersAreRead() throws Exception {
    try (ZipTree tree =
        ZipTree.open(
            "old.zip", zip(Map.of("bomb.txt", new byte[1_001], "a.txt", new byte[400])), SMALL)) {
      assertThatThrownBy(() -> tree.read("bomb.txt"))
          .isInstanceOf(TextTree.UnreadFileException.class)
          .hasMessage(
              "more than 1000 bytes, which is the most that is read of a file in a ZIP; unpack the"
                  + " ZIP, and name the folder instead");
      assertThat(tree.read("a.txt").file().text()).hasSize(400);
    }
  }

  @Test
  void fileThatStatesASmallerSize_isReadOnlyUpToTheLimit() throws Exception {
    byte[] lying = bytes(Map.of("bomb.txt", new byte[100_000]));
    put(lying, central(lying, "bomb.txt") + 24, 10);
    try (ZipTree tree = ZipTree.open("old.zip", write(lying), SMALL)) {
      assertThatThrownBy(() -> tree.read("bomb.txt"))
          .isInstanceOf(TextTree.UnreadFileException.class)
          .hasMessageContaining("more than 1000 bytes");
    }
  }

  @Test
  void filesAboveTheLimitTogether_areRefused_withTheLimitAndWhatToDo() throws Exception {
    byte[] whole = bytes(Map.of("a.txt", NINE_HUNDRED, "b.txt", NINE_HUNDRED));
    assertThatThrownBy(() -> ZipTree.open("old.zip", write(whole), SMALL))
        .isInstanceOf(ZipException.class)
        .hasMessage(
            "old.zip would unpack to 1800 bytes, and no more than 1500 bytes of a ZIP are read;"
                + " unpack it, look at what is in it, and name the folder instead");
    put(whole, central(whole, "a.txt") + 24, 10);
    put(whole, central(whole, "b.txt") + 24, 10);
    try (ZipTree lying = ZipTree.open("old.zip", write(whole), SMALL)) {
      lying.read("a.txt");
      assertThat(lying.read("a.txt").file().text()).as("read twice, counted once").hasSize(900);
      assertThatThrownBy(() -> lying.read("b.txt"))
          .isInstanceOf(TextTree.UnreadFileException.class)
          .hasMessageStartingWith("the ZIP unpacks to more than it says");
    }
  }

  @Test
  void moreFilesThanTheLimit_areRefused() throws Exception {
    Path many = zip(Map.of("1", new byte[0], "2", new byte[0], "3", new byte[0], "4", new byte[0]));
    assertThatThrownBy(() -> ZipTree.open("old.zip", many, SMALL))
        .isInstanceOf(ZipException.class)
        .hasMessage(
            "old.zip has 4 entries, and no more than 3 are read; unpack it, and name the folder"
                + " instead");
  }

  @Test
  void namesThatPointElsewhere_areOnlyNames() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<String> names =
        List.of(
            "../../up.txt",
            "/etc/passwd",
            "C:\\prayers\\x.txt",
            "prayers\\2025\\a.txt",
            "a\nb.txt",
            "./here/./x.txt",
            "dir/");
    names.forEach(name -> files.put(name, name.endsWith("/") ? new byte[0] : name.getBytes(UTF_8)));
    try (ZipTree tree = ZipTree.open("old.zip", zip(files), ZipTree.Limits.USUAL)) {
      assertThat(tree.files())
          .containsExactlyInAnyOrder(
              "../../up.txt",
              "/etc/passwd",
              "C:/prayers/x.txt",
              "prayers/2025/a.txt",
              "a\nb.txt",
              "./here/./x.txt");
      for (String file : tree.files()) {
        assertThat(tree.read(file).file().text().replace('\\', '/')).isEqualTo(file);
        assertThat(tree.shown(file)).doesNotContain("\n");
      }
    }
    try (var left = Files.list(folder)) {
      assertThat(left).as("nothing was unpacked").hasSize(1);
    }
  }

  @Test
  void nameThatTwoFilesHave_isReported() throws Exception {
    byte[] two =
        bytes(
            new LinkedHashMap<>(
                Map.of("a.txt", "first".getBytes(UTF_8), "b.txt", "later".getBytes(UTF_8))));
    for (int at = indexOf(two, "b.txt", 0); at >= 0; at = indexOf(two, "b.txt", at)) {
      two[at] = 'a';
    }
    try (ZipTree tree = ZipTree.open("old.zip", write(two), SMALL)) {
      assertThat(tree.files()).containsExactly("a.txt");
      assertThat(tree.duplicateNames()).containsExactly("a.txt");
      assertThat(tree.read("a.txt").file().text()).isIn("first", "later");
    }
  }

  @Test
  void encryptedAndTruncatedFiles_areRefusedWithAReason() throws Exception {
    byte[] whole = bytes(Map.of("a.txt", NINE_HUNDRED));
    byte[] encrypted = whole.clone();
    encrypted[central(encrypted, "a.txt") + 8] |= 1;
    for (byte[] bad :
        List.of(encrypted, Arrays.copyOf(whole, whole.length - 10), new byte[] {'P', 'K', 3, 4})) {
      assertThatThrownBy(() -> ZipTree.open("old.zip", write(bad), SMALL))
          .isInstanceOf(ZipException.class)
          .hasMessageMatching(
              "old.zip is cut short, damaged, or encrypted \\(.+\\); unpack it, and name the folder"
                  + " instead");
    }
  }

  /** Whichever byte of the content is damaged, a content that differs is reported. */
  @Test
  void contentThatIsDamaged_isReported() throws Exception {
    byte[] content =
        "Prayer 1 by Ada\nSubmitted March 01 2025 at 10:00\n\nFor rain, and for all who wait for it.\n\nActivity:\n"
            .getBytes(UTF_8);
    byte[] whole = bytes(Map.of("a.txt", content));
    int doubts = 0;
    for (int at = 30 + "a.txt".length(); at < central(whole, "a.txt") - 16; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      try (ZipTree tree = ZipTree.open("old.zip", write(damaged), SMALL)) {
        TextTree.Content read = tree.read("a.txt");
        assertThat(read.file().text().equals(new String(content, UTF_8)))
            .as("byte %s", at)
            .isEqualTo(read.doubt() == null);
        doubts++;
      } catch (TextTree.UnreadFileException e) {
        assertThat(e).hasMessageStartingWith("the ZIP is damaged here");
      }
    }
    assertThat(doubts).isPositive();
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    return write(bytes(files));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("old.zip"), bytes);
  }

  private static byte[] bytes(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(file.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** Where the entry begins in the list at the end of a ZIP. */
  private static int central(byte[] zip, String name) {
    int at = -1;
    for (int found = indexOf(zip, name, 0); found >= 0; found = indexOf(zip, name, found + 1)) {
      at = found;
    }
    return at - 46;
  }

  private static int indexOf(byte[] bytes, String text, int from) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
  }

  private static void put(byte[] bytes, int at, int number) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (number >>> 8 * i);
    }
  }
}
