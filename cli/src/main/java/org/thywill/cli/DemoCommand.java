package org.thywill.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.thywill.cli.recovery.RecoveryExercise;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.demo.Demo;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.CommunitySource;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.Comparison;
import org.thywill.operations.recovery.Recovery;
import org.thywill.view.rebuild.PointInTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Shows the whole promise on an invented community: play, lose the database, rebuild it, prove that
 * nothing is missing.
 */
@Command(
    name = "demo",
    description =
        "Play an invented community, delete its database, build it again from the text, and show"
            + " that both are equal.")
final class DemoCommand extends Subcommand {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where to put it; default a new folder for temporary files")
  Optional<Path> dir = Optional.empty();

  @Option(names = "--members", paramLabel = "N", description = "Default ${DEFAULT-VALUE}")
  int members = Demo.Options.DEFAULT.members();

  @Option(names = "--prayers", paramLabel = "N", description = "Default ${DEFAULT-VALUE}")
  int prayers = Demo.Options.DEFAULT.prayers();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Another seed tells another story; default ${DEFAULT-VALUE}")
  long seed = Demo.Options.DEFAULT.seed();

  @Option(
      names = "--break",
      paramLabel = "KIND",
      description =
          "Then break it on purpose, as an exercise for operators (docs/EXERCISES.md):"
              + " lost-database, damaged-file or lost-line")
  Optional<String> breakKind = Optional.empty();

  @Option(
      names = "--check",
      description = "Say whether the exercise in --dir was done right; plays nothing")
  boolean check;

  @Option(names = "--replace", description = "Put an existing folder aside")
  boolean replace;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DemoCommand() {}

  @Override
  public CommandResult call() throws IOException {
    Optional<RecoveryExercise> exercise = exercise();
    if (check) {
      return check();
    }
    Demo.Options options = options();
    Path folder = folder();
    Path archive = folder.resolve("text_archives");
    Path database = folder.resolve("community.db");
    Demo.Result played = new Demo(archive, database, options).play(root().progress());
    String before;
    try (CommunitySource source = CommunitySource.database(database)) {
      before = source.view().computeDigest().hex();
    }
    Path lost = folder.resolve("community.db.before");
    Files.move(database, lost);
    Recovery.Result recovered =
        new Recovery(archive, database, root().progress(), root().now())
            .run(new Recovery.Plan(PointInTime.NOW, Set.of(), false, false));
    Comparison.Result comparison = compare(lost, database);
    String after;
    try (CommunitySource source = CommunitySource.database(database)) {
      after = source.view().computeDigest().hex();
    }
    for (String side : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(folder.resolve("community.db.before" + side));
    }
    boolean equal = before.equals(after) && comparison.equal() && recovered.proven();
    CommandResult outcome =
        new CommandResult()
            .put("changes", played.changes())
            .put("rows", recovered.rows())
            .put("digest_before", before)
            .put("digest_after", after)
            .put("equal", equal)
            .put("archive", archive.toAbsolutePath().toString())
            .put("db", database.toAbsolutePath().toString());
    outcome.say(
        "An invented community of %d members lived through %,d changes."
            .formatted(members, played.changes()));
    outcome.say("Its database (%,d rows) had the digest %s.".formatted(recovered.rows(), before));
    outcome.say("The database was taken away and built again from the text alone:");
    outcome.say("it has the digest                    %s.".formatted(after));
    outcome.say(
        equal
            ? "Both are equal, in every row and every cell."
            : "They are NOT equal. This is a defect; please keep the folder.");
    outcome.say("").say("The archive   " + archive).say("The database  " + database);
    played.pages().forEach(page -> outcome.say("A prayer      " + archive.resolve(page)));
    if (equal && exercise.isPresent()) {
      exercise.get().breakIt(folder);
      outcome
          .put("exercise", exercise.get().label())
          .say("")
          .say("Now it is broken on purpose: " + exercise.get().what() + ".");
      outcome.say("Mend it, then ask: thywill demo --check --dir " + folder);
    }
    return equal ? outcome : outcome.wrong();
  }

  private Optional<RecoveryExercise> exercise() {
    if (check && (dir.isEmpty() || breakKind.isPresent())) {
      throw new ParameterException(
          spec.commandLine(), "--check needs --dir, and does not go with --break");
    }
    return breakKind.map(
        word ->
            RecoveryExercise.of(word)
                .orElseThrow(
                    () ->
                        new ParameterException(
                            spec.commandLine(),
                            "--break: expected one of "
                                + RecoveryExercise.words()
                                + ", found "
                                + word)));
  }

  private CommandResult check() throws IOException {
    List<String> wrong = RecoveryExercise.check(dir.orElseThrow(), root().progress());
    CommandResult outcome = new CommandResult().put("right", wrong.isEmpty()).put("wrong", wrong);
    if (wrong.isEmpty()) {
      return outcome.say(
          "Right: the archive is sound, and the database is what it was before, in every row and"
              + " every cell.");
    }
    outcome.say("Not yet.");
    wrong.forEach(outcome::say);
    return outcome.wrong();
  }

  private Demo.Options options() {
    try {
      return Demo.Options.DEFAULT.withMembers(members).withPrayers(prayers).withSeed(seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Path folder() throws IOException {
    if (dir.isEmpty()) {
      return Files.createTempDirectory("thywill-demo-");
    }
    Path folder = dir.get();
    if (!ArchiveFolders.isFree(folder)) {
      if (!replace) {
        throw new OperationRefusedException(
            folder + " exists. Add --replace to put it aside, or name another with --dir");
      }
      Files.move(folder, ArchiveFolders.aside(folder, "replaced"));
    }
    return Files.createDirectories(folder);
  }

  private static Comparison.Result compare(Path one, Path two) throws IOException {
    try (CommunitySource a = CommunitySource.database(one);
        CommunitySource b = CommunitySource.database(two)) {
      return Comparison.of(a.view(), b.view());
    }
  }
}
