package org.thywill.operations.report;

import gg.jte.Content;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * Renders a report as one HTML page that needs nothing else: no script, and no other file.
 *
 * <p>The page is light or dark as the reader's screen is, fits a telephone and paper, and is XML as
 * well as HTML. Templates escape what they show. Characters that XML does not have, and those that
 * turn the direction of the text after them, are shown as U+FFFD.
 */
public final class ReportRenderer {
  private static final String STYLE = resource("report.css");
  private static final ReportRenderer LAYOUT = new ReportRenderer("org.thywill.operations");

  private final TemplateEngine templates;

  /**
   * Creates a renderer for the templates of one module.
   *
   * @param packageName in which the build puts the compiled templates
   */
  public ReportRenderer(String packageName) {
    templates = TemplateEngine.createPrecompiled(null, ContentType.Html, null, packageName);
  }

  /**
   * Renders a report.
   *
   * @param template the template of what is within the page, such as {@code report/recovery.jte}
   * @param view its only parameter
   */
  public String render(String title, String template, Object view) {
    Content content = output -> templates.render(template, view, output);
    StringOutput page = new StringOutput();
    LAYOUT.templates.render(
        "report/page.jte", Map.of("title", title, "style", STYLE, "content", content), page);
    return withoutHarmfulCharacters(page.toString());
  }

  /**
   * The hash by which a content security policy allows this style and no other.
   *
   * @return {@code sha256-} and base64
   */
  public static String styleHash() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ReportRenderer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutHarmfulCharacters(String page) {
    StringBuilder safe = new StringBuilder(page.length());
    page.codePoints()
        .map(letter -> isXml(letter) && !turnsDirection(letter) ? letter : '\uFFFD')
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }

  private static boolean turnsDirection(int letter) {
    return letter >= 0x202A && letter <= 0x202E || letter >= 0x2066 && letter <= 0x2069;
  }

  private static boolean isXml(int letter) {
    return letter == '\t'
        || letter == '\n'
        || letter >= 0x20 && letter <= 0xD7FF
        || letter >= 0xE000 && letter <= 0xFFFD
        || letter >= 0x10000;
  }
}
