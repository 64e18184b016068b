package dev.halfopen.tcp;

import java.util.Arrays;

/** Interns {@link Contract}s and {@link SocketOptions}: a connection stores 16 bits. */
final class Contracts {
  private static final int MOST = 1 << 16;

  /** A handshake asks for three contracts in turn: what each end offers and what they agree on. */
  private static final int RECENT_BITS = 5;

  private Contract[] byId = new Contract[16];
  private long[] keys = new long[16];
  private int count;

  /** The contract that was asked for last at each place, by its key; 0 is no key. */
  private final long[] recentKeys = new long[1 << RECENT_BITS];

  private final Contract[] recent = new Contract[1 << RECENT_BITS];
  private SocketOptions[] options = {SocketOptions.DEFAULT};
  private int optionsCount = 1;

  /** The number of these options, by identity. */
  int optionsId(SocketOptions o) {
    for (int i = 0; i < optionsCount; i++) {
      if (options[i] == o) {
        return i;
      }
    }
    if (optionsCount == options.length) {
      options = Arrays.copyOf(options, optionsCount * 2);
    }
    options[optionsCount] = o;
    return optionsCount++;
  }

  Contract of(int id) {
    return byId[id];
  }

  /** The contract of this {@link Contract#key}, made if it is new. */
  Contract intern(long key) {
    int place = (int) (key * 0x9E3779B97F4A7C15L >>> Long.SIZE - RECENT_BITS);
    if (recentKeys[place] == key) {
      return recent[place];
    }
    Contract c = find(key);
    recentKeys[place] = key;
    recent[place] = c;
    return c;
  }

  private Contract find(long key) {
    for (int i = 0; i < count; i++) {
      if (keys[i] == key) {
        return byId[i];
      }
    }
    return add(key);
  }

  private Contract add(long key) {
    if (count == MOST) {
      throw new IllegalStateException("more than " + MOST + " different connection contracts");
    }
    if (count == byId.length) {
      byId = Arrays.copyOf(byId, count * 2);
      keys = Arrays.copyOf(keys, count * 2);
    }
    Contract c = new Contract(key, options[(int) key & 0xFFFF], count);
    byId[count] = c;
    keys[count] = key;
    count++;
    return c;
  }
}
