package org.thywill.view.rebuild;

/** Is told how far long work has come. */
@FunctionalInterface
public interface ProgressListener {
  /** So much is done, of so much in all (0 if that is not known). */
  void report(String what, long done, long total);

  ProgressListener NONE = (what, done, total) -> {};
}
