package org.thywill.archive.check;

import org.thywill.progress.ProgressListener;

/**
 * Counts what has been done of one part of a check and tells the caller. Safe for several threads.
 */
final class PartProgress {
  private final ProgressListener told;
  private final String what;
  private final long total;
  private long done;

  PartProgress(ProgressListener told, String what, long total) {
    this.told = told;
    this.what = what;
    this.total = total;
  }

  synchronized void add(long more) {
    done += more;
    told.report(what, done, Math.max(done, total));
  }

  synchronized long done() {
    return done;
  }
}
