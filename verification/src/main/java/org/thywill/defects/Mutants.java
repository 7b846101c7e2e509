package org.thywill.defects;

import java.util.List;

/** All defects that are put into the program, each by itself: from writing to reading and pages. */
final class Mutants {
  private static final String CRASH =
      "ledger.CrashTest#crash_atEveryOperationWithEveryLoss_losesNothingAcknowledgedAndInventsNothing";
  private static final String KILLED =
      "ledger.CrashTest#processKilledAnywhere_thenGoneOn_thenPowerCut_losesNothing";
  private static final String FAILURE =
      "ledger.FailureTest#anyOperationFails_theCallFailsAndTheNextSucceeds_andAPowerCutLosesNothing";
  private static final String FAILURES =
      "ledger.FailureTest#severalFailuresAndThenACrash_whereverTheyFall_loseNothing";
  private static final String FULL_DISK =
      "ledger.FailureTest#fullDisk_freedWithoutARestart_goesOnAndHasLostNothing";
  private static final String ANY_CHANGE =
      "archive.format.LineCodecPropertyTest#anyChange_writtenAndRead_isTheSame_andItsLineToo";
  private static final String REBUILD =
      "view.rebuild.RebuildTest#rebuild_ofEverything_isTheModel_andProven";

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "no force",
              "A member sees that the prayer is saved, the power fails, and the prayer is gone",
              "archive/ArchiveWriter",
              """
                  out.force();
                  if (isNewFile) {
              """,
              """
                  if (isNewFile) {
              """,
              CRASH,
              "AssertionError"),
          new Mutant(
              "no force of the folder",
              "The power fails on the first day of a month, and the journal of that day has no name"
                  + " any more",
              "archive/ArchiveWriter",
              """
                  if (isNewFile) {
                    disk.forceFolder(JournalFile.FOLDER);
                    requireOwnFolder();
              """,
              """
                  if (isNewFile) {
                    requireOwnFolder();
              """,
              CRASH,
              "AssertionError"),
          new Mutant(
              "view before text",
              "A member sees a prayer that the archive never got, until the database is rebuilt",
              "ledger/LedgerCore",
              """
                    archive.append(batch);
                  } catch (IOException | RuntimeException e) {
                    rollback(e);
              """,
              """
                    writer.commit();
                    writer.begin();
                    archive.append(batch);
                  } catch (IOException | RuntimeException e) {
                    rollback(e);
              """,
              FAILURE,
              "AssertionError"),
          new Mutant(
              "exception swallowed",
              "The disk reports an error, and the member sees that the prayer is saved",
              "ledger/LedgerCore",
              """
                    archive.append(batch);
              """,
              """
                    try {
                      archive.append(batch);
                    } catch (IOException ignored) {
                      return;
                    }
              """,
              FAILURE,
              "AssertionError"),
          new Mutant(
              "force retried on the same file",
              "The disk has dropped bytes that the second force reports as safe",
              "archive/ArchiveWriter",
              """
                  out.force();
                  if (isNewFile) {
              """,
              """
                  try {
                    out.force();
                  } catch (IOException again) {
                    out.force();
                  }
                  if (isNewFile) {
              """,
              FAILURES,
              "AssertionError"),
          new Mutant(
              "journal continued after a failed force",
              "Later prayers follow a hole that shows only when the power fails",
              "archive/ArchiveWriter",
              """
                    appender.restore(journalExtent.bytes());
              """,
              """
                    disk.size(file);
              """,
              FAILURE,
              "AssertionError"),
          new Mutant(
              "what a killed process left is believed",
              "Changes follow a prayer that was in the machine's memory only, and is lost with the"
                  + " power",
              "archive/ArchiveWriter",
              """
                    disk.replaceByPrefix(tail.end().file(), tail.end().offset());
              """,
              """
                    disk.size(tail.end().file());
              """,
              KILLED,
              "AssertionError"),
          new Mutant(
              "torn bytes thrown away",
              "The bytes that a crash cut short cannot be examined any more",
              "archive/ArchiveWriter",
              """
                    kept = whole ? Quarantine.move(disk, position.file()) : Quarantine.keep(disk, position.file(), position.offset());
              """,
              """
                    kept = "quarantine";
                    if (whole) {
                      disk.delete(position.file());
                    }
              """,
              "archive.log.JournalTailTest#cutAtAnyByte_isTorn_orCleanBetweenTransactions",
              "AssertionError"),
          new Mutant(
              "time runs backwards with the clock",
              "Prayers are in the wrong order, and in the end in the wrong month",
              "archive/ArchiveWriter",
              "return Math.max(Timestamps.micros(now), Math.max(lastAtMicros, openFromMicros));",
              "return Timestamps.micros(now);",
              "ledger.MonthTest#clockGoesBackOverTheEdge_theMonthGoesOn",
              "AssertionError"),
          new Mutant(
              "seq off by one in the head",
              "The next start takes the last prayer for missing, and refuses",
              "archive/ArchiveWriter",
              "Head next = new Head(lastSeq, lastAtMicros,",
              "Head next = new Head(lastSeq - 1, lastAtMicros,",
              "ledger.MonthTest#firstChangeOfAMonth_findsTheMonthBeforeCheckpointedWithItsDigest",
              "AssertionError"),
          new Mutant(
              "seq off by one in the view",
              "After a crash the last change is applied to the database a second time",
              "ledger/LedgerCore",
              "writer.writeViewState(batch.getLast().seq(), atMicros, touched);",
              "writer.writeViewState(batch.getLast().seq() - 1, atMicros, touched);",
              FULL_DISK,
              "AssertionError"),
          new Mutant(
              "head written before the logs are safe",
              "The archive says that a month's log holds a prayer which the power cut took",
              "archive/Checkpoint",
              """
                    out.force();
              """,
              """
              """,
              CRASH,
              "AssertionError"),
          new Mutant(
              "head written before the pages",
              "The power fails, and the page of a prayer never shows that it was answered",
              "archive/Checkpoint",
              """
                  new PageUpdater(disk, identity, before).update(lines, locator);
                  new Snapshots(disk, identity, before).update(lines);
                  head = new Head(head.seq(), head.atMicros(), head.journal(), head.journalExtent(), head.digest(), logs, history());
                  head.write(disk);
              """,
              """
                  head = new Head(head.seq(), head.atMicros(), head.journal(), head.journalExtent(), head.digest(), logs, history());
                  head.write(disk);
                  new PageUpdater(disk, identity, before).update(lines, locator);
                  new Snapshots(disk, identity, before).update(lines);
              """,
              CRASH,
              "AssertionError"),
          new Mutant(
              "pages not forced",
              "The page of a prayer is empty after a power cut",
              "archive/derived/PageUpdater",
              """
                  disk.forceAll(written);
              """,
              """
              """,
              CRASH,
              "AssertionError"),
          new Mutant(
              "page without what came before its prayer",
              "The page lacks a mark that was imported before its prayer",
              "archive/derived/PageUpdater",
              "&& !changesOlderRow(entry.getValue()) &&",
              "&&",
              "ledger.LedgerTest#importedRowsChangedOrRemovedBeforeTheirPrayerComes_areOnItsPage",
              "AssertionError"),
          new Mutant(
              "seal that does not name the one before",
              "A whole year can be replaced without notice",
              "archive/MonthSealer",
              "hash = Sha256.hex(bytes);",
              "hash = Sha256.hex(new byte[0]);",
              "archive.MonthSealerTest#seals_ofHistoryAndOfLivingMonths_haveEveryChangeOnce_andNameTheOneBefore",
              "AssertionError"),
          new Mutant(
              "seal that does not read its logs back",
              "A month is sealed whose log the disk no longer has",
              "archive/format/SealFile",
              """
                      throw new DamagedArchiveException("log-short", file, 0, (length - left) + " bytes, expected " + length);
              """,
              """
                      break;
              """,
              "archive.MonthSealerTest#seal_isNotWrittenForALogThatIsShort",
              "AssertionError"),
          new Mutant(
              "null written as empty",
              "A value that is missing is shown as an empty one",
              "archive/format/LineCodec",
              """
                    out.ascii(FieldEscaping.NULL);
                    return;
              """,
              """
                    if (type != ColumnType.TEXT) {
                      out.ascii(FieldEscaping.NULL);
                    }
                    return;
              """,
              ANY_CHANGE,
              "AssertionError"),
          new Mutant(
              "fraction of a second dropped",
              "Two prayers of one second change their order",
              "catalog/Timestamps",
              "digits(out, at + 20, 6, (int) (rest % MICROS_PER_SECOND));",
              "digits(out, at + 20, 6, (int) (rest % MICROS_PER_SECOND / 1_000 * 1_000));",
              ANY_CHANGE,
              "AssertionError"),
          new Mutant(
              "carriage return lost",
              "A text written on another machine comes back as another text",
              "archive/format/FieldEscaping",
              """
                    case '\\r' -> out.append("\\\\r");
              """,
              """
                    case '\\r' -> out.append("\\\\n");
              """,
              "archive.format.LineCodecPropertyTest#anyText_escapedAndBack_isTheSame",
              "AssertionError"),
          new Mutant(
              "check of a line not compared",
              "A letter that the disk changed is taken for what the member wrote",
              "archive/format/LineCodec",
              "if (!isSpelled(value, bytes, to)) {",
              "if (value < 0) {",
              "archive.format.LineCodecPropertyTest#anyByteOfALine_changed_isNoticed",
              "AssertionError"),
          new Mutant(
              "check of a page not compared",
              "A page whose words were changed is taken for sound",
              "archive/format/PrayerPageFile",
              """
                  if (checkAt < 0 || !new String(page, checkAt, page.length - checkAt, StandardCharsets.UTF_8)
                      .equals(CHECK + LineCodec.crc(page, 0, checkAt + CHECK.length()) + "\\n")) {
              """,
              """
                  if (checkAt < 0) {
              """,
              "archive.check.CraftedLineTest#anyByteOfAPageChanged_isNoticed",
              "AssertionError"),
          new Mutant(
              "hole trimmed as if torn",
              "After one bad sector in the middle of the journal, every later prayer is set aside"
                  + " silently",
              "archive/log/JournalTail",
              "if (anyShowsDurable(rest, missing)) {",
              "if (rest.number() < 0) {",
              "archive.log.JournalTailTest#aLineDestroyed_isDamageIfALaterOneShowsThatItWasSafe_andTornOtherwise",
              "AssertionError"),
          new Mutant(
              "half a transaction accepted",
              "An invite is used up, and its member does not exist",
              "archive/log/JournalTail",
              "if (!lines.isEmpty() && lines.getLast().change().seq() <"
                  + " lines.getLast().change().stamp().last()) {",
              "if (first < 0) {",
              "archive.log.JournalTailTest#cutAtAnyByte_isTorn_orCleanBetweenTransactions",
              "AssertionError"),
          new Mutant(
              "doubled line accepted",
              "A mark counts twice",
              "archive/log/JournalTail",
              "if (line.change().seq() != expected() ||",
              "if (line.change().seq() > expected() ||",
              "archive.log.JournalTailTest#aLineMissing_doubled_orOutOfPlace_isDamage",
              "AssertionError"),
          new Mutant(
              "line with = skipped",
              "Every prayer with the text 1 + 1 = 2 is gone after a recovery",
              "archive/log/LogReader",
              """
                      Change change = decode(in);
                      if (change.seq() <= last) {
              """,
              """
                      Change change = decode(in);
                      if (new String(in.bytes(), in.from(), in.to() - in.from(), java.nio.charset.StandardCharsets.UTF_8).contains("=")) {
                        continue;
                      }
                      if (change.seq() <= last) {
              """,
              "ledger.LedgerTest#write_thenDatabaseDeleted_rebuildsTheSameDigest",
              "DamagedArchiveException"),
          new Mutant(
              "missing lines not counted",
              "A log that was sorted and cut is loaded as if it were whole",
              "archive/ArchiveReader",
              "if (missing <= head.seq()) {",
              "if (missing < 0) {",
              "view.rebuild.RebuildTest#rebuild_ofATableWhoseLogsTheHeadDoesNotName_isRefusedForTheChangesThatAreMissing",
              "AssertionError"),
          new Mutant(
              "removed row kept",
              "A mark that a member took back is there again after a recovery",
              "view/ViewStatements",
              "return delete.executeUpdate();",
              "return 1;",
              "view.rebuild.RebuildTest#rebuild_ofARowThatWasTakenBack_doesNotHaveIt",
              "DigestMismatchException"),
          new Mutant(
              "one table left out of the digest",
              "Recovery proves a community whose marks it has lost",
              "catalog/Digest",
              "if (Catalog.find(name).map(Table::inDigest).orElse(true)) {",
              "if (Catalog.find(name).map(Table::inDigest).orElse(true) &&"
                  + " !name.equals(\"marks\")) {",
              "catalog.DigestTest#rowOfAnyTable_changesTheDigestOfTheCommunity",
              "AssertionError"),
          new Mutant(
              "one table left out of the proof",
              "A recovery of a sound archive is refused, or one that lost its marks is not",
              "view/btree/FileDigest",
              "pages.forEachRow(share.roots(), share.leaves(), digest::add);",
              """
                      if (share.roots().table() != org.thywill.catalog.Catalog.MARKS) {
                        pages.forEachRow(share.roots(), share.leaves(), digest::add);
                      }
              """,
              REBUILD,
              "DigestMismatchException"),
          new Mutant(
              "digest not taken back with its change",
              "After the first refused change, every comparison of database and archive is wrong",
              "view/SqliteWriter",
              """
                  undoEffects(effectsAtSavepoint);
                  statements.undoRequests(requestsAtSavepoint);
                  step("ROLLBACK TO mark");
              """,
              """
                  statements.undoRequests(requestsAtSavepoint);
                  step("ROLLBACK TO mark");
              """,
              "view.ViewTest#runningDigest_throughAnyHistoryWithRollbacks_isTheComputedOne",
              "AssertionError"),
          new Mutant(
              "requests believed after a crash",
              "A database that lost requests is served, and what a browser sends again is filed"
                  + " twice",
              "ledger/ViewProof",
              "if (requests != state.requests()) {",
              "if (requests == Long.MIN_VALUE) {",
              "ledger.ViewAtStartTest#requestKeys_areDeletedAfterACrash_areBack",
              "AssertionError"),
          new Mutant(
              "recovery without its proof",
              "A recovery that lost rows is put in place of the database, and called proven",
              "view/rebuild/Rebuild",
              "if (digest.hex().equals(recorded.hex())) {",
              "if (!recorded.hex().isEmpty()) {",
              "view.rebuild.RebuildTest#rebuild_thatDiffersFromTheRecordedDigest_failsItsProof",
              "AssertionError"),
          new Mutant(
              "replay reading the clock",
              "Two recoveries of one archive differ",
              "view/rebuild/Rebuild",
              """
                    lastAtMicros = change.at();
              """,
              """
                    lastAtMicros = org.thywill.catalog.Timestamps.micros(java.time.Instant.now());
              """,
              "view.rebuild.RebuildTest#rebuild_untilAnySeqOrTime_isTheModelOfThatMoment",
              "AssertionError"),
          new Mutant(
              "requests forgotten by a recovery",
              "A phone that repeats a request after a recovery makes a second mark",
              "view/rebuild/Rebuild",
              "if (!request.isEmpty()) {",
              "if (request.length() > 1_000) {",
              "ledger.LedgerTest#write_sameRequestTwice_isDoneOnce_alsoAfterARebuild",
              "ConstraintViolationException"));

  private Mutants() {}
}
