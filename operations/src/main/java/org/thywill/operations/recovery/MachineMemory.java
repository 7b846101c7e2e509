package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveEnd;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Sha256;
import org.thywill.operations.ArchiveFolders;

/**
 * What a machine remembers of an archive outside of it: how far it went, and when each place was
 * last reached.
 *
 * <p>So an older copy that is put in the place of an archive is noticed also where no place can be
 * asked and the database is gone. It is kept in one small file for each community and path of an
 * archive, below {@code $XDG_STATE_HOME/thywill}, or {@code ~/.local/state/thywill}. The file is a
 * help and no evidence: where it cannot be read or written, everything goes on without it. It is
 * not forced to disk, and may be some seconds old. Not safe for several threads.
 */
public final class MachineMemory {
  private static final String FIRST_LINE =
      "# ThyWill: how far this machine has known an archive, and when each copy was last reached.";
  private static final int NAME_DIGITS = 16;

  private final @Nullable Path folder;

  /** When a place was last reached, and the last change that it had. */
  public record Sighting(long seq, Instant at) {}

  /** The content of a file. */
  private record Content(@Nullable ArchiveEnd end, Map<Path, Sighting> places) {}

  private MachineMemory(@Nullable Path folder) {
    this.folder = folder;
  }

  /** The memory of the machine that an environment describes. */
  public static MachineMemory of(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (state.startsWith("/")) {
      return new MachineMemory(Path.of(state, "thywill"));
    }
    return new MachineMemory(
        home.startsWith("/") ? Path.of(home, ".local", "state", "thywill") : null);
  }

  /** Whether there is a folder in which it can be kept. */
  public boolean isKept() {
    return folder != null;
  }

  /**
   * Requires that an archive goes at least as far as this machine has known it, with the same
   * history. One that is free or damaged passes: it is not written to as it is.
   *
   * @throws OlderArchiveException if it does not
   */
  public void requireNotOlder(Path archive) throws IOException {
    ArchiveReader own = reader(archive);
    if (folder == null || own == null) {
      return;
    }
    ArchiveEnd known = read(file(folder, archive, community(own))).end();
    if (known == null) {
      return;
    }
    if (own.lastSeq() < known.seq()) {
      throw new OlderArchiveException(
          "this archive ends with change "
              + own.lastSeq()
              + ", but on this machine it went up to change "
              + known.seq()
              + ": an older copy was put in its place, or it has lost something");
    }
    if (!isSame(own, known)) {
      throw new OlderArchiveException(
          "change "
              + known.seq()
              + " of this archive is not the one that this machine has known: an archive with"
              + " another history was put in its place");
    }
  }

  private static boolean isSame(ArchiveReader own, ArchiveEnd known) throws IOException {
    try {
      return own.lineHash(known.seq()).equals(known.lineHash());
    } catch (DamagedArchiveException e) {
      return true; // The line cannot be compared; the check of the archive names it.
    }
  }

  /** Opens an archive; null where there is none that can be opened. */
  private static @Nullable ArchiveReader reader(Path archive) throws IOException {
    if (ArchiveFolders.isFree(archive)) {
      return null;
    }
    try {
      return ArchiveReader.open(ArchiveFolders.archive(archive), 0);
    } catch (IOException e) {
      return null; // The command itself says what is wrong with it.
    }
  }

  /**
   * Remembers how far an archive goes now.
   *
   * @return why it could not be remembered; empty if it was
   */
  public Optional<String> note(Path archive) {
    try {
      ArchiveReader own = folder == null ? null : reader(archive);
      if (own == null) {
        return Optional.empty();
      }
      Optional<ArchiveEnd> end = own.end();
      return end.isEmpty() ? Optional.empty() : note(archive, community(own), end.get());
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #note(Path)}, where community and end are known; does not read the archive. */
  public Optional<String> note(Path archive, String community, ArchiveEnd end) {
    return change(archive, community, before -> new Content(end, before.places()));
  }

  private static String community(ArchiveReader archive) {
    return archive.identity().community();
  }

  /** Remembers which places were reached. */
  Optional<String> note(Path archive, List<PlaceGuard.Answer> answers, Instant now)
      throws IOException {
    ArchiveReader own = folder == null ? null : reader(archive);
    return own == null
        ? Optional.empty()
        : change(archive, community(own), before -> sighted(before, answers, now));
  }

  private static Content sighted(Content before, List<PlaceGuard.Answer> answers, Instant now) {
    Map<Path, Sighting> places = new LinkedHashMap<>();
    for (PlaceGuard.Answer answer : answers) {
      Sighting earlier = before.places().get(answer.place());
      if (answer.seq() > 0) {
        places.put(answer.place(), new Sighting(answer.seq(), now.truncatedTo(ChronoUnit.SECONDS)));
      } else if (earlier != null) {
        places.put(answer.place(), earlier);
      }
    }
    return new Content(before.end(), places);
  }

  /** When a place was last reached from this machine; empty if that is not known. */
  Optional<Sighting> lastSeen(Path archive, Path place) throws IOException {
    ArchiveReader own = reader(archive);
    return folder == null || own == null
        ? Optional.empty()
        : Optional.ofNullable(read(file(folder, archive, community(own))).places().get(place));
  }

  /** Changes the content of a file. */
  @FunctionalInterface
  private interface Change {
    Content of(Content before);
  }

  private Optional<String> change(Path archive, String community, Change change) {
    if (folder == null) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(folder);
      Path file = file(folder, archive, community);
      write(file, archive, change.of(read(file)));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(folder + " cannot be written: " + e.getMessage());
    }
  }

  private static Path file(Path folder, Path archive, String community) {
    // Not the real path: a link that leads to another archive now is what is to be noticed.
    String path = archive.toAbsolutePath().normalize().toString();
    return folder.resolve(community + "-" + Sha256.hex(path).substring(0, NAME_DIGITS) + ".txt");
  }

  private static void write(Path file, Path archive, Content content) throws IOException {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    text.append("path|")
        .append(FieldEscaping.escape(archive.toAbsolutePath().normalize().toString()))
        .append('\n');
    ArchiveEnd end = content.end();
    if (end != null) {
      text.append("archive|").append(end.seq()).append('|').append(end.lineHash()).append('\n');
    }
    content
        .places()
        .forEach(
            (place, seen) ->
                text.append("place|")
                    .append(FieldEscaping.escape(place.toString()))
                    .append('|')
                    .append(seen.seq())
                    .append('|')
                    .append(seen.at())
                    .append('\n'));
    Path partial = Files.createTempFile(file.getParent(), "memory", ".partial");
    try {
      Files.writeString(partial, text);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Reads a file; one that is missing, cannot be read, or is not as this program writes it says
   * nothing, and the next note writes it again.
   */
  private static Content read(Path file) {
    ArchiveEnd end = null;
    Map<Path, Sighting> places = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        List<String> fields = DecisionLines.fields(line);
        if (fields.getFirst().equals("archive")) {
          end = new ArchiveEnd(Long.parseLong(fields.get(1)), fields.get(2));
        } else if (fields.getFirst().equals("place")) {
          places.put(
              Path.of(FieldEscaping.unescape(fields.get(1))),
              new Sighting(Long.parseLong(fields.get(2)), Instant.parse(fields.get(3))));
        }
      }
      return new Content(end, places);
    } catch (IOException
        | MalformedLineException
        | NumberFormatException
        | DateTimeParseException
        | IndexOutOfBoundsException
        | InvalidPathException e) {
      return new Content(null, Map.of());
    }
  }
}
