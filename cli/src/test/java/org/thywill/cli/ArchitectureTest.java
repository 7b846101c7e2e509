package org.thywill.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceRule;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.Checkpoint;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.log.RowHistory;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.ledger.Ledger;
import org.thywill.legacy.LegacyMigration;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.recovery.DigestAcceptance;
import org.thywill.operations.recovery.GapAcceptance;
import org.thywill.operations.recovery.HistoryJoin;
import org.thywill.operations.recovery.OperationLog;
import org.thywill.operations.recovery.SealMonths;
import org.thywill.operations.recovery.TimeCorrection;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteWriter;
import org.thywill.view.ViewBuilder;
import org.thywill.view.btree.TableFileWriter;

/**
 * There is one way to change a row, and the build shows it: the rules below read the compiled
 * classes of the whole program. Each rule is also tried on a class that breaks it, so that a rule
 * which finds nothing is one that could have found something.
 */
class ArchitectureTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // The fixtures of the engine are a jar of their own.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.thywill")
          .that(
              describe(
                  "belong to the program, not to its tests",
                  type -> !type.getPackageName().startsWith("org.thywill.simulation")));
  private static final JavaClasses OFFENDER = new ClassFileImporter().importClasses(Offender.class);

  /** All packages of the program, each above those that it may use. */
  private static final List<String> ORDER =
      Stream.of(
              "json",
              "progress",
              "catalog",
              "archive.disk",
              "archive.format",
              "archive.log",
              "archive.derived",
              "archive.parity",
              "archive.check",
              "archive",
              "archive.repair",
              "view.btree",
              "view",
              "view.rebuild",
              "ledger",
              "operations.format",
              "operations",
              "operations.settings",
              "operations.recovery",
              "operations.drill",
              "operations.report",
              "community.access",
              "community.settings",
              "community.member",
              "community.news",
              "community.signin",
              "community.join",
              "community.prayer",
              "community.generate",
              "community",
              "community.demo",
              "legacy.schema",
              "legacy.source",
              "legacy.text.file",
              "legacy.text.dialect",
              "legacy.text.merge",
              "legacy.text",
              "legacy.exporter",
              "legacy.importer",
              "legacy.report",
              "legacy",
              "web.format",
              "web.http",
              "web.part",
              "web.prayer",
              "web.member",
              "web.signin",
              "web.site",
              "web.console",
              "web",
              "cli.terminal",
              "cli.recovery",
              "cli.serving",
              "cli.legacy",
              "cli")
          .map("org.thywill."::concat)
          .toList();

  private static final ArchRule ONLY_THE_ENGINE_USES_THE_FORMAT =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.thywill.archive..", "org.thywill.ledger", "org.thywill.view.rebuild")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.thywill.archive.format",
                      "org.thywill.archive.log",
                      "org.thywill.archive.derived",
                      "org.thywill.archive.parity")
                  .and(
                      not(
                          belongToAnyOf(
                              Finding.class,
                              Head.class,
                              ArchiveIdentity.class,
                              DamagedArchiveException.class,
                              NotAnArchiveException.class,
                              FieldEscaping.class,
                              MalformedLineException.class,
                              RowHistory.class))))
          .because("how a line is written is the engine's own affair");

  private static final ArchRule ONLY_THE_LEDGER_WRITES_ARCHIVES =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.thywill.ledger", "org.thywill.archive..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(ArchiveWriter.class, Checkpoint.class, BulkArchiveWriter.class)
          .because("every change goes through the ledger");

  private static final ArchRule WRITING_COMMANDS_ASK_THE_PLACES =
      noClasses()
          .that()
          .resideInAnyPackage("org.thywill.cli..")
          .and()
          .areNotAssignableTo(WritingSubcommand.class)
          .should()
          .callMethodWhere(callOf(Ledger.class, Set.of("open", "openAt")))
          .orShould()
          .callMethodWhere(callOf(LegacyMigration.class, Set.of("run")))
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              SealMonths.class,
              GapAcceptance.class,
              DigestAcceptance.class,
              HistoryJoin.class,
              TimeCorrection.class,
              OperationLog.class)
          .orShould()
          .callConstructor(
              Drill.class,
              Path.class,
              Path.class,
              InstantSource.class,
              LongSupplier.class,
              ProgressListener.class)
          .because("the numbers of changes that a copy has must not be given to others");

  private static final ArchRule ONLY_LEDGER_AND_REBUILD_WRITE_VIEWS =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.thywill.ledger", "org.thywill.view..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(SqliteWriter.class, ViewBuilder.class, TableFileWriter.class)
          .because("the view follows the text, and any other writer would make it wrong");

  private static final ArchRule ONLY_DATABASE_AND_LEGACY_SPEAK_SQL =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.thywill.view..", "org.thywill.legacy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql", "javax.sql", "org.sqlite..")
          .because(
              "a connection is a way to change a row; the legacy room opens only the original's"
                  + " files and new exports");

  private static final ArchRule ONLY_THE_DISK_TOUCHES_FILES_OF_AN_ARCHIVE =
      noClasses()
          .that()
          .resideInAPackage("org.thywill.archive..")
          .and()
          .resideOutsideOfPackage("org.thywill.archive.disk")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.file.Files")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.FileOutputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.RandomAccessFile")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.channels.FileChannel")
          .because("what does not go through the disk seam is not tested against crashes");

  private static final ArchRule NOBODY_WRITES_THROUGH_THE_DISK =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.thywill.archive..")
          .should()
          .callMethodWhere(
              callOf(
                  Disk.class,
                  Set.of("append", "replace", "replaceByPrefix", "write", "move", "delete")))
          .orShould()
          .callMethodWhere(
              callOf(
                  FileSystemDisk.class,
                  Set.of("append", "replace", "replaceByPrefix", "write", "move", "delete")))
          .because("only the packages of the archive write its files");

  private static final ArchRule NOBODY_READS_THE_CLOCK =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.thywill.cli.Main")
          .should()
          .callMethodWhere(
              describe(
                  "reads the machine's clock or its randomness",
                  ArchitectureTest::readsClockOrRandomness))
          .because(
              "time, ids and randomness come in through constructors, so that everything can be"
                  + " repeated");

  private static final ArchRule ONLY_THE_REMOTE_WRITER_CALLS_OTHERS =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.thywill.community.generate")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.net.http")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.Socket")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.URL")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.URLConnection")
          .because("what members write leaves the house in one place, which they are told of");

  private static final ArchRule ONLY_MAIN_ENDS_THE_PROCESS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.thywill.cli.Main")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .because("a command returns what it has to say");

  @Test
  void program_wasScanned() {
    assertThat(PROGRAM.size()).isGreaterThan(100);
    assertThat(
            PROGRAM.contain(ArchiveWriter.class)
                && PROGRAM.contain(SqliteWriter.class)
                && PROGRAM.contain(Main.class))
        .isTrue();
  }

  @Test
  void archives_areWrittenByTheLedgerAlone() {
    holdsAndCanFail(ONLY_THE_LEDGER_WRITES_ARCHIVES);
    holdsAndCanFail(NOBODY_WRITES_THROUGH_THE_DISK);
  }

  @Test
  void writingCommands_askThePlacesFirst() {
    holdsAndCanFail(WRITING_COMMANDS_ASK_THE_PLACES);
  }

  @Test
  void views_areWrittenByLedgerAndRebuildAlone() {
    holdsAndCanFail(ONLY_LEDGER_AND_REBUILD_WRITE_VIEWS);
    holdsAndCanFail(ONLY_DATABASE_AND_LEGACY_SPEAK_SQL);
  }

  @Test
  void filesOfAnArchive_areTouchedByTheDiskAlone() {
    ONLY_THE_DISK_TOUCHES_FILES_OF_AN_ARCHIVE.check(PROGRAM);
  }

  @Test
  void clockAndRandomness_comeInThroughConstructors() {
    holdsAndCanFail(NOBODY_READS_THE_CLOCK);
  }

  @Test
  void othersAreCalled_byTheRemoteWriterAlone() {
    holdsAndCanFail(ONLY_THE_REMOTE_WRITER_CALLS_OTHERS);
  }

  @Test
  void process_isEndedByMainAlone() {
    holdsAndCanFail(ONLY_MAIN_ENDS_THE_PROCESS);
  }

  @Test
  void packages_knowOnlyThoseBelowThem() {
    ArchRule rule =
        classes()
            .should(dependOnlyOn("packages below their own", ArchitectureTest::isAllowed))
            .because(
                "a stranger reads from the bottom up, and a change below never waits for one"
                    + " above");
    rule.check(PROGRAM);
    assertThat(isAllowed("org.thywill.archive.format", "org.thywill.archive.check")).isFalse();
    assertThat(isAllowed("org.thywill.archive.check", "org.thywill.archive.format")).isTrue();
    assertThatThrownBy(() -> isAllowed("org.thywill.unknown", "org.thywill.catalog"))
        .hasMessageContaining("org.thywill.unknown");
  }

  @Test
  void packages_formNoCycle() {
    SliceRule rule = slices().matching("org.thywill.(**)").should().beFreeOfCycles();
    rule.check(PROGRAM);
    assertThat(
            slices()
                .matching("org.junit.jupiter.(**)")
                .should()
                .beFreeOfCycles()
                .evaluate(new ClassFileImporter().importPackages("org.junit.jupiter.api"))
                .hasViolation())
        .as("a library with cycles between its packages is found out")
        .isTrue();
  }

  @Test
  void innerPackagesOfTheEngine_areUsedByTheEngine() {
    holdsAndCanFail(ONLY_THE_ENGINE_USES_THE_FORMAT);
  }

  /** Whether a class of one package may use one of another. */
  private static boolean isAllowed(String from, String to) {
    return from.equals(to) || level(to) < level(from);
  }

  private static int level(String name) {
    int level = ORDER.indexOf(name);
    if (level < 0) {
      throw new IllegalArgumentException(
          "the package " + name + " has no place in ORDER: add it above all that it uses");
    }
    return level;
  }

  private static ArchCondition<JavaClass> dependOnlyOn(
      String what, BiPredicate<String, String> isAllowed) {
    return new ArchCondition<>("depend only on " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
          if (to.startsWith("org.thywill") && !isAllowed.test(type.getPackageName(), to)) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static void holdsAndCanFail(ArchRule rule) {
    rule.check(PROGRAM);
    assertThat(rule.evaluate(OFFENDER).hasViolation())
        .as("a class that breaks it is found: " + rule.getDescription())
        .isTrue();
  }

  private static DescribedPredicate<JavaMethodCall> callOf(Class<?> owner, Set<String> methods) {
    return describe(
        "calls " + owner.getSimpleName() + " to write",
        call -> call.getTargetOwner().isEquivalentTo(owner) && methods.contains(call.getName()));
  }

  private static boolean readsClockOrRandomness(JavaMethodCall call) {
    String owner = call.getTargetOwner().getName();
    return call.getName().equals("now") && owner.startsWith("java.time.")
        || owner.equals("java.lang.System")
            && Set.of("currentTimeMillis", "nanoTime").contains(call.getName())
        || owner.equals("java.time.InstantSource") && call.getName().equals("system")
        || owner.equals("java.lang.Math") && call.getName().equals("random")
        || owner.equals("java.util.UUID") && call.getName().equals("randomUUID")
        || owner.equals("java.util.concurrent.ThreadLocalRandom");
  }

  /** Breaks every rule at once; exists to be found. */
  static final class Offender {
    private Offender() {}

    static void offend(
        ArchiveWriter archive,
        SqliteWriter view,
        Connection connection,
        Disk disk,
        LineReader lines,
        SealMonths seals)
        throws IOException, SQLException {
      seals.run(null);
      disk.delete("prayers/2026_01_prayers.txt");
      archive.close();
      view.commit();
      connection.commit();
      System.out.println(Instant.now());
      HttpClient.newHttpClient().close();
    }
  }
}
