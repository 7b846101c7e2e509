package org.thywill.web;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection of a test that sends exactly what it is given, whether it is HTTP or not. */
public final class RawClient implements Closeable {
  private static final int PATIENCE_MILLIS = 10_000;
  private final Socket socket = new Socket();

  /** Connects from an address of this machine, such as 127.0.0.2. */
  public RawClient(String from, int port) throws IOException {
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** What the server sends until it closes the connection; fails after 10 s of silence. */
  public String answer() throws IOException {
    StringBuilder answer = new StringBuilder();
    try {
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        answer.append((char) c);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("the connection stays open after: " + answer, e);
    } catch (SocketException e) {
      return answer.toString(); // it was closed while something of ours was on its way
    }
    return answer.toString();
  }

  /** The first line of the answer; empty if the server closes the connection without one. */
  public String status() throws IOException {
    StringBuilder line = new StringBuilder();
    try {
      for (int c = socket.getInputStream().read();
          c >= 0 && c != '\r';
          c = socket.getInputStream().read()) {
        line.append((char) c);
      }
    } catch (SocketException e) {
      return line.toString(); // it was closed while something of ours was on its way
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
