package dev.halfopen.tcp;

import org.jspecify.annotations.Nullable;

/**
 * The {@link PortPool}s of one host by (source, destination, destination port): open addressing.
 */
final class PortPools {
  private @Nullable PortPool[] table = new @Nullable PortPool[16];
  private int size;

  private static int slot(int local, int remote, int remotePort, int mask) {
    return Demux.hash(local, remote, remotePort) & mask;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable PortPool find(int local, int remote, int remotePort) {
    if (size == 0) {
      return null;
    }
    int mask = table.length - 1;
    int p = slot(local, remote, remotePort, mask);
    PortPool pool = table[p];
    while (pool != null && !pool.is(local, remote, remotePort)) {
      p = p + 1 & mask;
      pool = table[p];
    }
    return pool;
  }

  void add(PortPool pool) {
    if (size * 2 >= table.length) {
      @Nullable PortPool[] old = table;
      table = new @Nullable PortPool[old.length * 2];
      for (PortPool each : old) {
        if (each != null) {
          put(each);
        }
      }
    }
    put(pool);
    size++;
  }

  private void put(PortPool pool) {
    int mask = table.length - 1;
    int p = slot(pool.local, pool.remote, pool.remotePort, mask);
    while (table[p] != null) {
      p = p + 1 & mask;
    }
    table[p] = pool;
  }
}
