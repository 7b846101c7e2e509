package org.thywill.view;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Parses the name of a database: {@code sqlite:FILE}, {@code sqlite:///FILE} or a file name. */
public final class DatabaseUrl {
  private DatabaseUrl() {}

  /** A database name that this version does not support. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * The file of a SQLite database.
   *
   * @throws Unusable for another kind of database, or a text that is no file name
   */
  public static Path file(String url) {
    if (url.startsWith("postgresql:") || url.startsWith("postgres:")) {
      throw new Unusable("PostgreSQL is not supported by this version; use sqlite:FILE");
    }
    String name = url;
    if (url.startsWith("sqlite:///")) {
      name = url.substring("sqlite:///".length());
      // As in SQLAlchemy, three slashes start a relative path, four an absolute one.
    } else if (url.startsWith("sqlite:")) {
      name = url.substring("sqlite:".length());
    } else if (url.matches("[a-z][a-z0-9+]+://.*")) {
      throw new Unusable(
          "no database of the kind " + url.substring(0, url.indexOf(':')) + "; use sqlite:FILE");
    }
    if (name.isEmpty()) {
      throw new Unusable("a file name is missing in " + url);
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw (Unusable) new Unusable("not a file name: " + name).initCause(e);
    }
  }
}
