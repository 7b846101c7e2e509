package org.thywill.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.thywill.archive.disk.Disk;

/** Which names there are, and the file that each of them means. */
final class SimulatedDirectory {
  final TreeMap<String, SimulatedFile> files = new TreeMap<>();
  final TreeSet<String> folders = new TreeSet<>(Set.of(""));

  void addAll(SimulatedDirectory other) {
    files.putAll(other.files);
    folders.addAll(other.folders);
  }

  void apply(DirectoryChange change) {
    switch (change) {
      case DirectoryChange.FolderMade made -> folders.add(made.made());
      case DirectoryChange.Linked linked -> files.put(linked.file(), linked.content());
      // Only while the name still means this file: another one's name may have become safe in its
      // place.
      case DirectoryChange.Unlinked gone -> files.remove(gone.file(), gone.content());
      case DirectoryChange.Renamed renamed -> {
        files.put(renamed.to(), renamed.content());
        files.remove(renamed.from(), renamed.content());
      }
    }
  }

  /** These names, and of the changes that nobody forced those that a loss leaves. */
  SimulatedDirectory afterLossOf(
      List<DirectoryChange> unforced, LossPattern pattern, RandomGenerator random) {
    SimulatedDirectory survivors = new SimulatedDirectory();
    survivors.addAll(this);
    int first =
        switch (pattern) {
          case ALL_KEPT -> unforced.size();
          case ALL_LOST -> 0;
          default -> random.nextInt(unforced.size() + 1);
        };
    for (int i = 0; i < unforced.size(); i++) {
      DirectoryChange change = unforced.get(i);
      boolean survives = pattern.shufflesNames() ? random.nextBoolean() : i < first;
      // A file is only ever created under a free name. Where the change that freed it is lost, so
      // is the creation.
      if (!survives
          || (change instanceof DirectoryChange.Linked linked
              && survivors.files.containsKey(linked.file()))) {
        continue;
      }
      boolean halfDone = pattern.shufflesNames() && random.nextBoolean();
      survivors.apply(
          halfDone && change instanceof DirectoryChange.Renamed renamed && renamed.leavesFolder()
              ? new DirectoryChange.Linked(renamed.to(), renamed.content())
              : change);
    }
    return survivors;
  }

  /** The names in reach, for contents that are made of these. */
  SimulatedDirectory reachable(UnaryOperator<SimulatedFile> contents) {
    SimulatedDirectory reachable = new SimulatedDirectory();
    // In the order of their paths a folder comes before what is in it. Without its own name all of
    // that is out of reach.
    for (String folder : folders) {
      if (reachable.folders.contains(Disk.folderOf(folder))) {
        reachable.folders.add(folder);
      }
    }
    // A file with two names, left by half a move, stays one file.
    Map<SimulatedFile, SimulatedFile> known = new HashMap<>();
    files.forEach(
        (file, content) -> {
          if (reachable.folders.contains(Disk.folderOf(file))) {
            reachable.files.put(file, known.computeIfAbsent(content, contents));
          }
        });
    return reachable;
  }
}
