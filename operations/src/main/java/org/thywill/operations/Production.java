package org.thywill.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Timestamps;

/** What a community needs before its first member joins, and ever after: files for their owner only, secrets, a clock that is right. */
final class Production {
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
  private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

  private final Path archive;
  private final Path database;
  private final Configuration configuration;
  private final ArchiveReader reader;
  private final Instant now;

  Production(Path archive, Path database, Configuration configuration, ArchiveReader reader, Instant now) {
    this.archive = archive;
    this.database = database;
    this.configuration = configuration;
    this.reader = reader;
    this.now = now;
  }

  void look(List<Finding> findings) throws IOException {
    lookAtPermissions(findings);
    for (String secret : configuration.missingSecrets()) {
      findings.add(Finding.warning("secret-missing", ".", 0, "the secret " + secret + " is not set in the environment").next("thywill config"));
    }
    lookAtClock(findings);
    long members = Optional.ofNullable(reader.head().digest().tables().get(Catalog.MEMBERS.name())).map(Digest.Entry::rows).orElse(0L);
    if (members == 0 && reader.tail().stream().noneMatch(change -> change.table() == Catalog.MEMBERS)) {
      findings.add(Finding.note("not-open-yet", ".", 0, "no member has joined yet; what is missing for production is named above"));
    }
  }

  private void lookAtPermissions(List<Finding> findings) throws IOException {
    if (!Files.getFileStore(archive).supportsFileAttributeView("posix")) {
      findings.add(Finding.note("owner-unknown", ".", 0, "this disk does not say who may read a file; make sure that only the server's user may"));
      return;
    }
    long open;
    try (var files = Files.walk(archive)) {
      List<Path> others = files.filter(file -> Files.isRegularFile(file) && isOpenToOthers(file)).sorted().toList();
      open = others.size();
      if (open > 0) {
        findings.add(Finding.warning("owner-only", archive.relativize(others.getFirst()).toString(), 0, open + (open == 1 ? " file" : " files")
            + " of the archive can be read or changed by other users of this machine; expected: by the owner alone").next("chmod -R go= " + archive));
      }
    }
    if (Files.exists(database) && isOpenToOthers(database)) {
      findings.add(Finding.warning("owner-only-database", ".", 0, "the database " + database + " can be read or changed by other users of this machine; expected: by the owner alone")
          .next("chmod go= " + database));
    }
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      return !OWNERS.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A clock that is behind the last change is certainly wrong; one that is ahead shows only against another clock. */
  private void lookAtClock(List<Finding> findings) {
    Instant last = Timestamps.instant(reader.lastAt());
    if (now.plus(CLOCK_TOLERANCE).isBefore(last)) {
      findings.add(Finding.warning("clock-behind", ".", 0, "the clock says " + now + ", but the last change was made at " + last + ": one of both is wrong").next("date -u"));
    }
  }
}
