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
 * The few files that pages need: a stylesheet, a little script, an icon. They never change under
 * one address, which holds a checksum of all.
 */
public final class Assets {
  private record Asset(String type, String text) {}

  private static final Map<String, Asset> ALL =
      Map.of(
          "style.css", asset("style.css", "text/css; charset=utf-8"),
          "enhance.js", asset("enhance.js", "text/javascript; charset=utf-8"),
          "icon.svg", asset("icon.svg", "image/svg+xml"));

  /** Part of their addresses. */
  public static final String VERSION = version();

  private Assets() {}

  public static Response serve(Request visit) {
    Asset asset = ALL.get(visit.pathParam("file"));
    if (asset == null) {
      throw HttpProblem.notFound();
    }
    return new Response.Content(
        200, asset.type(), asset.text(), "", visit.pathParam("version").equals(VERSION));
  }

  private static Asset asset(String name, String type) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the program");
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
