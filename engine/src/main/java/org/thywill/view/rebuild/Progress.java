package org.thywill.view.rebuild;

/** Is told how far long work has come. */
@FunctionalInterface
public interface Progress {
  /** So much is done, of so much in all (0 if that is not known). */
  void report(String what, long done, long total);

  Progress NONE = (what, done, total) -> {};
}
