package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes text archives in the layout of the Python original.
 *
 * <p>There is a file for each prayer, with its marks, and a list of registrations.
 */
final class OriginalArchives {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMMM dd uuuu 'at' HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu/MM", Locale.ENGLISH);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu_MM_dd", Locale.ENGLISH);
  private static final LocalDateTime FOUNDED = LocalDateTime.parse("2024-01-01T08:00");
  private static final int MEMBERS_MAX = 2_000;
  private static final int MARKS_MAX = 6;
  private static final int TEXT_LENGTH = 300;

  private OriginalArchives() {}

  /** Writes prayers, five minutes apart, into a new folder. */
  static void write(Path folder, long prayers, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int members = Math.clamp(prayers / 10, 1, MEMBERS_MAX);
    registrations(folder, members);
    for (long i = 0; i < prayers; i++) {
      LocalDateTime at = FOUNDED.plusDays(1).plusMinutes(5 * i);
      Path file =
          folder.resolve(
              "prayers/"
                  + MONTH.format(at)
                  + "/"
                  + DAY.format(at)
                  + "_prayer_at_"
                  + String.format(Locale.ROOT, "%02d%02d", at.getHour(), at.getMinute())
                  + ".txt");
      if (at.getDayOfMonth() == 1 || i == 0) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, prayer(random, members, at));
    }
  }

  private static void registrations(Path folder, int members) throws IOException {
    StringBuilder lines = new StringBuilder("User Registrations for January 2024\n\n");
    for (int i = 0; i < members; i++) {
      lines
          .append(STAMP.format(FOUNDED))
          .append(" - ")
          .append(member(i))
          .append(" joined directly\n");
    }
    Files.createDirectories(folder.resolve("users"));
    Files.writeString(folder.resolve("users/2024_01_users.txt"), lines);
  }

  private static String prayer(SplittableRandom random, int members, LocalDateTime at) {
    String id =
        HexFormat.of().toHexDigits(random.nextLong())
            + HexFormat.of().toHexDigits(random.nextLong());
    StringBuilder file =
        new StringBuilder("Prayer ")
            .append(id)
            .append(" by ")
            .append(member(random.nextInt(members)))
            .append("\nSubmitted ")
            .append(STAMP.format(at))
            .append("\n\n")
            .append(InventedWords.text(random, TEXT_LENGTH))
            .append("\n\nGenerated Prayer:\n")
            .append(InventedWords.text(random, TEXT_LENGTH))
            .append("\n\nActivity:\n");
    int marks = random.nextInt(MARKS_MAX);
    for (int i = 1; i <= marks; i++) {
      file.append(STAMP.format(at.plusHours(i)))
          .append(" - ")
          .append(member(random.nextInt(members)))
          .append(" prayed this prayer\n");
    }
    return file.toString();
  }

  private static String member(int number) {
    return "Member " + number + " of Saltmarsh";
  }
}
