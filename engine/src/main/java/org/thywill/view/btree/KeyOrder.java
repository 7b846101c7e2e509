package org.thywill.view.btree;

import java.util.Arrays;

/**
 * The order of keys that stand one behind the other in an array: by their bytes, a shorter one
 * first, and equal ones as they came.
 *
 * <p>How: eight bytes of each key are one number, and numbers are sorted digit by digit (least
 * significant first, which keeps equal ones as they came). Keys that agree in all eight go on with
 * the next eight. Keys that agree for long, and small groups, are compared instead.
 */
final class KeyOrder {
  private static final int STEP = Long.BYTES;
  private static final int SMALL = 24;
  private static final int DEPTH_MAX = 8 * STEP;
  private static final int DIGITS = 256;

  private final byte[] keys;
  private final int[] starts;
  private final int[] order;
  private final int[] other;
  private final long[] numbers;
  private final long[] otherNumbers;

  /** Will order keys; key i stands from start i to start i + 1. */
  KeyOrder(byte[] keys, int[] starts, int count) {
    this.keys = keys;
    this.starts = starts;
    this.order = new int[count];
    Arrays.setAll(order, i -> i);
    this.other = new int[count];
    this.numbers = new long[count];
    this.otherNumbers = new long[count];
  }

  /** The keys' numbers, from 0 on, in order. */
  int[] sorted() {
    sort(0, order.length, 0);
    return order;
  }

  private void sort(int from, int to, int depth) {
    if (to - from <= SMALL) {
      insert(from, to, depth);
      return;
    }
    if (depth >= DEPTH_MAX) {
      compareAll(from, to, depth);
      return;
    }
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (int i = from; i < to; i++) {
      int key = order[i];
      int bytes = starts[key + 1] - starts[key];
      shortest = Math.min(shortest, bytes);
      longest = Math.max(longest, bytes);
      numbers[i] = number(key, depth);
    }
    if (longest <= depth && shortest == longest) {
      return; // one and the same key, and already in the order in which they came
    }
    sortNumbers(from, to);
    int group = from;
    for (int i = from + 1; i <= to; i++) {
      if (i == to || numbers[i] != numbers[group]) {
        if (i - group > 1) {
          sort(group, i, depth + STEP);
        }
        group = i;
      }
    }
  }

  /** Up to eight bytes of a key as a number; what the key does not have is zero. */
  private long number(int key, int depth) {
    int from = starts[key] + depth;
    int left = starts[key + 1] - from;
    if (left >= STEP) {
      return Bytes.getLong(keys, from);
    }
    long number = 0;
    for (int i = 0; i < STEP; i++) {
      number = number << Byte.SIZE | (i < left ? keys[from + i] & 0xff : 0);
    }
    return number;
  }

  private void sortNumbers(int from, int to) {
    int[][] counts = new int[STEP][DIGITS];
    for (int i = from; i < to; i++) {
      long number = numbers[i];
      for (int digit = 0; digit < STEP; digit++) {
        counts[digit][(int) (number >>> digit * Byte.SIZE) & 0xff]++;
      }
    }
    for (int digit = 0; digit < STEP; digit++) {
      int shift = digit * Byte.SIZE;
      int[] places = counts[digit];
      if (places[(int) (numbers[from] >>> shift) & 0xff] == to - from) {
        continue; // all agree
      }
      int place = from;
      for (int value = 0; value < DIGITS; value++) {
        int next = place + places[value];
        places[value] = place;
        place = next;
      }
      for (int i = from; i < to; i++) {
        int target = places[(int) (numbers[i] >>> shift) & 0xff]++;
        otherNumbers[target] = numbers[i];
        other[target] = order[i];
      }
      System.arraycopy(otherNumbers, from, numbers, from, to - from);
      System.arraycopy(other, from, order, from, to - from);
    }
  }

  private void insert(int from, int to, int depth) {
    for (int i = from + 1; i < to; i++) {
      int key = order[i];
      int at = i;
      while (at > from && compare(order[at - 1], key, depth) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = key;
    }
  }

  private void compareAll(int from, int to, int depth) {
    Integer[] boxed = new Integer[to - from];
    Arrays.setAll(boxed, i -> order[from + i]);
    Arrays.sort(boxed, (a, b) -> compare(a, b, depth));
    for (int i = 0; i < boxed.length; i++) {
      order[from + i] = boxed[i];
    }
  }

  private int compare(int a, int b, int depth) {
    // A key may have ended before this depth: then zeros, of its own or for want of bytes, made it
    // agree so far.
    int fromA = Math.min(starts[a] + depth, starts[a + 1]);
    int fromB = Math.min(starts[b] + depth, starts[b + 1]);
    int bytes = Arrays.compareUnsigned(keys, fromA, starts[a + 1], keys, fromB, starts[b + 1]);
    return bytes != 0
        ? bytes
        : Integer.compare(starts[a + 1] - starts[a], starts[b + 1] - starts[b]);
  }
}
