package org.thywill.defects;

import java.util.List;

/**
 * All defects that are put into the program, one after the other, from the act of writing to the
 * act of reading again.
 */
final class Mutants {
  private static final String CRASH =
      "ledger.CrashTest#crash_atEveryOperationWithEveryLoss_losesNothingAcknowledgedAndInventsNothing";
  private static final String KILLED =
      "ledger.CrashTest#processKilledAnywhere_thenGoneOn_thenPowerCut_losesNothing";
  private static final String FAILURE =
      "ledger.FailureTest#anyOperationFails_theCallerIsToldAndTheNextWriteIsServed_andAPowerCutLosesNothing";
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
              "A member is told that the prayer is kept, the power fails, and the prayer is gone",
              "archive/ArchiveWriter",
              """
                  out.force();
                  if (fresh) {
              """,
              """
                  if (fresh) {
              """,
              CRASH,
              "AssertionError"),
          new Mutant(
              "no force of the folder",
              "The power fails on the first day of a month, and the journal of that day has no name"
                  + " any more",
              "archive/ArchiveWriter",
              """
                  if (fresh) {
                    disk.forceFolder(JournalFile.FOLDER);
                  }
                  journal = file;
              """,
              """
                  journal = file;
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
                    rollback(writer, e);
              """,
              """
                    writer.commit();
                    writer.begin();
                    archive.append(batch);
                  } catch (IOException | RuntimeException e) {
                    rollback(writer, e);
              """,
              FAILURE,
              "AssertionError"),
          new Mutant(
              "exception swallowed",
              "The disk says no, and the member is told yes",
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
              "The disk has given up bytes that the second try calls safe",
              "archive/ArchiveWriter",
              """
                  out.force();
                  if (fresh) {
              """,
              """
                  try {
                    out.force();
                  } catch (IOException again) {
                    out.force();
                  }
                  if (fresh) {
              """,
              FAILURES,
              "AssertionError"),
          new Mutant(
              "journal goes on behind a failed force",
              "Later prayers stand behind a hole that nobody sees before the power fails",
              "archive/ArchiveWriter",
              """
                    disk.replaceByPrefix(file, journalExtent.bytes());
              """,
              """
                    disk.size(file);
              """,
              FAILURE,
              "AssertionError"),
          new Mutant(
              "what a killed process left is believed",
              "A prayer is built upon that stood in the machine's memory only, and goes with the"
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
              "What a crash cut short cannot be looked at by anybody any more",
              "archive/ArchiveWriter",
              """
                    kept = whole ? Quarantine.move(disk, place.file()) : Quarantine.keep(disk, place.file(), place.offset());
              """,
              """
                    kept = "quarantine";
                    if (whole) {
                      disk.delete(place.file());
                    }
              """,
              "archive.log.JournalTailTest#cutAtAnyByte_isTorn_orCleanBetweenTransactions",
              "AssertionError"),
          new Mutant(
              "time runs backwards with the clock",
              "Prayers stand in the wrong order, and at last in the wrong month",
              "archive/ArchiveWriter",
              "return Math.max(Timestamps.micros(now), Math.max(lastAt, openFrom));",
              "return Timestamps.micros(now);",
              "ledger.MonthTest#clockGoesBackOverTheEdge_theMonthGoesOn",
              "AssertionError"),
          new Mutant(
              "seq off by one in the head",
              "The next start takes the last prayer for one that is missing, and refuses",
              "archive/ArchiveWriter",
              "Head next = new Head(lastSeq, lastAt,",
              "Head next = new Head(lastSeq - 1, lastAt,",
              "ledger.MonthTest#firstChangeOfAMonth_findsTheMonthBeforeCheckpointedWithItsDigest",
              "AssertionError"),
          new Mutant(
              "seq off by one in the view",
              "After a crash the last change is applied to the database a second time",
              "ledger/LedgerCore",
              "writer.writeViewState(batch.getLast().seq(), at, touched);",
              "writer.writeViewState(batch.getLast().seq() - 1, at, touched);",
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
              "The power fails, and the page of a prayer never tells that it was answered",
              "archive/Checkpoint",
              """
                  new PageUpdater(disk, identity, before).update(lines, places);
                  new Snapshots(disk, identity, before).update(lines);
                  head = new Head(head.seq(), head.at(), head.journal(), head.journalExtent(), head.digest(), logs);
                  head.write(disk);
              """,
              """
                  head = new Head(head.seq(), head.at(), head.journal(), head.journalExtent(), head.digest(), logs);
                  head.write(disk);
                  new PageUpdater(disk, identity, before).update(lines, places);
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
              "Of a mark that was imported before its prayer, the page does not tell",
              "archive/derived/PageUpdater",
              "&& !changesOlderRow(entry.getValue()) &&",
              "&&",
              "ledger.LedgerTest#importedFactsChangedOrRemovedBeforeTheirPrayerComes_standOnItsPage",
              "AssertionError"),
          new Mutant(
              "seal that does not name the one before",
              "A whole year can be exchanged without anybody noticing",
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
              "Who left no answer is shown with an empty one",
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
              "Two prayers of one second change places",
              "catalog/Timestamps",
              "digits(out, at + 20, 6, (int) (rest % 1_000_000));",
              "digits(out, at + 20, 6, (int) (rest % 1_000_000 / 1_000 * 1_000));",
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
              "One bad sector in the middle of the journal, and every prayer behind it is put away"
                  + " without a word",
              "archive/log/JournalTail",
              "if (toldAsDurable(rest, missing)) {",
              "if (rest.number() < 0) {",
              "archive.log.JournalTailTest#aLineDestroyed_isDamageIfALaterOneTellsThatItWasSafe_andTornOtherwise",
              "AssertionError"),
          new Mutant(
              "half a transaction accepted",
              "A member's invite is used up, and the member is not there",
              "archive/log/JournalTail",
              "if (!lines.isEmpty() && lines.getLast().change().seq() <"
                  + " lines.getLast().change().stamp().last()) {",
              "if (first < 0) {",
              "archive.log.JournalTailTest#cutAtAnyByte_isTorn_orCleanBetweenTransactions",
              "AssertionError"),
          new Mutant(
              "doubled line accepted",
              "A prayer is prayed twice that was prayed once",
              "archive/log/JournalTail",
              "if (line.change().seq() != expected() ||",
              "if (line.change().seq() > expected() ||",
              "archive.log.JournalTailTest#aLineMissing_doubled_orOutOfPlace_isDamage",
              "AssertionError"),
          new Mutant(
              "line with = skipped",
              "Every prayer in which somebody counts 1 + 1 = 2 is gone after a recovery",
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
              "DamagedArchive"),
          new Mutant(
              "missing lines not counted",
              "A log that somebody sorted and cut is loaded as if it were whole",
              "archive/ArchiveReader",
              "if (missing <= head.seq()) {",
              "if (missing < 0) {",
              "view.rebuild.RebuildTest#rebuild_ofATableWhoseLogsTheHeadDoesNotName_isRefusedForTheChangesThatAreMissing",
              "AssertionError"),
          new Mutant(
              "removed row kept",
              "What a member took back is there again after a recovery",
              "view/ViewBuilder",
              """
                        delete.setString(1, row.key());
                        require(delete.executeUpdate() == 1, change);
              """,
              """
                        delete.setString(1, row.key());
              """,
              "view.rebuild.RebuildTest#rebuild_ofARowThatWasTakenBack_doesNotHaveIt",
              "ProofFailed"),
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
              "ProofFailed"),
          new Mutant(
              "digest not taken back with its change",
              "After the first refused wish, no comparison of database and archive is true any"
                  + " more",
              "view/SqliteWriter",
              """
                  undoTo(marked);
                  step("ROLLBACK TO mark");
              """,
              """
                  step("ROLLBACK TO mark");
              """,
              "view.ViewTest#runningDigest_throughAnyHistoryWithRollbacks_isTheComputedOne",
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
              "Two recoveries of one archive say different things",
              "view/rebuild/Rebuild",
              """
                    lastAt = change.at();
              """,
              """
                    lastAt = org.thywill.catalog.Timestamps.micros(java.time.Instant.now());
              """,
              "view.rebuild.RebuildTest#rebuild_untilAnySeqOrTime_isTheModelOfThatMoment",
              "AssertionError"),
          new Mutant(
              "requests forgotten by a recovery",
              "A member whose phone asks again after a recovery has prayed twice",
              "view/rebuild/Rebuild",
              "if (!request.isEmpty()) {",
              "if (request.length() > 1_000) {",
              "ledger.LedgerTest#write_sameRequestTwice_isDoneOnce_alsoAfterARebuild",
              "ConstraintViolationException"));

  private Mutants() {}
}
