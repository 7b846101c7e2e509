package org.thywill.cli.recovery;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Digest;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.CommunitySource;
import picocli.CommandLine.Command;

/** Prints the digest of a database; or of an archive, if the command line names only that. */
@Command(
    name = "digest",
    description = "The digest of a database, or of an archive when only --archive is given.")
public final class DigestCommand extends Subcommand {
  @Override
  protected CommandResult execute() throws IOException {
    boolean ofArchive = context().isArchiveWithoutDatabase();
    try (CommunitySource source =
        ofArchive
            ? CommunitySource.archive(context().archivePath(), context().progress())
            : CommunitySource.database(context().databasePath())) {
      Digest digest = source.view().computeDigest();
      Digest stated = source.view().state().digest();
      CommandResult outcome =
          new CommandResult()
              .put("digest", digest.hex())
              .put("tables", tables(digest))
              .put("seq", source.view().state().seq())
              .put("rows", digest.rows());
      outcome
          .say(digest.hex())
          .say("%,d rows at change %,d".formatted(digest.rows(), source.view().state().seq()));
      if (!digest.hex().equals(stated.hex())) {
        outcome.find(
            Finding.warning(
                    "view-edited",
                    context().databasePath().toString(),
                    0,
                    "the rows are not those that the ledger wrote (digest " + stated.hex() + ")")
                .next("thywill recover --replace"));
      }
      return outcome;
    }
  }

  private static Map<String, Object> tables(Digest digest) {
    Map<String, Object> tables = new LinkedHashMap<>();
    digest
        .tables()
        .forEach(
            (name, entry) -> tables.put(name, Map.of("rows", entry.rows(), "digest", entry.hex())));
    return tables;
  }
}
