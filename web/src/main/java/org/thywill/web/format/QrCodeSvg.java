package org.thywill.web.format;

import io.nayuki.qrcodegen.QrCode;

/**
 * A link as a QR code, drawn as one path of an SVG.
 *
 * @param path the data of the path, one dot a unit
 * @param width of the drawing in dots, with the margin that readers need
 */
public record QrCodeSvg(String path, int width) {
  private static final int MARGIN = 4;

  public static QrCodeSvg of(String link) {
    QrCode code = QrCode.encodeText(link, QrCode.Ecc.MEDIUM);
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append('M').append(x + MARGIN).append(' ').append(y + MARGIN).append("h1v1h-1z");
        }
      }
    }
    return new QrCodeSvg(path.toString(), code.size + 2 * MARGIN);
  }
}
