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
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.settings.Configuration;

/**
 * Looks at the machine that a community lives on: files for their owner only, settings and secrets,
 * a clock that is right.
 */
final class ProductionCheck {
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private final Path archive;
  private final Path database;
  private final Configuration configuration;
  private final ClockSyncProbe machine;
  private final Instant now;
  private final List<Finding> findings;

  /**
   * For one community.
   *
   * @param findings takes in what is missing
   */
  ProductionCheck(
      Path archive,
      Path database,
      Configuration configuration,
      ClockSyncProbe machine,
      Instant now,
      List<Finding> findings) {
    this.archive = archive;
    this.database = database;
    this.configuration = configuration;
    this.machine = machine;
    this.now = now;
    this.findings = findings;
  }

  void look(Optional<ArchiveReader> reader) throws IOException {
    lookAtPermissions();
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
    lookAtClock(reader);
    if (reader.isPresent() && hasNoMember(reader.get())) {
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

  private void lookAtPermissions() throws IOException {
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
                      + " expected: by the owner alone")
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
                      + " can be read or changed by other users of this machine; expected: by the"
                      + " owner alone")
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
      return !OWNERS.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A clock that is behind the last change is certainly wrong; one that is ahead shows only against
   * another clock, which the time service has.
   */
  private void lookAtClock(Optional<ArchiveReader> reader) {
    reader
        .map(ArchiveReader::lastAt)
        .map(Timestamps::instant)
        .filter(last -> now.plus(CLOCK_TOLERANCE).isBefore(last))
        .ifPresent(
            last ->
                findings.add(
                    Finding.warning(
                            "clock-behind",
                            ".",
                            0,
                            "the clock says "
                                + now
                                + ", but the last change was made at "
                                + last
                                + ": one of both is wrong")
                        .next("date -u")));
    Optional<Boolean> kept = machine.keepsItsClock();
    if (kept.isEmpty()) {
      findings.add(
          Finding.note(
                  "clock-unproven",
                  ".",
                  0,
                  "this machine does not say whether the network keeps its clock right; compare it"
                      + " with another one")
              .next("date -u"));
    } else if (!kept.get()) {
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
