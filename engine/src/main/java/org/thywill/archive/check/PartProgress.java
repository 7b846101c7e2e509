package org.thywill.archive.check;

import org.thywill.progress.ProgressListener;

/** Counts the progress of one part of a check, and reports it. Safe for several threads. */
final class PartProgress {
  private final ProgressListener listener;
  private final String what;
  private final long total;
  private long done;

  PartProgress(ProgressListener listener, String what, long total) {
    this.listener = listener;
    this.what = what;
    this.total = total;
  }

  synchronized void add(long more) {
    done += more;
    listener.report(what, done, Math.max(done, total));
  }

  synchronized long done() {
    return done;
  }
}
