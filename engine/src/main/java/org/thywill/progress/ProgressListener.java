package org.thywill.progress;

/** Receives how far long work has come. */
@FunctionalInterface
public interface ProgressListener {
  /** Ignores all reports. */
  ProgressListener NONE = (what, done, total) -> {};

  /**
   * Takes note. Work on several threads calls it from one thread at a time for each part.
   *
   * @param what the part of the work, in a word or two, such as {@code logs}
   * @param done how much of it is done, in a unit of the part
   * @param total how much there is in all, or 0 if that is not known
   */
  void report(String what, long done, long total);
}
