package org.thywill.community;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands wherever the story is. */
final class StoryClock implements InstantSource {
  private volatile Instant now;

  StoryClock(Instant now) {
    this.now = now;
  }

  void setTo(Instant then) {
    now = then;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
