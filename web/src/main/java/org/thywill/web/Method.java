package org.thywill.web;

/** What a request wants: to see something, or to change something. There is no third. */
enum Method {
  GET,
  POST
}
