package org.thywill.web.http;

import io.javalin.http.HttpResponseException;
import java.nio.file.NoSuchFileException;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.WriteFailedException;
import org.thywill.ledger.WritesRefusedException;
import org.thywill.view.ViewException;

/** Maps exceptions to error responses. */
final class ExceptionMapper {
  private ExceptionMapper() {}

  static HttpProblem problem(Exception e) {
    return switch (e) {
      case HttpProblem problem -> problem;
      case HttpResponseException refused -> refusedByJavalin(refused);
      case ForbiddenException refused ->
          new HttpProblem(403, "That is not possible", String.valueOf(refused.getMessage()));
      case InvalidInputException refused ->
          new HttpProblem(422, "That did not work", String.valueOf(refused.getMessage()));
      case ConstraintViolationException refused ->
          new HttpProblem(422, "That did not work", String.valueOf(refused.getMessage()));
      case WritesRefusedException _ ->
          new HttpProblem(
              503,
              "Reading only",
              "This server takes no changes now, because it cannot reach the copies of what it"
                  + " keeps. Nothing was changed; keep your words, and try again later.");
      case WriteFailedException _ ->
          new HttpProblem(
              503,
              "Not saved",
              "The server could not write it down, so nothing was changed. Keep your words, and try"
                  + " again in a few minutes.");
      case ViewException _ -> unreadable();
      case NoSuchFileException _ -> unreadable();
      default ->
          new HttpProblem(
              500,
              "Something is broken here",
              "This is a defect of the server, not of what you did. Please tell the operator the"
                  + " number below.");
    };
  }

  private static HttpProblem refusedByJavalin(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404, 405 -> HttpProblem.notFound();
      case 413 -> HttpProblem.tooLong();
      default ->
          new HttpProblem(
              e.getStatus(),
              "That cannot be answered",
              "The request was not one that this server understands.");
    };
  }

  private static HttpProblem unreadable() {
    return new HttpProblem(
        503,
        "Please wait a moment",
        "The server cannot read its database now. Nothing that was saved is lost: the database is"
            + " being built again from the archive. Try again in a minute.");
  }
}
