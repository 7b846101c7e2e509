package org.thywill.web.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests that fail before they reach a route, such as one that is not HTTP, or has too
 * long an address: with a sentence and the security headers, and without a name or version of the
 * web server.
 */
public final class PlainErrorHandler extends ErrorHandler {
  private final boolean isHttps;

  /**
   * Creates a handler.
   *
   * @param isHttps whether browsers reach the server over https
   */
  public PlainErrorHandler(boolean isHttps) {
    this.isHttps = isHttps;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status =
        request.getAttribute(ERROR_EXCEPTION) instanceof HttpException failure
            ? failure.getCode()
            : response.getStatus();
    response.setStatus(status);
    HttpFields.Mutable headers = response.getHeaders();
    SecurityHeaders.set(isHttps, headers::put);
    headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    Content.Sink.write(response, true, status + " " + sentence(status) + "\n", callback);
    return true;
  }

  private static String sentence(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this address.";
      case 405, 501 -> "This server does not know that method.";
      case 408 -> "The request took too long to arrive.";
      case 413 -> "So much text does not fit into one request.";
      case 414 -> "The address is too long.";
      case 431 -> "The headers of the request are too long.";
      case 500 -> "This is a defect of the server, not of what you did.";
      case 503 -> "The server cannot answer now. Try again in a minute.";
      default -> "The request was not one that this server understands.";
    };
  }
}
