package org.thywill.community.access;

import java.util.Optional;

/**
 * The device on which somebody is at the door.
 *
 * @param description what it says of itself, such as a browser's User-Agent
 * @param address its IP address
 */
public record Device(Optional<String> description, Optional<String> address) {
  private static final int LENGTH_MAX = 500;

  /** A device of which nothing is known. */
  public static final Device UNKNOWN = new Device(Optional.empty(), Optional.empty());

  /** Strangers choose these texts, so only their beginnings are taken, and no half characters. */
  public Device {
    description = description.map(Device::tame);
    address = address.map(Device::tame);
  }

  public static Device of(String description, String address) {
    return new Device(Optional.of(description), Optional.of(address));
  }

  private static String tame(String text) {
    StringBuilder tame = new StringBuilder();
    text.codePoints()
        .limit(LENGTH_MAX)
        .forEach(
            codePoint ->
                tame.appendCodePoint(
                    Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint));
    return tame.toString();
  }
}
