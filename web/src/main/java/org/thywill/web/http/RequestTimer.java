package org.thywill.web.http;

/** Is notified of each request that was answered, and of the time that it took. */
@FunctionalInterface
public interface RequestTimer {
  /**
   * A request was answered.
   *
   * @param route with an empty path where no route matched
   * @param status the HTTP status
   */
  void answered(Route route, int status, long durationNanos);
}
