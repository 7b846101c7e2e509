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

/** Checks that no chain of inviters is a loop. */
final class InviteTreeChecker {
  private static final int LOOPS_MAX = 100;
  private static final int NAMED_MAX = 5;

  private final CheckContext context;
  private final TableLogChecker members;
  private final List<Loop> loops = new ArrayList<>();
  private final Map<Long, NamedMember> named = new HashMap<>();
  private long more;
  private long walk;

  /** Members who invited each other in a circle: how many, and the first ones. */
  private record Loop(long size, List<Long> first) {}

  /** A member, and the line that names the inviter. */
  private record NamedMember(String handle, String file, long line) {}

  InviteTreeChecker(CheckContext context, TableLogChecker members) {
    this.context = context;
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
    loops.forEach(
        loop -> loop.first().forEach(member -> named.put(member, new NamedMember("", "", 0))));
    for (String file : members.files()) {
      name(file);
    }
    loops.forEach(this::report);
    if (more > 0) {
      context
          .findings()
          .count(Finding.warning("invite-loop", members.files().getLast(), 0, ""), more);
    }
  }

  /**
   * Follows each chain up to a member who was visited before: in the same walk, which is then a
   * loop, or in an earlier one.
   */
  private void find() {
    LongLongMap inviters = members.semantics().inviters();
    LongLongMap walks = new LongLongMap();
    inviters.forEach(
        (start, inviter) -> {
          walk++;
          long at = start;
          while (at != LongLongMap.NOTHING && walks.get(at) == LongLongMap.NOTHING) {
            walks.put(at, walk);
            at = inviters.get(at);
          }
          if (at != LongLongMap.NOTHING && walks.get(at) == walk) {
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
    try (LineReader in = new LineReader(context.disk().read(file, 0), 0, 0)) {
      while (in.next()) {
        if (in.isTerminated() && in.from() < in.to() && in.bytes()[in.from()] != '#') {
          Change change = codec.decodeLog(Catalog.MEMBERS, in.bytes(), in.from(), in.to());
          named.computeIfPresent(
              Fingerprint.ofKey(change.row()),
              (member, before) ->
                  change.seq() > context.head().seq()
                      ? before
                      : new NamedMember(change.row().key(), file, in.number()));
        }
      }
    } catch (MalformedLineException | NoSuchFileException e) {
      // This is after the checkpoint, where a line may be unfinished; up to there the log was just
      // found sound.
    }
  }

  private void report(Loop loop) {
    List<NamedMember> first =
        loop.first().stream().map(member -> Objects.requireNonNull(named.get(member))).toList();
    String chain =
        first.stream()
            .map(member -> SemanticRules.shown(Catalog.MEMBERS, member.handle()))
            .collect(Collectors.joining(", who was invited by "));
    context
        .findings()
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
