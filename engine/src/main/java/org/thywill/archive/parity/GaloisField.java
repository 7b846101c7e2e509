package org.thywill.archive.parity;

/**
 * Arithmetic in the finite field GF(2^8), whose elements are bytes.
 *
 * <p>The sum of two is their XOR, the product that of polynomials with coefficients 0 and 1, modulo
 * x^8 + x^4 + x^3 + x^2 + 1. Every byte but 0 has an inverse, which decoding a {@linkplain
 * ParityEncoder parity} needs.
 */
final class GaloisField {
  private static final int MODULUS = 0x11d;
  private static final int SIZE = 256;
  private static final int[] POWERS = new int[2 * SIZE];
  private static final int[] LOGARITHMS = new int[SIZE];
  private static final byte[][] PRODUCTS = new byte[SIZE][SIZE];

  static {
    for (int power = 0, value = 1; power < POWERS.length; power++) {
      POWERS[power] = value;
      LOGARITHMS[value] = power % (SIZE - 1);
      value = value << 1 ^ (value >> 7) * MODULUS;
    }
    for (int a = 1; a < SIZE; a++) {
      for (int b = 1; b < SIZE; b++) {
        PRODUCTS[a][b] = (byte) POWERS[LOGARITHMS[a] + LOGARITHMS[b]];
      }
    }
  }

  private GaloisField() {}

  /** The product of two bytes from 0 to 255. */
  static int multiply(int a, int b) {
    return PRODUCTS[a][b] & 0xff;
  }

  /**
   * The quotient of two bytes from 0 to 255.
   *
   * @throws ArithmeticException if the divisor is 0
   */
  static int divide(int a, int by) {
    if (by == 0) {
      throw new ArithmeticException("division by zero");
    }
    return a == 0 ? 0 : POWERS[LOGARITHMS[a] + SIZE - 1 - LOGARITHMS[by]];
  }

  /** Adds the product of a factor and each byte to the sums. */
  static void addProducts(int factor, byte[] bytes, byte[] sums) {
    byte[] products = PRODUCTS[factor];
    for (int i = 0; i < bytes.length; i++) {
      sums[i] ^= products[bytes[i] & 0xff];
    }
  }

  /**
   * Solves linear equations by Gaussian elimination.
   *
   * @param factors the factors of the unknowns, a row for each equation; overwritten
   * @param sums the right sides; overwritten by the unknowns, in the order of the factors
   */
  static void solve(int[][] factors, byte[][] sums) {
    for (int column = 0; column < factors.length; column++) {
      int pivot = column;
      while (factors[pivot][column] == 0) {
        pivot++; // There is one: every square part of a Cauchy matrix can be inverted.
      }
      swap(factors, sums, column, pivot);
      scale(factors[column], sums[column], divide(1, factors[column][column]));
      for (int row = 0; row < factors.length; row++) {
        int factor = factors[row][column];
        if (row != column && factor != 0) {
          for (int i = column; i < factors.length; i++) {
            factors[row][i] ^= multiply(factor, factors[column][i]);
          }
          addProducts(factor, sums[column], sums[row]);
        }
      }
    }
  }

  private static void swap(int[][] factors, byte[][] sums, int a, int b) {
    int[] row = factors[a];
    factors[a] = factors[b];
    factors[b] = row;
    byte[] sum = sums[a];
    sums[a] = sums[b];
    sums[b] = sum;
  }

  private static void scale(int[] row, byte[] sum, int factor) {
    for (int i = 0; i < row.length; i++) {
      row[i] = multiply(factor, row[i]);
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (byte) multiply(factor, sum[i] & 0xff);
    }
  }
}
