package org.thywill.web.http;

/** What a request wants: to see something, or to change something. There is no third. */
public enum HttpMethod {
  GET,
  POST
}
