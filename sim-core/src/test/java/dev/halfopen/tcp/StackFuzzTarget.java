package dev.halfopen.tcp;

import java.util.Random;

/**
 * {@link StackFuzzer} with a fuzzer's bytes for its choices, so that a coverage-guided one can look
 * for what random numbers do not find. It needs no library: Jazzer finds the method by its name.
 */
public final class StackFuzzTarget {
  private static final int LEAST_BYTES = 40;
  private static final int BYTES_A_STEP = 10;
  private static final int MOST_STEPS = 200;

  private StackFuzzTarget() {}

  /** One run; every broken invariant is an AssertionError. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length >= LEAST_BYTES) {
      StackFuzzer.run(new Choices(data), 7, Math.min(MOST_STEPS, data.length / BYTES_A_STEP));
    }
  }

  /** Choices from bytes, a byte for a small one; zeros when there are no more. */
  private static final class Choices extends Random {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;
    private int at;

    Choices(byte[] bytes) {
      super(0);
      this.bytes = bytes;
    }

    private int nextByte() {
      return bytes != null && at < bytes.length ? bytes[at++] & 0xFF : 0;
    }

    @Override
    protected int next(int bits) {
      int n = 0;
      for (int i = 0; i < Integer.BYTES; i++) {
        n = n << Byte.SIZE | nextByte();
      }
      return n >>> Integer.SIZE - bits;
    }

    @Override
    public int nextInt(int bound) {
      return bound <= 256 ? nextByte() % bound : (nextByte() << Byte.SIZE | nextByte()) % bound;
    }

    @Override
    public boolean nextBoolean() {
      return (nextByte() & 1) != 0;
    }
  }
}
