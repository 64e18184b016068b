package dev.halfopen.tcp;

/**
 * How many local ports one machine holds towards each destination (address, port), TIME_WAIT
 * included, with the peak and its instant. Open addressing over a few longs.
 */
final class DestinationUse {
  private long[] keys = new long[16];
  private int[] inUse = new int[16];
  private int[] peak = new int[16];
  private long[] peakAtNs = new long[16];
  private int size;

  private static long key(int remote, int remotePort) {
    return (long) remote << 17 | remotePort << 1 | 1;
  }

  private static int slot(long key, int mask) {
    return (int) (key * 0x9E3779B97F4A7C15L >>> 40) & mask;
  }

  private int find(long key) {
    int mask = keys.length - 1;
    int p = slot(key, mask);
    while (keys[p] != 0 && keys[p] != key) {
      p = p + 1 & mask;
    }
    return p;
  }

  void up(int remote, int remotePort, long nowNs) {
    long key = key(remote, remotePort);
    int p = find(key);
    if (keys[p] == 0) {
      if (size * 2 >= keys.length) {
        grow();
        p = find(key);
      }
      keys[p] = key;
      size++;
    }
    if (++inUse[p] > peak[p]) {
      peak[p] = inUse[p];
      peakAtNs[p] = nowNs;
    }
  }

  void down(int remote, int remotePort) {
    inUse[find(key(remote, remotePort))]--;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldUse = inUse;
    int[] oldPeak = peak;
    long[] oldAt = peakAtNs;
    int n = oldKeys.length * 2;
    keys = new long[n];
    inUse = new int[n];
    peak = new int[n];
    peakAtNs = new long[n];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int p = find(oldKeys[i]);
        keys[p] = oldKeys[i];
        inUse[p] = oldUse[i];
        peak[p] = oldPeak[i];
        peakAtNs[p] = oldAt[i];
      }
    }
  }

  int inUse(int remote, int remotePort) {
    return inUse[find(key(remote, remotePort))];
  }

  int peak(int remote, int remotePort) {
    return peak[find(key(remote, remotePort))];
  }

  long peakAtNs(int remote, int remotePort) {
    return peakAtNs[find(key(remote, remotePort))];
  }
}
