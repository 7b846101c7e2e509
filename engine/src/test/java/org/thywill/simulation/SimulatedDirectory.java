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

/** The names on a simulated disk, and the file of each. */
final class SimulatedDirectory {
  final TreeMap<String, SimulatedFile> files = new TreeMap<>();
  final TreeSet<String> folders = new TreeSet<>(Set.of(""));

  void addAll(SimulatedDirectory other) {
    files.putAll(other.files);
    folders.addAll(other.folders);
  }

  void clear() {
    files.clear();
    folders.clear();
    folders.add("");
  }

  void apply(DirectoryChange change) {
    switch (change) {
      case DirectoryChange.FolderMade made -> folders.add(made.made());
      case DirectoryChange.Linked linked -> files.put(linked.file(), linked.content());
      // Only while the name still belongs to this file: that of another one may be safe by now.
      case DirectoryChange.Unlinked gone -> files.remove(gone.file(), gone.content());
      case DirectoryChange.Renamed renamed -> {
        files.put(renamed.to(), renamed.content());
        files.remove(renamed.from(), renamed.content());
      }
    }
  }

  /** These names, with the unforced changes that survive a loss. */
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
      // A file is created only under a free name. If the change that freed it is lost, so is the
      // creation.
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

  /** The names that can be reached from the root, with other contents. */
  SimulatedDirectory reachable(UnaryOperator<SimulatedFile> contents) {
    SimulatedDirectory reachable = new SimulatedDirectory();
    // In the order of paths a folder comes before its content, which cannot be reached without it.
    for (String folder : folders) {
      if (reachable.folders.contains(Disk.folderOf(folder))) {
        reachable.folders.add(folder);
      }
    }
    // A file with two names, which half a move leaves, stays one file.
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
