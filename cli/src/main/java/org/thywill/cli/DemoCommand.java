package org.thywill.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.cli.recovery.RecoveryExercise;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.demo.Demo;
import org.thywill.ledger.ViewFile;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.CommunitySource;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.Recovery;
import org.thywill.view.Comparison;
import org.thywill.view.rebuild.PointInTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Plays an invented community, deletes its database, rebuilds it, and proves that both are equal.
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
  @Nullable Path dir;

  @Option(names = "--members", paramLabel = "N", description = "Default ${DEFAULT-VALUE}")
  int members = Demo.Options.DEFAULT.members();

  @Option(names = "--prayers", paramLabel = "N", description = "Default ${DEFAULT-VALUE}")
  int prayers = Demo.Options.DEFAULT.prayers();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Another seed gives another community; default ${DEFAULT-VALUE}")
  long seed = Demo.Options.DEFAULT.seed();

  @Option(
      names = "--break",
      paramLabel = "KIND",
      description =
          "Then break it on purpose, as an exercise for operators (docs/EXERCISES.md):"
              + " lost-database, damaged-file or lost-line")
  @Nullable String breakKind;

  @Option(
      names = "--check",
      description = "Say whether the exercise in --dir was done right; plays nothing")
  boolean check;

  @Option(names = "--replace", description = "Put an existing folder aside")
  boolean replace;

  @Override
  protected CommandResult execute() throws IOException {
    if (check) {
      return check();
    }
    Optional<RecoveryExercise> exercise = exercise();
    Demo.Options options = options();
    Path folder = createFolder();
    Path archive = folder.resolve("text_archives");
    Path database = folder.resolve("community.db");
    Demo.Result played = new Demo(archive, database, options).play(context().progress());
    String digestBefore = digest(database);
    Path deleted = new ViewFile(database).setAside("before");
    Recovery.Result recovered =
        new Recovery(archive, database, context().progress(), context().now())
            .run(new Recovery.Plan(PointInTime.NOW, Set.of(), false, false));
    Comparison.Result comparison = compare(deleted, database);
    String digestAfter = digest(database);
    RecoveryExercise.deleteDatabase(deleted);
    // The same seed gives the same community again, perhaps in the folder of an earlier one.
    var _ = context().machineMemory().note(archive);
    boolean isEqual = digestBefore.equals(digestAfter) && comparison.equal() && recovered.proven();
    CommandResult result =
        new CommandResult()
            .put("changes", played.changes())
            .put("rows", recovered.rows())
            .put("digest_before", digestBefore)
            .put("digest_after", digestAfter)
            .put("equal", isEqual)
            .put("archive", archive.toAbsolutePath().toString())
            .put("db", database.toAbsolutePath().toString())
            .say(
                "An invented community of %d members made %,d changes."
                    .formatted(members, played.changes()))
            .say(
                "Its database (%,d rows) had the digest %s."
                    .formatted(recovered.rows(), digestBefore))
            .say("The database was deleted and built again from the text only:")
            .say("it has the digest                    %s.".formatted(digestAfter))
            .say(
                isEqual
                    ? "Both are equal, in every row and every cell."
                    : "They are NOT equal. This is a defect; please keep the folder.")
            .say("")
            .say("The archive   " + archive)
            .say("The database  " + database);
    played.pages().forEach(page -> result.say("A prayer      " + archive.resolve(page)));
    if (!isEqual) {
      return result.wrong();
    }
    if (exercise.isPresent()) {
      begin(exercise.get(), folder, result);
    }
    return result;
  }

  private static void begin(RecoveryExercise exercise, Path folder, CommandResult result)
      throws IOException {
    exercise.begin(folder);
    result
        .put("exercise", exercise.label())
        .say("")
        .say("Now it is broken on purpose: " + exercise.what() + ".")
        .say("Repair it, then run: thywill demo --check --dir " + folder);
  }

  /** The exercise that the options name; none if they name none. */
  private Optional<RecoveryExercise> exercise() {
    if (breakKind == null) {
      return Optional.empty();
    }
    Optional<RecoveryExercise> exercise = RecoveryExercise.of(breakKind);
    if (exercise.isEmpty()) {
      throw wrongUsage(
          "--break: expected one of " + RecoveryExercise.labels() + ", found " + breakKind);
    }
    return exercise;
  }

  private CommandResult check() throws IOException {
    if (dir == null || breakKind != null) {
      throw wrongUsage("--check needs --dir, and does not go with --break");
    }
    List<String> wrong = RecoveryExercise.check(dir, context().progress());
    CommandResult result = new CommandResult().put("right", wrong.isEmpty()).put("wrong", wrong);
    if (wrong.isEmpty()) {
      return result.say(
          "Right: the archive is sound, and the database is what it was before, in every row and"
              + " every cell.");
    }
    result.say("Not yet.");
    wrong.forEach(result::say);
    return result.wrong();
  }

  private Demo.Options options() {
    try {
      return Demo.Options.DEFAULT.withMembers(members).withPrayers(prayers).withSeed(seed);
    } catch (IllegalArgumentException e) {
      throw wrongUsage(String.valueOf(e.getMessage()), e);
    }
  }

  private Path createFolder() throws IOException {
    if (dir == null) {
      return Files.createTempDirectory("thywill-demo-");
    }
    ArchiveFolders.requireOutside(dir, context().archivePath(), "--dir");
    if (!ArchiveFolders.isFree(dir)) {
      if (!replace) {
        throw new OperationRefusedException(
            dir + " exists. Add --replace to put it aside, or name another with --dir");
      }
      Files.move(dir, ArchiveFolders.aside(dir, "replaced"));
    }
    return Files.createDirectories(dir);
  }

  private static String digest(Path database) throws IOException {
    try (CommunitySource source = CommunitySource.database(database)) {
      return source.view().computeDigest().hex();
    }
  }

  private static Comparison.Result compare(Path one, Path two) throws IOException {
    try (CommunitySource a = CommunitySource.database(one);
        CommunitySource b = CommunitySource.database(two)) {
      return Comparison.of(a.view(), b.view());
    }
  }
}
