package org.thywill.progress;

/** Counts the progress of one part of some work, and reports it. Safe for several threads. */
public final class PartProgress {
  private final ProgressListener listener;
  private final String what;
  private final long total;
  private long done;

  public PartProgress(ProgressListener listener, String what, long total) {
    this.listener = listener;
    this.what = what;
    this.total = total;
  }

  public synchronized void add(long more) {
    done += more;
    listener.report(what, done, Math.max(done, total));
  }

  public synchronized long done() {
    return done;
  }
}
