package org.thywill.archive.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.Obstacle;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;

/** Sorts the files of an archive by kind, and reports those that are not expected. */
final class FileInventory {
  private final CheckContext context;
  private final List<String> journals = new ArrayList<>();
  private final List<String> pages = new ArrayList<>();
  private final List<String> seals = new ArrayList<>();
  private final List<String> parities = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private final SortedMap<String, Long> oddPages = new TreeMap<>();
  private final Set<String> expected;
  private long count;
  private long bytes;

  /** An inventory without files; {@link #list} fills it. */
  FileInventory(CheckContext context) {
    this.context = context;
    this.expected = new HashSet<>(context.head().logs().keySet());
    expected.addAll(
        List.of(
            ArchiveIdentity.FILE.file(),
            ArchiveIdentity.FILE.copy(),
            Head.FILE.file(),
            Head.FILE.copy(),
            ReadmeFile.FILE));
    Snapshots.tables().forEach(table -> expected.add(Snapshots.file(table)));
  }

  /** Lists all files and obstacles. */
  void list() throws IOException {
    context
        .disk()
        .visit(
            "",
            new Disk.Visitor() {
              @Override
              public void file(String file, long length) {
                sort(file, length);
              }

              @Override
              public void obstacle(Obstacle obstacle) {
                context.findings().obstacle(obstacle);
              }
            });
    for (List<String> files : List.of(pages, seals, parities, others)) {
      Collections.sort(files);
    }
    journals.sort(Comparator.comparingLong(JournalFile::firstSeq));
  }

  /** The journal files in the order of their changes. */
  List<String> journals() {
    return journals;
  }

  List<String> pages() {
    return pages;
  }

  /** The lengths of the pages that are shorter or longer than any page can be. */
  SortedMap<String, Long> oddPages() {
    return oddPages;
  }

  List<String> seals() {
    return seals;
  }

  List<String> parities() {
    return parities;
  }

  /** How many files there are, without the lock. */
  long count() {
    return count;
  }

  /** The length of all of them but the pages. */
  long bytes() {
    return bytes;
  }

  private void sort(String file, long length) {
    if (file.equals(ArchiveLock.FILE)) {
      return;
    }
    count++;
    if (PrayerPageFile.isPage(file)) {
      pages.add(file); // Their bytes are counted when they are read.
      if (length < PrayerPageFile.BYTES_MIN || length > Disk.WHOLE_BYTES_MAX) {
        oddPages.put(file, length);
      }
      return;
    }
    bytes += length;
    if (JournalFile.isJournal(file)) {
      journals.add(file);
    } else if (SealFile.isSeal(file)) {
      seals.add(file);
    } else if (ParityEncoder.isParity(file)) {
      parities.add(file);
    } else if (!expected.contains(file)) {
      others.add(file);
    }
  }

  /** Reports the files that are not expected. */
  void report() throws IOException {
    if (!context.disk().exists(ReadmeFile.FILE)) {
      context
          .findings()
          .add(
              Finding.note(
                      "readme-missing",
                      ReadmeFile.FILE,
                      0,
                      "is missing; only a help for readers is lost")
                  .next(Finding.REPAIR));
    }
    for (String file : others) {
      Optional<Table> table = Catalog.ofLog(file);
      if (table.isPresent()) {
        unknownLog(file, table.get());
      } else if (file.endsWith(Disk.PARTIAL)) {
        context
            .findings()
            .add(
                Finding.note(
                        "unfinished-file",
                        file,
                        0,
                        "was being written when the program stopped; it may be deleted")
                    .next(Finding.REPORT));
      } else if (file.startsWith(Quarantine.FOLDER + "/")) {
        context
            .findings()
            .add(
                Finding.note(
                        "quarantined", file, 0, "was set aside and is kept for a person to look at")
                    .next(Finding.REPORT));
      } else {
        context
            .findings()
            .add(
                Finding.warning(
                        "unknown-file", file, 0, "is no file of an archive; nothing reads it")
                    .next(Finding.REPORT));
      }
    }
  }

  /**
   * Reports a log that the checkpoint does not know. If the journal has all of its lines, a
   * checkpoint that was stopped has left it.
   */
  private void unknownLog(String file, Table table) throws IOException {
    LineCodec codec = new LineCodec();
    long copied = 0;
    boolean strange = false;
    try (LineReader in = new LineReader(context.disk().read(file, 0), 0, 0)) {
      HeaderChecker header =
          new HeaderChecker(Header.ofLog(context.identity().community(), table, file), file);
      for (boolean more = header.read(in); more; more = in.next()) {
        try {
          var change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
          boolean known =
              in.isTerminated()
                  && context.isInTail(
                      change, Fingerprint.ofLine(table, in.bytes(), in.from(), in.to()));
          copied += known ? 1 : 0;
          strange |= in.isTerminated() && !known;
        } catch (MalformedLineException e) {
          strange |= context.isClosed();
        }
      }
    }
    if (strange || context.isClosed()) {
      context
          .findings()
          .errorUnlessInUse(
              Finding.error(
                  "log-unexpected",
                  file,
                  0,
                  "is not named in " + Head.FILE.file() + "; expected no such log"),
              () -> FindingCollector.Remedy.NONE);
    } else {
      context
          .findings()
          .add(
              Finding.note(
                      "log-ahead",
                      file,
                      0,
                      copied
                          + " lines that a checkpoint had begun to copy from the journal when it"
                          + " was stopped; the next start does it again")
                  .next("thywill serve"));
    }
  }
}
