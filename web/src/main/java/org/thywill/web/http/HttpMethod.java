package org.thywill.web.http;

/** The two methods that routes have: GET shows something, POST changes something. */
public enum HttpMethod {
  GET,
  POST
}
