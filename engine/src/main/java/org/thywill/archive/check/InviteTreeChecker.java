package org.thywill.archive.check;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.SemanticRules;

/**
 * Looks whether the tree of who invited whom is one: that no chain of inviters comes back to where
 * it began.
 */
final class InviteTreeChecker {
  private static final int LOOPS_MAX = 100;
  private static final int NAMED_MAX = 5;

  private final CheckContext run;
  private final TableLogChecker members;
  private final List<Loop> loops = new ArrayList<>();
  private final Map<Long, Named> named = new HashMap<>();
  private long more;

  /** Members who invited each other in a circle: how many, and the first of them. */
  private record Loop(long size, List<Long> first) {}

  /** A member and where the line stands that says who the inviter was. */
  private record Named(String handle, String file, long line) {}

  InviteTreeChecker(CheckContext run, TableLogChecker members) {
    this.run = run;
    this.members = members;
  }

  void run() throws IOException {
    if (members.isDamaged()) {
      return;
    }
    find();
    if (loops.isEmpty()) {
      return;
    }
    loops.forEach(loop -> loop.first().forEach(member -> named.put(member, new Named("", "", 0))));
    for (String file : members.files()) {
      name(file);
    }
    loops.forEach(this::report);
    if (more > 0) {
      run.findings().count(Finding.warning("invite-loop", members.files().getLast(), 0, ""), more);
    }
  }

  /**
   * Follows each chain up to somebody who has been passed already: in this walk, then it is a loop,
   * or in an earlier one.
   */
  private void find() {
    LongLongMap inviters = members.meaning().inviters();
    LongLongMap walks = new LongLongMap();
    long[] walk = {0};
    inviters.forEach(
        (start, inviter) -> {
          walk[0]++;
          long at = start;
          while (at != LongLongMap.NOTHING && walks.get(at) == LongLongMap.NOTHING) {
            walks.put(at, walk[0]);
            at = inviters.get(at);
          }
          if (at != LongLongMap.NOTHING && walks.get(at) == walk[0]) {
            note(inviters, at);
          }
        });
  }

  private void note(LongLongMap inviters, long member) {
    if (loops.size() == LOOPS_MAX) {
      more++;
      return;
    }
    List<Long> first = new ArrayList<>(List.of(member));
    long size = 1;
    for (long at = inviters.get(member); at != member; at = inviters.get(at), size++) {
      if (first.size() < NAMED_MAX) {
        first.add(at);
      }
    }
    loops.add(new Loop(size, first));
  }

  private void name(String file) throws IOException {
    LineCodec codec = new LineCodec();
    try (LineReader in = new LineReader(run.disk().read(file, 0), 0, 0)) {
      while (in.next()) {
        if (in.isTerminated() && in.from() < in.to() && in.bytes()[in.from()] != '#') {
          Change change = codec.decodeLog(Catalog.MEMBERS, in.bytes(), in.from(), in.to());
          named.computeIfPresent(
              Fingerprint.ofKey(change.row()),
              (member, before) ->
                  change.seq() > run.head().seq()
                      ? before
                      : new Named(change.row().key(), file, in.number()));
        }
      }
    } catch (MalformedLineException | NoSuchFileException e) {
      // Behind the checkpoint, where a line may be cut; up to there the log has just been found
      // good.
    }
  }

  private void report(Loop loop) {
    List<Named> first =
        loop.first().stream().map(member -> Objects.requireNonNull(named.get(member))).toList();
    String chain =
        first.stream()
            .map(member -> SemanticRules.shown(Catalog.MEMBERS, member.handle()))
            .collect(Collectors.joining(", who was invited by "));
    run.findings()
        .add(
            Finding.warning(
                    "invite-loop",
                    first.getFirst().file(),
                    first.getFirst().line(),
                    chain
                        + (loop.size() > first.size() ? ", and so on to " : ", who was invited by ")
                        + "the first again: a loop of "
                        + loop.size()
                        + "; expected a chain that ends with a founder")
                .next(Finding.REPORT));
  }
}
