package org.thywill.view.btree;

import java.util.Arrays;

/**
 * Sorts keys that lie one after the other in an array, by their unsigned bytes. Of two keys that
 * agree, the shorter one comes first; equal keys keep their order.
 *
 * <p>How: eight bytes of each key are one number, and the numbers are sorted byte by byte, least
 * significant first, which keeps the order of equal ones. Keys that agree in all eight bytes are
 * sorted by the next eight. Small groups, and keys that agree in their first 64 bytes, are sorted
 * by comparison.
 */
final class RadixSorter {
  private static final int STEP = Long.BYTES;
  private static final int GROUP_SMALL = 24;
  private static final int DEPTH_MAX = 8 * STEP;
  private static final int DIGITS = 256;

  private final byte[] keys;
  private final int[] starts;
  private final int[] order;
  private final int[] other;
  private final long[] numbers;
  private final long[] otherNumbers;

  /** Sorts the first keys of an array; key i lies between start i and start i + 1. */
  RadixSorter(byte[] keys, int[] starts, int count) {
    this.keys = keys;
    this.starts = starts;
    this.order = new int[count];
    Arrays.setAll(order, i -> i);
    this.other = new int[count];
    this.numbers = new long[count];
    this.otherNumbers = new long[count];
  }

  /** The indexes of the keys, from 0, in their order. */
  int[] sorted() {
    sort(0, order.length, 0);
    return order;
  }

  private void sort(int from, int to, int depth) {
    if (to - from <= GROUP_SMALL) {
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
      return; // all keys are equal, and already in their order
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

  /** The next eight bytes of a key as a number; bytes after its end count as zero. */
  private long number(int key, int depth) {
    int from = starts[key] + depth;
    int left = starts[key + 1] - from;
    if (left >= STEP) {
      return NumberEncoding.getLong(keys, from);
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
    // A key may end before this depth: it agreed so far because missing bytes count as zero.
    int fromA = Math.min(starts[a] + depth, starts[a + 1]);
    int fromB = Math.min(starts[b] + depth, starts[b + 1]);
    int bytes = Arrays.compareUnsigned(keys, fromA, starts[a + 1], keys, fromB, starts[b + 1]);
    return bytes != 0
        ? bytes
        : Integer.compare(starts[a + 1] - starts[a], starts[b + 1] - starts[b]);
  }
}
