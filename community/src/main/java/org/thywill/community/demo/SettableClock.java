package org.thywill.community.demo;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands wherever the story is. */
public final class SettableClock implements InstantSource {
  private volatile Instant now;

  public SettableClock(Instant now) {
    this.now = now;
  }

  public void setTo(Instant then) {
    now = then;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
