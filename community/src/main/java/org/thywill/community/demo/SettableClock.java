package org.thywill.community.demo;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that is set by hand. Several threads can use it. */
public final class SettableClock implements InstantSource {
  private volatile Instant now;

  /** A clock that shows this time until it is set. */
  public SettableClock(Instant now) {
    this.now = now;
  }

  /** Sets the clock, forwards or backwards. */
  public void setTo(Instant then) {
    now = then;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
