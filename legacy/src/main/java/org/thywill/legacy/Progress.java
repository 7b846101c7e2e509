package org.thywill.legacy;

/** Told now and then how far long work has come. */
@FunctionalInterface
public interface Progress {
  Progress SILENT = (done, total) -> {};

  void rows(long done, long total);
}
