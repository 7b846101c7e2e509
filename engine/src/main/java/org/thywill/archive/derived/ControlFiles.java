package org.thywill.archive.derived;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.EncodingDamage;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.catalog.Timestamps;

/**
 * The control files of an archive: as they are, or, where they cannot be read, as the rest of the
 * archive leads to them.
 *
 * <p>Which community it is follows from the headers of all files, so that one foreign {@code
 * archive.txt} does not decide. A head that describes other logs does not count. A file of which no
 * copy can be read is sought in this order: with encoding damage undone, in copies of the archive,
 * put together from the lines of all damaged copies, and last derived from logs and journal. All
 * but the last prove it by its own check.
 *
 * @param isHeadDerived whether no head was found, so that the end of the archive is not proven
 * @param isHeadComplete false if changes up to a derived head are lost
 * @param findings what had to be derived, and which files are foreign
 */
public record ControlFiles(
    ArchiveIdentity identity,
    Head head,
    boolean isHeadDerived,
    boolean isHeadComplete,
    List<Finding> findings) {
  /** The code of a head that was derived. */
  public static final String HEAD_DERIVED = "head-derived";

  /** The code of an identity that was derived. */
  public static final String IDENTITY_DERIVED = "identity-derived";

  /** The code of a control file that belongs to another archive. */
  public static final String FOREIGN = "control-foreign";

  private static final String CREATED_AT = "created_at|";

  /** Makes the control files again. */
  private static final String NEXT = "thywill repair-archives --apply";

  /** A sound copy of a control file, and what it says. */
  private record Copy<T>(String file, T value) {}

  /**
   * Reads or derives the control files.
   *
   * @throws NotAnArchiveException if there is no archive, or one of another format or catalog
   * @throws DamagedArchiveException if nothing says which community it is
   */
  public static ControlFiles read(Disk disk) throws IOException {
    return read(disk, List.of());
  }

  /**
   * Reads or derives the control files, also with those of copies of the archive.
   *
   * @param places copies of the archive, in any state; those of other communities are left out
   */
  public static ControlFiles read(Disk disk, Collection<? extends Disk> places) throws IOException {
    Optional<ControlFiles> plain = plain(disk);
    return plain.isPresent() ? plain.get() : new Search(disk, List.copyOf(places)).run();
  }

  /** Whether a folder holds an archive: control files, logs or a journal, sound or not. */
  public static boolean isArchive(Disk disk) throws IOException {
    return ArchiveIdentity.isPresent(disk)
        || Head.isPresent(disk)
        || IdentityVote.of(disk).total() > 0;
  }

  /** The control files where nothing at all is wrong with them, which is cheap to see. */
  private static Optional<ControlFiles> plain(Disk disk) throws IOException {
    try {
      byte[] archive = disk.readIfPresent(ArchiveIdentity.FILE.file()).orElse(new byte[0]);
      byte[] head = disk.readIfPresent(Head.FILE.file()).orElse(new byte[0]);
      if (!Arrays.equals(
              archive, disk.readIfPresent(ArchiveIdentity.FILE.copy()).orElse(new byte[1]))
          || !Arrays.equals(head, disk.readIfPresent(Head.FILE.copy()).orElse(new byte[1]))) {
        return Optional.empty();
      }
      ArchiveIdentity identity = ArchiveIdentity.read(disk);
      Head read = Head.read(disk);
      boolean isOwn =
          read.journal().isEmpty()
              ? IdentityVote.of(disk).winner().isEmpty()
              : Header.communityOf(disk, read.journal())
                      .filter(identity.community()::equals)
                      .isPresent()
                  && new HeadEvidence(disk).isConfirmedByJournal(read);
      return isOwn
          ? Optional.of(new ControlFiles(identity, read, false, true, List.of()))
          : Optional.empty();
    } catch (DamagedArchiveException | NotAnArchiveException e) {
      return Optional.empty(); // The search finds the cause again, and says it if it must.
    }
  }

  /** The search for control files that are not all as they should be. */
  private static final class Search {
    private final Disk disk;
    private final List<Disk> places;
    private final List<Finding> findings = new ArrayList<>();

    Search(Disk disk, List<Disk> places) {
      this.disk = disk;
      this.places = places;
    }

    ControlFiles run() throws IOException {
      IdentityVote vote = IdentityVote.of(disk);
      if (vote.total() == 0 && !ArchiveIdentity.isPresent(disk) && !Head.isPresent(disk)) {
        throw new NotAnArchiveException(
            "no archive here: " + ArchiveIdentity.FILE.file() + " is missing");
      }
      ArchiveIdentity identity = identity(vote);
      Optional<Head> head = head(identity);
      if (head.isPresent()) {
        return new ControlFiles(identity, head.get(), false, true, List.copyOf(findings));
      }
      HeadDeriver.Derived derived = HeadDeriver.derive(disk, identity);
      findings.add(derivedHead(derived));
      return new ControlFiles(
          identity, derived.head(), true, derived.isComplete(), List.copyOf(findings));
    }

    private ArchiveIdentity identity(IdentityVote vote) throws IOException {
      List<Copy<ArchiveIdentity>> sound =
          sound(disk, ArchiveIdentity.FILE, ArchiveIdentity::parse, false);
      Optional<String> winner = winner(vote, sound);
      Optional<Copy<ArchiveIdentity>> own = own(sound, winner);
      sound.stream()
          .filter(copy -> winner.filter(copy.value().community()::equals).isEmpty())
          .filter(copy -> winner.isPresent() && vote.count(winner.get()) > 0)
          .forEach(copy -> findings.add(foreign(copy, vote, winner.orElseThrow())));
      if (own.isEmpty()) {
        own = own(sound(disk, ArchiveIdentity.FILE, ArchiveIdentity::parse, true), winner);
      }
      for (Disk place : places) {
        if (own.isEmpty() && winner.isPresent()) {
          own = own(sound(place, ArchiveIdentity.FILE, ArchiveIdentity::parse, true), winner);
        }
      }
      if (own.isPresent()) {
        return own.get().value();
      }
      Optional<ArchiveIdentity> voted = voted(winner.orElse(""));
      if (voted.isPresent()) {
        return voted.get();
      }
      if (winner.isEmpty()) {
        // Says what is wrong with it, also where it is of another format.
        return ArchiveIdentity.read(disk);
      }
      return derived(winner.get(), vote);
    }

    /** The community that most files name, {@code archive.txt} and its copy among them. */
    private static Optional<String> winner(
        IdentityVote vote, List<Copy<ArchiveIdentity>> identities) {
      Optional<String> own = identities.stream().map(each -> each.value().community()).findFirst();
      Optional<String> most = vote.winner();
      if (own.isEmpty() || most.isEmpty() || most.equals(own)) {
        return own.isPresent() && (most.isEmpty() || most.equals(own)) ? own : most;
      }
      long copies =
          identities.stream().filter(each -> each.value().community().equals(own.get())).count();
      return vote.count(most.get()) > vote.count(own.get()) + copies ? most : own;
    }

    private static Optional<Copy<ArchiveIdentity>> own(
        List<Copy<ArchiveIdentity>> copies, Optional<String> community) {
      return copies.stream()
          .filter(copy -> community.isEmpty() || copy.value().community().equals(community.get()))
          .findFirst();
    }

    private Optional<ArchiveIdentity> voted(String community) throws IOException {
      String derived =
          community.isEmpty() ? "" : new ArchiveIdentity(community, firstAt(community)).content();
      Optional<byte[]> voted =
          ControlLineVote.of(
              damaged(ArchiveIdentity.FILE),
              derived,
              bytes ->
                  value(bytes, ArchiveIdentity::parse)
                      .filter(each -> community.isEmpty() || each.community().equals(community))
                      .isPresent());
      return voted.isEmpty()
          ? withTimeOfACopy(community)
          : value(voted.get(), ArchiveIdentity::parse);
    }

    /**
     * The identity with the time in a damaged copy, if a check at the end of one proves it. All
     * other lines follow from the community.
     */
    private Optional<ArchiveIdentity> withTimeOfACopy(String community) throws IOException {
      List<String> lines = new ArrayList<>();
      for (byte[] bytes : damaged(ArchiveIdentity.FILE)) {
        lines.addAll(new String(bytes, StandardCharsets.UTF_8).lines().toList());
      }
      for (String line : lines) {
        if (line.startsWith(CREATED_AT)) {
          Optional<ArchiveIdentity> found =
              identity(community, line.substring(CREATED_AT.length()));
          if (found.isPresent() && lines.contains(lastLine(found.get()))) {
            return found;
          }
        }
      }
      return Optional.empty();
    }

    private static Optional<ArchiveIdentity> identity(String community, String time) {
      try {
        return Optional.of(new ArchiveIdentity(community, Timestamps.parse(time)));
      } catch (IllegalArgumentException e) {
        return Optional.empty(); // A damaged line, which gives no time.
      }
    }

    private static String lastLine(ArchiveIdentity identity) {
      return new String(ControlFile.content(identity.content()), StandardCharsets.UTF_8)
          .lines()
          .toList()
          .getLast();
    }

    private long firstAt(String community) throws IOException {
      return IdentityVote.firstAt(disk, community).orElse(0L);
    }

    private ArchiveIdentity derived(String community, IdentityVote vote) throws IOException {
      findings.add(
          Finding.error(
                  IDENTITY_DERIVED,
                  ArchiveIdentity.FILE.file(),
                  0,
                  "no copy of it can be read; "
                      + vote.count(community)
                      + " of "
                      + vote.total()
                      + " headers name community "
                      + community
                      + ", which was taken. Not proven: when it was founded; the time of its first"
                      + " change was taken")
              .asRepairable()
              .next(NEXT));
      return new ArchiveIdentity(community, firstAt(community));
    }

    private static Finding foreign(
        Copy<ArchiveIdentity> copy, IdentityVote vote, String community) {
      return Finding.error(
              FOREIGN,
              copy.file(),
              0,
              "names community "
                  + copy.value().community()
                  + "; expected "
                  + community
                  + ", which "
                  + vote.count(community)
                  + " of "
                  + vote.total()
                  + " headers name")
          .asRepairable()
          .next(NEXT);
    }

    /** The newest head of this archive; empty if there is none. */
    private Optional<Head> head(ArchiveIdentity identity) throws IOException {
      List<Copy<Head>> own = new ArrayList<>();
      HeadEvidence evidence = new HeadEvidence(disk);
      for (Copy<Head> copy : sound(disk, Head.FILE, Head::parse, false)) {
        if (!evidence.isForeign(copy.value())) {
          own.add(copy);
        } else {
          findings.add(
              Finding.error(
                      FOREIGN,
                      copy.file(),
                      0,
                      "describes other logs than those that are here; expected lengths at which"
                          + " their lines end")
                  .asRepairable()
                  .next(NEXT));
        }
      }
      if (own.isEmpty()) {
        own.addAll(sound(disk, Head.FILE, Head::parse, true));
        for (Disk place : places) {
          if (isOf(place, identity)) {
            own.addAll(sound(place, Head.FILE, Head::parse, true));
          }
        }
        List<Copy<Head>> foreign = new ArrayList<>();
        for (Copy<Head> copy : own) {
          if (evidence.isForeign(copy.value())) {
            foreign.add(copy);
          }
        }
        own.removeAll(foreign);
      }
      Optional<Head> newest =
          own.stream().map(Copy::value).max(Comparator.comparingLong(Head::seq));
      return newest.isPresent() ? newest : voted(identity, evidence);
    }

    private Optional<Head> voted(ArchiveIdentity identity, HeadEvidence evidence)
        throws IOException {
      List<byte[]> damaged = damaged(Head.FILE);
      if (damaged.isEmpty()) {
        return Optional.empty();
      }
      String derived = HeadDeriver.derive(disk, identity).head().content();
      Optional<byte[]> voted =
          ControlLineVote.of(damaged, derived, bytes -> value(bytes, Head::parse).isPresent());
      Optional<Head> head = voted.isEmpty() ? Optional.empty() : value(voted.get(), Head::parse);
      return head.isPresent() && evidence.isForeign(head.get()) ? Optional.empty() : head;
    }

    private static boolean isOf(Disk place, ArchiveIdentity identity) throws IOException {
      Optional<String> winner = IdentityVote.of(place).winner();
      return winner.filter(identity.community()::equals).isPresent();
    }

    /** All copies of a control file that are not sound, with encoding damage undone too. */
    private List<byte[]> damaged(ControlFile control) throws IOException {
      List<byte[]> damaged = new ArrayList<>();
      List<Disk> all = new ArrayList<>(List.of(disk));
      all.addAll(places);
      for (Disk each : all) {
        for (String file : List.of(control.file(), control.copy())) {
          Optional<byte[]> bytes = each.readIfPresent(file);
          if (bytes.isPresent() && bytes.get().length > 0) {
            damaged.add(bytes.get());
            damaged.addAll(EncodingDamage.undo(bytes.get()));
          }
        }
      }
      return damaged;
    }

    private static Finding derivedHead(HeadDeriver.Derived derived) {
      long seq = derived.head().seq();
      Finding finding =
          Finding.error(
              HEAD_DERIVED,
              Head.FILE.file(),
              0,
              "no copy of it can be read; it was derived from the logs. "
                  + (derived.isComplete() ? "Proven" : "Proven, but for the lines that are damaged")
                  + ": the changes up to "
                  + seq
                  + ", by their checks and numbers. Not proven: that none came after the last one"
                  + " here, and the digest at change "
                  + seq);
      return derived.isComplete()
          ? finding.asRepairable().next(NEXT)
          : finding.next(Finding.REPORT);
    }
  }

  /** The sound copies of a control file, or those whose encoding damage can be undone. */
  private static <T> List<Copy<T>> sound(
      Disk disk, ControlFile control, ControlFile.Parser<T> parser, boolean isUndone)
      throws IOException {
    List<Copy<T>> sound = new ArrayList<>();
    for (String file : List.of(control.file(), control.copy())) {
      Optional<byte[]> bytes = disk.readIfPresent(file);
      if (bytes.isEmpty()) {
        continue;
      }
      List<byte[]> variants = new ArrayList<>(List.of(bytes.get()));
      if (isUndone) {
        variants.addAll(EncodingDamage.undo(bytes.get()));
      }
      for (byte[] variant : variants) {
        Optional<List<String>> lines = ControlFile.lines(variant);
        Optional<T> value = lines.isEmpty() ? Optional.empty() : parsed(lines.get(), parser);
        value.ifPresent(each -> sound.add(new Copy<>(file, each)));
      }
    }
    return sound;
  }

  private static <T> Optional<T> parsed(List<String> lines, ControlFile.Parser<T> parser)
      throws IOException {
    try {
      return Optional.of(parser.parse(lines));
    } catch (DamagedArchiveException e) {
      return Optional.empty(); // Its check matches, and it does not say what it must.
    }
  }

  private static <T> Optional<T> value(byte[] bytes, ControlFile.Parser<T> parser) {
    try {
      Optional<List<String>> lines = ControlFile.lines(bytes);
      return lines.isEmpty() ? Optional.empty() : Optional.of(parser.parse(lines.get()));
    } catch (IOException e) {
      return Optional.empty(); // Not what was written, whatever its check says.
    }
  }
}
