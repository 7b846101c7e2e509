package org.thywill.simulation;

import org.thywill.archive.disk.Disk;

/** A change of a name that a reader sees, until the force of a folder makes it safe. */
sealed interface NameChange {
  /** The folder whose force makes the change safe. */
  String folder();

  record FolderMade(String made) implements NameChange {
    @Override
    public String folder() {
      return Disk.folderOf(made);
    }
  }

  record Linked(String file, Content content) implements NameChange {
    @Override
    public String folder() {
      return Disk.folderOf(file);
    }
  }

  record Unlinked(String file, Content content) implements NameChange {
    @Override
    public String folder() {
      return Disk.folderOf(file);
    }
  }

  record Renamed(String from, String to, Content content, boolean oldForced) implements NameChange {
    boolean leavesFolder() {
      return !Disk.folderOf(from).equals(folder());
    }

    @Override
    public String folder() {
      return Disk.folderOf(to);
    }
  }
}
