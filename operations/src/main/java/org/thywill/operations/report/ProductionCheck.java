package org.thywill.operations.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.settings.Configuration;

/** Checks the machine for production: permissions of files, settings and secrets, and the clock. */
final class ProductionCheck {
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
  private static final Set<PosixFilePermission> OF_THE_OWNER =
      PosixFilePermissions.fromString("rwx------");

  private final Path archive;
  private final Path database;
  private final Configuration configuration;
  private final ClockSyncProbe clock;
  private final Instant now;
  private final List<Finding> findings;

  /**
   * Creates the check of one community.
   *
   * @param findings to which it adds what is missing
   */
  ProductionCheck(
      Path archive,
      Path database,
      Configuration configuration,
      ClockSyncProbe clock,
      Instant now,
      List<Finding> findings) {
    this.archive = archive;
    this.database = database;
    this.configuration = configuration;
    this.clock = clock;
    this.now = now;
    this.findings = findings;
  }

  /**
   * Adds its findings.
   *
   * @param reader of the archive; null where it cannot be opened
   * @throws IOException if permissions of files cannot be read
   */
  void run(@Nullable ArchiveReader reader) throws IOException {
    checkPermissions();
    // A wrong setting keeps the server from starting, but no community from being rebuilt.
    configuration
        .findings()
        .forEach(
            finding ->
                findings.add(
                    finding.severity() == Finding.Severity.ERROR
                        ? Finding.warning(
                                finding.code(), finding.file(), finding.line(), finding.message())
                            .next(finding.next())
                        : finding));
    checkClock(reader);
    if (reader != null && hasNoMember(reader)) {
      findings.add(
          Finding.note(
              "not-open-yet",
              ".",
              0,
              "no member has joined yet; what is missing for production is named above"));
    }
  }

  private static boolean hasNoMember(ArchiveReader reader) {
    long members =
        Optional.ofNullable(reader.head().digest().tables().get(Catalog.MEMBERS.name()))
            .map(Digest.Entry::rows)
            .orElse(0L);
    return members == 0
        && reader.tail().stream().noneMatch(change -> change.table() == Catalog.MEMBERS);
  }

  private void checkPermissions() throws IOException {
    if (!Files.exists(archive)) {
      return;
    }
    if (!Files.getFileStore(archive).supportsFileAttributeView("posix")) {
      findings.add(
          Finding.note(
              "owner-unknown",
              ".",
              0,
              "this disk does not say who may read a file; make sure that only the server's user"
                  + " may"));
      return;
    }
    List<Path> open = filesOpenToOthers();
    if (!open.isEmpty()) {
      findings.add(
          Finding.warning(
                  "owner-only",
                  archive.relativize(open.getFirst()).toString(),
                  0,
                  NumberText.count(open.size(), "file")
                      + " of the archive can be read or changed by other users of this machine;"
                      + " expected: only by the owner")
              .next("chmod -R go= " + archive));
    }
    if (Files.exists(database) && isOpenToOthers(database)) {
      findings.add(
          Finding.warning(
                  "owner-only-database",
                  ".",
                  0,
                  "the database "
                      + database
                      + " can be read or changed by other users of this machine; expected: only by"
                      + " the owner")
              .next("chmod go= " + database));
    }
  }

  private List<Path> filesOpenToOthers() throws IOException {
    try (var files = Files.walk(archive)) {
      return files
          .filter(
              file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOpenToOthers(file))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      return !OF_THE_OWNER.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares the clock with the archive, and asks whether a time service keeps it right.
   *
   * <p>A clock that is slower than the last change is certainly wrong. One that is fast shows only
   * against another clock, which the time service has.
   */
  private void checkClock(@Nullable ArchiveReader reader) {
    if (reader != null) {
      Instant lastAt = Timestamps.instant(reader.lastAt());
      if (now.plus(CLOCK_TOLERANCE).isBefore(lastAt)) {
        findings.add(
            Finding.warning(
                    "clock-behind",
                    ".",
                    0,
                    "the clock says "
                        + now
                        + ", but the last change was made at "
                        + lastAt
                        + ": one of both is wrong. Set the clock; or, if it is right, correct the"
                        + " times that have not come: thywill correct-times --reason TEXT")
                .next("date -u"));
      }
    }
    Optional<Boolean> isSynchronized = clock.isSynchronized();
    if (isSynchronized.isEmpty()) {
      findings.add(
          Finding.note(
                  "clock-unproven",
                  ".",
                  0,
                  "this machine does not say whether the network keeps its clock right; compare it"
                      + " with another one")
              .next("date -u"));
    } else if (!isSynchronized.get()) {
      findings.add(
          Finding.warning(
                  "clock-adrift",
                  ".",
                  0,
                  "no time service keeps the clock of this machine right; it says " + now)
              .next("timedatectl set-ntp true"));
    }
  }
}
