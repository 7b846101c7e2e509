package org.thywill.cli.recovery;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.access.Ids;
import org.thywill.ledger.ArchiveRewriter;
import org.thywill.operations.recovery.DigestAcceptance;
import org.thywill.operations.recovery.GapAcceptance;
import org.thywill.operations.recovery.Recovery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Accepts that changes are lost for good, or contradict others. */
@Command(
    name = "accept-gap",
    description =
        "Accept that changes are lost for good, after no copy has them: the archive is rewritten"
            + " with a gap in the place of each, the damaged one is kept, and every check from then"
            + " on reports the gaps. Where none is lost, accept changes that do not fit the rows"
            + " before them: each is written as what it amounts to. With --digest, accept that only"
            + " the recorded digest is not that of the rows.")
public final class AcceptGapCommand extends WritingSubcommand {
  private static final Pattern SEQS = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
  private static final int DEFAULTS_SHOWN = 20;

  @Parameters(
      paramLabel = "SEQ",
      arity = "0..*",
      description =
          "The numbers of all lost changes, as recover --accept-missing names them, or of those"
              + " that contradict others, as validate-archives names them: 17, or 19-22")
  List<String> seqs = List.of();

  @Option(
      names = "--digest",
      description =
          "Accept the digest of the rows, where every line holds and the archive recorded another"
              + " one")
  boolean digest;

  @Override
  protected CommandResult write() throws IOException {
    String reason = reason();
    if (digest == !seqs.isEmpty()) {
      throw wrongUsage(
          "expected the numbers of the lost changes, or --digest, found "
              + (digest ? "both" : "neither"));
    }
    return digest ? acceptDigest(reason) : acceptGaps(reason);
  }

  private CommandResult acceptDigest(String reason) throws IOException {
    DigestAcceptance.Result result =
        new DigestAcceptance(
                context().archivePath(),
                context().databasePath(),
                context().clock(),
                context().progress())
            .run(reason, new Ids(new SecureRandom()).hexId());
    CommandResult outcome =
        new CommandResult()
            .put("accepted_digest", result.is())
            .put("recorded_digest", result.was())
            .put("recorded", result.seq())
            .put("kept_aside", result.keptAside().toString())
            .put("changes", result.report().changes())
            .put("sound", result.report().sound())
            .put("accepted_gaps", result.report().acceptedGaps())
            .put(
                "digest",
                Optional.ofNullable(result.recovered()).map(recovered -> recovered.digest().hex()))
            .find(result.report().findings(), result.report().findingsByCode());
    outcome.say(
        "Accepted: digest "
            + result.is()
            + " instead of "
            + result.was()
            + ". Change "
            + result.seq()
            + " in operations/ says so.");
    outcome.say("%s: %,d changes.".formatted(result.report().verdict(), result.report().changes()));
    outcome.say(
        "The archive as it was is kept as "
            + result.keptAside()
            + ". Keep it: it shows what the head had recorded.");
    outcome.say(
        result.recovered() == null
            ? "There is no database. Next: thywill recover"
            : shown(result.recovered()));
    return outcome;
  }

  private CommandResult acceptGaps(String reason) throws IOException {
    GapAcceptance.Result result =
        new GapAcceptance(
                context().archivePath(),
                context().databasePath(),
                context().clock(),
                context().progress())
            .run(seqsToAccept(), reason, new Ids(new SecureRandom()).hexId());
    CommandResult outcome =
        new CommandResult()
            .put("accepted", result.gaps())
            .put("recorded", result.seq())
            .put("kept_aside", result.keptAside().toString())
            .put("changes", result.report().changes())
            .put("sound", result.report().sound())
            .put("accepted_gaps", result.report().acceptedGaps())
            .put("defaults_used", result.defaults())
            .put(
                "digest",
                Optional.ofNullable(result.recovered()).map(recovered -> recovered.digest().hex()))
            .find(result.report().findings(), result.report().findingsByCode());
    outcome.say(
        (result.purpose() == ArchiveRewriter.Purpose.LOSSES
                ? "Accepted as lost for good: "
                : "Accepted although they contradict others: ")
            + String.join(", ", result.gaps())
            + ". Change "
            + result.seq()
            + " in operations/ says so.");
    result.defaults().stream()
        .limit(DEFAULTS_SHOWN)
        .forEach(text -> outcome.say("Default: " + text + "."));
    if (result.defaults().size() > DEFAULTS_SHOWN) {
      outcome.say(
          "Default: %,d more; --json has all of them."
              .formatted(result.defaults().size() - DEFAULTS_SHOWN));
    }
    outcome.say("%s: %,d changes.".formatted(result.report().verdict(), result.report().changes()));
    outcome.say(
        "The archive as it was is kept as "
            + result.keptAside()
            + (result.purpose() == ArchiveRewriter.Purpose.LOSSES
                ? ". Keep it: a copy that turns up later may still complete it."
                : ". Keep it: it shows what was written."));
    outcome.say(
        result.recovered() == null
            ? "There is no database. Next: thywill recover"
            : shown(result.recovered()));
    return outcome;
  }

  private static String shown(Recovery.Result recovered) {
    return (recovered.keptAside() == null
            ? ""
            : "The old database is kept as " + recovered.keptAside() + "; ")
        + "the new one has %,d rows. Next: thywill resume".formatted(recovered.rows());
  }

  /**
   * The seqs that the command line names.
   *
   * @throws ParameterException if a word is neither a seq nor a range
   */
  private BitSet seqsToAccept() {
    BitSet accepted = new BitSet();
    for (String text : seqs) {
      Matcher matcher = SEQS.matcher(text);
      int first = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
      boolean isRange = first > 0 && matcher.group(2) != null;
      int last = isRange ? Integer.parseInt(matcher.group(2)) : first;
      if (first < 1 || last < first) {
        throw wrongUsage("expected the number of a change such as 17, or 19-22, found " + text);
      }
      accepted.set(first, last + 1);
    }
    return accepted;
  }
}
