package org.thywill.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.Checkpoint;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
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
          .importPackages("org.thywill")
          .that(
              describe(
                  "belong to the program, not to its tests",
                  type -> !type.getPackageName().startsWith("org.thywill.simulation")));
  private static final JavaClasses OFFENDER = new ClassFileImporter().importClasses(Offender.class);

  private static final ArchRule ONLY_THE_LEDGER_WRITES_ARCHIVES =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.thywill.ledger", "org.thywill.archive..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(ArchiveWriter.class, Checkpoint.class, BulkArchiveWriter.class)
          .because("every change goes through the ledger");

  private static final ArchRule ONLY_LEDGER_AND_REBUILD_WRITE_VIEWS =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.thywill.ledger", "org.thywill.view..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(SqliteWriter.class, ViewBuilder.class, TableFileWriter.class)
          .because("the view follows the text; whoever else writes it makes it wrong");

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
          .because("outside the archive's own room nobody writes its files");

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
  void modules_knowEachOtherInOneDirection() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("org.thywill..")
        .layer("catalog")
        .definedBy("org.thywill.catalog..")
        .layer("archive")
        .definedBy("org.thywill.archive..")
        .layer("view")
        .definedBy("org.thywill.view", "org.thywill.view.btree")
        .layer("rebuild")
        .definedBy("org.thywill.view.rebuild")
        .layer("ledger")
        .definedBy("org.thywill.ledger..")
        .layer("operations")
        .definedBy("org.thywill.operations..")
        .layer("community")
        .definedBy("org.thywill.community..")
        .layer("legacy")
        .definedBy("org.thywill.legacy..")
        .layer("web")
        .definedBy("org.thywill.web..")
        .layer("cli")
        .definedBy("org.thywill.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("web")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("community")
        .mayOnlyBeAccessedByLayers("cli", "web")
        .whereLayer("legacy")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("operations")
        .mayOnlyBeAccessedByLayers("cli", "web", "community", "legacy")
        .whereLayer("archive")
        .mayNotAccessAnyLayer()
        .ignoreDependency(describe("any", type -> true), in("catalog"))
        .whereLayer("view")
        .mayNotAccessAnyLayer()
        .ignoreDependency(describe("any", type -> true), in("catalog"))
        .whereLayer("catalog")
        .mayNotAccessAnyLayer()
        .check(PROGRAM);
  }

  private static DescribedPredicate<JavaClass> in(String room) {
    return describe("in " + room, type -> type.getPackageName().startsWith("org.thywill." + room));
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

    static void offend(ArchiveWriter archive, SqliteWriter view, Connection connection, Disk disk)
        throws IOException, SQLException {
      disk.delete("prayers/2026_01_prayers.txt");
      archive.close();
      view.commit();
      connection.commit();
      System.out.println(Instant.now());
      HttpClient.newHttpClient().close();
    }
  }
}
