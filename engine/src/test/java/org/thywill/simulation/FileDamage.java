package org.thywill.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Damages files of lines as disks, people and programs do: in bits, blocks, lines and names. */
public final class FileDamage {
  private static final int KINDS = 10;
  private static final int GARBAGE_MAX = 600;
  private static final int BLOCK = 512;

  private FileDamage() {}

  /**
   * Damages a file in one of many ways.
   *
   * @param files by name; the damaged one is changed, renamed or removed
   * @return what was done
   */
  public static String one(Map<String, byte[]> files, String file, RandomGenerator random) {
    byte[] sound = Objects.requireNonNull(files.get(file), file);
    while (true) {
      List<byte[]> lines = lines(sound);
      int i = random.nextInt(lines.size());
      byte[] bytes = sound.clone();
      int at = random.nextInt(bytes.length);
      String what;
      switch (random.nextInt(KINDS)) {
        case 0 -> {
          what = "a bit of byte " + at;
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        case 1 -> {
          what = "garbage from byte " + at;
          byte[] garbage = new byte[Math.min(bytes.length - at, 1 + random.nextInt(GARBAGE_MAX))];
          random.nextBytes(garbage);
          System.arraycopy(garbage, 0, bytes, at, garbage.length);
        }
        case 2 -> {
          what = "zeros from byte " + at;
          Arrays.fill(bytes, at, Math.min(bytes.length, at + BLOCK), (byte) 0);
        }
        case 3 -> {
          what = "line " + (i + 1) + " deleted";
          lines.remove(i);
          bytes = joined(lines);
        }
        case 4 -> {
          what = "line " + (i + 1) + " doubled elsewhere";
          lines.add(random.nextInt(lines.size()), lines.get(i));
          bytes = joined(lines);
        }
        case 5 -> {
          int other = random.nextInt(lines.size());
          what = "lines " + (i + 1) + " and " + (other + 1) + " swapped";
          Collections.swap(lines, i, other);
          bytes = joined(lines);
        }
        case 6 -> {
          what = "line " + (i + 1) + " merged with the next";
          lines.set(i, Arrays.copyOf(lines.get(i), lines.get(i).length - 1));
          bytes = joined(lines);
        }
        case 7 -> {
          files.remove(file);
          return "absence";
        }
        case 8 -> {
          files.remove(file);
          files.put(file + ".bak", sound);
          return "renaming";
        }
        default -> {
          what = "cut at byte " + at;
          bytes = Arrays.copyOf(bytes, at);
        }
      }
      if (!Arrays.equals(bytes, sound)) {
        files.put(file, bytes);
        return what;
      }
    }
  }

  /** The lines of a file, each with its line feed. */
  public static List<byte[]> lines(byte[] bytes) {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || i == bytes.length - 1) {
        lines.add(Arrays.copyOfRange(bytes, from, i + 1));
        from = i + 1;
      }
    }
    return lines;
  }

  /** The bytes of lines. */
  public static byte[] joined(List<byte[]> lines) {
    byte[] joined = new byte[lines.stream().mapToInt(line -> line.length).sum()];
    int at = 0;
    for (byte[] line : lines) {
      System.arraycopy(line, 0, joined, at, line.length);
      at += line.length;
    }
    return joined;
  }
}
