package org.thywill.simulation;

import org.thywill.archive.disk.Disk;

/** A change of a name, which readers see, and which the force of a folder makes safe. */
sealed interface DirectoryChange {
  /** The folder whose force makes the change safe. */
  String folder();

  record FolderMade(String made) implements DirectoryChange {
    @Override
    public String folder() {
      return Disk.folderOf(made);
    }
  }

  record Linked(String file, SimulatedFile content) implements DirectoryChange {
    @Override
    public String folder() {
      return Disk.folderOf(file);
    }
  }

  record Unlinked(String file, SimulatedFile content) implements DirectoryChange {
    @Override
    public String folder() {
      return Disk.folderOf(file);
    }
  }

  record Renamed(String from, String to, SimulatedFile content, boolean oldForced)
      implements DirectoryChange {
    boolean leavesFolder() {
      return !Disk.folderOf(from).equals(folder());
    }

    @Override
    public String folder() {
      return Disk.folderOf(to);
    }
  }
}
