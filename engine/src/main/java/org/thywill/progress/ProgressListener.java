package org.thywill.progress;

/** Receives the progress of long operations. */
@FunctionalInterface
public interface ProgressListener {
  /** Ignores all reports. */
  ProgressListener NONE = (what, done, total) -> {};

  /**
   * Receives the progress of one part of an operation. Each part calls it from one thread at a
   * time; different parts may call it at once.
   *
   * @param what the part, in a word or two, such as {@code logs}
   * @param done how much is done, in a unit of the part
   * @param total how much there is in all, or 0 if that is not known
   */
  void report(String what, long done, long total);
}
