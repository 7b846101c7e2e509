package org.thywill.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * The static files of the pages: a stylesheet, a script, an icon. Their address contains a checksum
 * of all of them, so that a browser can keep them for ever.
 */
public final class Assets {
  private record Asset(String type, String text) {}

  private static final Map<String, Asset> ALL =
      Map.of(
          "style.css", asset("style.css", "text/css; charset=utf-8"),
          "enhance.js", asset("enhance.js", "text/javascript; charset=utf-8"),
          "icon.svg", asset("icon.svg", "image/svg+xml"));

  /** The checksum of all files, in hex: a part of their addresses. */
  public static final String VERSION = version();

  private Assets() {}

  /**
   * Serves one of the files.
   *
   * @throws HttpProblem 404 if there is no such file
   */
  public static Response serve(Request request) {
    Asset asset = ALL.get(request.pathParam("file"));
    if (asset == null) {
      throw HttpProblem.notFound();
    }
    return new Response.Content(
        200, asset.type(), asset.text(), "", request.pathParam("version").equals(VERSION));
  }

  private static Asset asset(String name, String type) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the program");
      }
      return new Asset(type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version() {
    CRC32C checksum = new CRC32C();
    ALL.keySet().stream()
        .sorted()
        .forEach(
            name ->
                checksum.update(
                    Objects.requireNonNull(ALL.get(name)).text().getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
