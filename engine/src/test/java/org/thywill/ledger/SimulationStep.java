package org.thywill.ledger;

/** One step of a {@link LedgerSimulation}. */
enum SimulationStep {
  /** Creates the archive. */
  CREATE,
  OPEN,
  /** Commits one to four transactions. */
  COMMIT,
  COMMIT_TWELVE,
  CHECKPOINT,
  /** Writes a checkpoint while commits go on. */
  CHECKPOINT_DURING_COMMITS,
  CLOSE,
  /** Ends the process without closing anything. */
  ABANDON,
  /** Sets the clock ahead by 28 days. */
  ADVANCE_MONTH,
  SET_CLOCK_BACK,
  /** Keeps a copy of the view, which will be older than the archive later. */
  KEEP_VIEW_COPY,
  /** Changes the view as another program does, or its file as the file system does. */
  CHANGE_VIEW
}
