package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.schema.LegacyException;

/** Sources that are damaged, cut or no archive at all: nothing is taken on trust. */
class TakeoverTest {
  private static final Path SAMPLES = Path.of("src/test/resources/org/thywill/legacy/takeover");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse(RoundTripContract.NOW));
  private static final String ATTRIBUTES = "prayers/prayer_attributes.txt";
  private static final String REQUEST = "0f3a6c1d9b7e42558a90d1c2b3e4f506";

  @TempDir Path folder;

  private final TextSample sample = new TextSample();

  @Test
  void exportCutBelowItsHeader_removesNoAttribute_andSaysSo() throws Exception {
    ImportReport report = sample.importTexts(SAMPLES.resolve("export-cut"));
    assertThat(sample.query(folder, "SELECT flagged FROM prayer")).containsExactly("1");
    assertThat(sample.query(folder, "SELECT attribute_name FROM prayer_attributes"))
        .containsExactly("answer_date", "answered", "archived", "flagged");
    assertThat(findings(report, "export-in-part"))
        .containsExactly(
            "warning export-cut/prayers/prayer_attributes.txt:1 the export proves nothing about"
                + " what was removed, because it has no records; it lacks 4 attributes that prayer"
                + " files state, and they are kept");
    assertThat(report.findingsByCode()).doesNotContainKey("attribute-superseded");
  }

  @Test
  void exportWithALineThatIsNotUnderstood_orACutLastRecord_removesNoAttribute() throws Exception {
    String other = "5".repeat(32) + "|March 05 2025 at 07:00|" + "7".repeat(32) + "|answered|true|";
    for (String records :
        List.of(
            other + "Tom Birk\nno record",
            other + "Tom Birk\n",
            other + "Tom Bi",
            other + "Tom Birk\n" + other.substring(0, 40))) {
      TextSample each = new TextSample();
      ImportReport report = each.importTexts(withExport(records));
      assertThat(each.query(folder, "SELECT attribute_name FROM prayer_attributes"))
          .as(records)
          .contains("archived", "flagged");
      assertThat(findings(report, "export-in-part")).as(records).hasSize(1);
    }
  }

  @Test
  void completeExport_removesWhatItLacks_exceptAFlag() throws Exception {
    String other = "5".repeat(32) + "|March 05 2025 at 07:00|" + "7".repeat(32) + "|answered|true|";
    ImportReport report = sample.importTexts(withExport(other + "Tom Birk"));
    assertThat(
            sample.query(
                folder,
                "SELECT attribute_name FROM prayer_attributes WHERE prayer_id = '" + REQUEST + "'"))
        .containsExactly("flagged");
    assertThat(sample.query(folder, "SELECT flagged FROM prayer")).containsExactly("1");
    assertThat(findings(report, "flag-kept")).hasSize(1);
    assertThat(report.findingsByCode())
        .containsEntry("attribute-superseded", 3L)
        .doesNotContainKey("export-in-part");
  }

  /** Wherever the disk was full: a prayer that its own file says was flagged is never shown. */
  @Test
  void exportCutAnywhere_neverOpensAFlaggedPrayer() throws Exception {
    String other = "5".repeat(32) + "|March 05 2025 at 07:00|" + "7".repeat(32) + "|answered|true|";
    String flag = "6".repeat(32) + "|March 05 2025 at 07:00|" + REQUEST + "|flagged|true|";
    String whole = other + "Tom Birk\n" + flag + "Ruth Amsel";
    int ofFirst = whole.indexOf('\n');
    IntStream steps = IntStream.iterate(0, end -> end <= whole.length(), end -> end + 9);
    IntStream ends = IntStream.of(ofFirst, ofFirst + 1, whole.length() - 1, whole.length());
    for (int end : IntStream.concat(steps, ends).toArray()) {
      TextSample each = new TextSample();
      each.importTexts(withExport(whole.substring(0, end)));
      assertThat(each.query(folder, "SELECT flagged FROM prayer WHERE id = '" + REQUEST + "'"))
          .as("cut after %s characters", end)
          .containsExactly("1");
    }
  }

  @Test
  void damagedTable_isRefused_withItsName_andTheWayOut() throws Exception {
    Path damaged = folder.resolve("damaged.db");
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(SAMPLES.resolve("damaged.db.gz")))) {
      Files.copy(in, damaged);
    }
    assertThatThrownBy(() -> importDatabase(damaged))
        .isInstanceOf(LegacyException.class)
        .hasMessageContaining("damaged.db is damaged in table prayermark")
        .hasMessageContaining("wrong # of entries in index sqlite_autoindex_prayermark_1")
        .hasMessageContaining("sqlite3 damaged.db .recover | sqlite3 saved.db");
    assertThat(sample.community.size()).isZero();
  }

  @Test
  void valueThatItsColumnForbids_isNoDamage() throws Exception {
    Path file = OriginalFile.fixture(folder, "sample.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      sql.execute("CREATE TABLE note (word TEXT)");
      sql.execute("INSERT INTO note VALUES (NULL)");
      sql.execute("PRAGMA writable_schema = ON");
      sql.execute(
          "UPDATE sqlite_master SET sql = 'CREATE TABLE note (word TEXT NOT NULL)' WHERE name ="
              + " 'note'");
    }
    assertThat(TextSample.askFile(file, "PRAGMA integrity_check")).isNotEqualTo(List.of("ok"));
    assertThat(importDatabase(file).tables()).containsEntry("note", 1L);
  }

  @Test
  void namesInWindows1252_stayApart_andEachLineIsNamed() throws Exception {
    ImportReport report = sample.importTexts(SAMPLES.resolve("two-members"));
    assertThat(sample.query(folder, "SELECT display_name FROM user"))
        .containsExactly("Ren\u00e8e Vahl", "Ren\u00e9e Vahl", "Ruth Amsel", "Tom Birk");
    assertThat(sample.query(folder, "SELECT username FROM prayermark"))
        .containsExactly("Ren\u00e8e Vahl", "Ruth Amsel");
    assertThat(findings(report, "windows-1252"))
        .contains(
            "warning two-members/users/2025_03_users.txt:5 read as Windows-1252, because it is not"
                + " valid UTF-8",
            "warning two-members/users/2025_03_users.txt:6 read as Windows-1252, because it is not"
                + " valid UTF-8")
        .hasSize(4);
  }

  @Test
  void utf16WithAMark_isRead_andLinesOfBothEncodings_areReadEachInItsOwn() throws Exception {
    String users =
        """
        User Registrations for March 2025

        March 01 2025 at 08:00 - Zo\u00eb \u00d6hler joined directly
        March 02 2025 at 09:30 - Ren\u00e9e Vahl joined directly
        """;
    for (Charset charset : List.of(StandardCharsets.UTF_16, Charset.forName("x-UTF-16LE-BOM"))) {
      TextSample each = new TextSample();
      ImportReport report = each.importTexts(write(users.getBytes(charset)));
      assertThat(each.query(folder, "SELECT display_name FROM user"))
          .containsExactly("Ren\u00e9e Vahl", "Zo\u00eb \u00d6hler");
      assertThat(findings(report, "utf-16")).hasSize(1);
    }
    int second = users.indexOf("March 02");
    byte[] first = users.substring(0, second).getBytes(StandardCharsets.UTF_8);
    byte[] last = users.substring(second).getBytes(Charset.forName("windows-1252"));
    byte[] mixed = new byte[first.length + last.length];
    System.arraycopy(first, 0, mixed, 0, first.length);
    System.arraycopy(last, 0, mixed, first.length, last.length);
    ImportReport report = sample.importTexts(write(mixed));
    assertThat(sample.query(folder, "SELECT display_name FROM user"))
        .containsExactly("Ren\u00e9e Vahl", "Zo\u00eb \u00d6hler");
    assertThat(findings(report, "windows-1252"))
        .containsExactly(
            "warning 2025_03_users.txt:4 read as Windows-1252, because it is not valid UTF-8");
  }

  @Test
  void sourceOfWhichNothingWasUnderstood_isRefused_andNothingIsWritten() throws Exception {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path diary = Files.writeString(folder.resolve("diary.txt"), "dear diary");
    Path notes = Files.createDirectories(folder.resolve("notes"));
    Files.writeString(notes.resolve("README.txt"), "what is here");
    Files.write(notes.resolve("program"), new byte[] {0x7f, 'E', 'L', 'F', 0, 1, (byte) 0xff});
    for (Path source : List.of(empty, diary, notes)) {
      assertThatThrownBy(() -> sample.importTexts(SAMPLES.resolve("two-members"), source))
          .isInstanceOf(LegacyException.class)
          .hasMessageStartingWith(source + " is no text archive of the original");
    }
    assertThat(sample.community.size()).isZero();
  }

  @Test
  void signInRequests_ofTheLayoutWithBlanks_areRead() throws Exception {
    ImportReport report = sample.importTexts(SAMPLES.resolve("sign-in-requests"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(
            sample.query(
                folder,
                "SELECT user_id, device_info, ip_address, status, created_at FROM"
                    + " authenticationrequest"))
        .containsExactly(
            "Ruth Amsel | phone | 198.51.100.8 | approved | 2025-03-06 11:45:30.000000",
            "Tom Birk | tablet | 198.51.100.7 | pending | 2025-03-05 10:30:00.000000");
  }

  /** The archives of the sample with an export of other records. */
  private Path withExport(String records) throws IOException {
    Path source = SAMPLES.resolve("export-cut");
    Path tree = Files.createTempDirectory(folder, "tree");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = tree.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    String header = Files.readString(source.resolve(ATTRIBUTES));
    Files.writeString(tree.resolve(ATTRIBUTES), header + records);
    return tree;
  }

  private Path write(byte[] users) throws IOException {
    return Files.write(folder.resolve("2025_03_users.txt"), users);
  }

  private ImportReport importDatabase(Path file) throws IOException {
    return new LegacyImport(List.of(file), CLOCK, sample.community.startNextImport()).run();
  }

  private static List<String> findings(ImportReport report, String code) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code))
        .map(
            finding ->
                finding.severity()
                    + " "
                    + finding.file()
                    + ":"
                    + finding.line()
                    + " "
                    + finding.message())
        .toList();
  }
}
