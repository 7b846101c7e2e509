package org.thywill.archive.derived;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Counts which community the headers of logs, journal files and snapshots name.
 *
 * @param files how many files name each community
 */
record IdentityVote(SortedMap<String, Long> files) {

  /** Reads the header of each file that has one. */
  static IdentityVote of(Disk disk) throws IOException {
    List<String> named = new ArrayList<>(LogTailTruncation.logs(disk));
    named.addAll(JournalFile.list(disk));
    Snapshots.tables().forEach(table -> named.add(Snapshots.file(table)));
    SortedMap<String, Long> files = new TreeMap<>();
    for (String file : named) {
      Header.communityOf(disk, file).ifPresent(each -> files.merge(each, 1L, Long::sum));
    }
    return new IdentityVote(files);
  }

  /** How many files name a community. */
  long count(String community) {
    return files.getOrDefault(community, 0L);
  }

  /** How many files name any community. */
  long total() {
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The community that most files name; of equally many, one that is not decided between. */
  Optional<String> winner() {
    return files.entrySet().stream()
        .max(Comparator.comparingLong(Map.Entry::getValue))
        .filter(
            most ->
                files.values().stream().filter(count -> count.equals(most.getValue())).count() == 1)
        .map(Map.Entry::getKey);
  }

  /**
   * The time of the first change of a community, in microseconds since 1970; empty if no file has a
   * good line.
   */
  static Optional<Long> firstAt(Disk disk, String community) throws IOException {
    Change first = null;
    for (String file : JournalFile.list(disk)) {
      first = earlier(first, firstOf(disk, file, community, null));
    }
    for (String file : LogTailTruncation.logs(disk)) {
      first = earlier(first, firstOf(disk, file, community, Catalog.ofLog(file).orElseThrow()));
    }
    return Optional.ofNullable(first).map(Change::at);
  }

  private static @Nullable Change earlier(@Nullable Change one, @Nullable Change other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.seq() < one.seq() ? other : one;
  }

  /**
   * The first good line of a file; null if it has none, or is of another community.
   *
   * @param table whose log it is; null for a journal file
   */
  private static @Nullable Change firstOf(
      Disk disk, String file, String community, @Nullable Table table) throws IOException {
    if (Header.isForeign(disk, file, community)) {
      return null;
    }
    LineCodec codec = new LineCodec();
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        try {
          return table == null
              ? codec.decodeJournal(in.bytes(), in.from(), in.to())
              : codec.decodeLog(table, in.bytes(), in.from(), in.to());
        } catch (MalformedLineException e) {
          // A line of the header, or a damaged one, gives no time; the next one may.
        }
      }
    }
    return null;
  }
}
