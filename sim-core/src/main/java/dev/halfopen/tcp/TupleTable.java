package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.engine.RecordTable;

/**
 * Tables that the demux leads to: words 0 to 2 of a record are the 4-tuple, local address, remote
 * address, local port 16 | remote port 16. The cursor knows its row.
 */
abstract class TupleTable extends RecordTable {
  private static final int LOCAL = 0;
  private static final int REMOTE = 1;
  private static final int PORTS = 2;

  private int row;

  TupleTable(String name, int words, int linkWord, MemoryBudget budget) {
    this(name, words, linkWord, 0, budget);
  }

  TupleTable(String name, int words, int linkWord, int spareMost, MemoryBudget budget) {
    super(name, words, linkWord, spareMost, budget);
  }

  /** Borrows the cursor: it stays at {@code newRow} until the next call. */
  final void move(int newRow) {
    row = newRow;
    at(newRow);
  }

  final int row() {
    return row;
  }

  /** Takes a row and moves the cursor to it. */
  final int takeRow() {
    int taken = take();
    row = taken;
    return taken;
  }

  final boolean matches(int local, int remote, int ports) {
    return get(PORTS) == ports && get(REMOTE) == remote && get(LOCAL) == local;
  }

  final void tuple(int local, int remote, int ports) {
    put(LOCAL, local);
    put(REMOTE, remote);
    put(PORTS, ports);
  }

  final int local() {
    return get(LOCAL);
  }

  final int remote() {
    return get(REMOTE);
  }

  final int ports() {
    return get(PORTS);
  }

  /**
   * What the timers of a record are ordered by within one instant, 37 bits: a hash of the tuple, so
   * that it does not depend on which row the record has.
   */
  final long orderOf(int itsRow) {
    int remote = wordOf(itsRow, REMOTE);
    int ports = wordOf(itsRow, PORTS);
    long hash = hashOf(itsRow) & 0xFFFFFFFFL;
    return hash << 5 | (remote ^ ports ^ ports >>> 16) & 31;
  }

  /** The demux hash of a record that need not be under the cursor. */
  final int hashOf(int itsRow) {
    return Demux.hash(wordOf(itsRow, LOCAL), wordOf(itsRow, REMOTE), wordOf(itsRow, PORTS));
  }

  /** Whether there is or was a record in that row, which may be any number. */
  final boolean exists(int anyRow) {
    return anyRow > 0 && anyRow <= highWater();
  }

  /** The demux hash of the record under the cursor. */
  final int hash() {
    return Demux.hash(local(), remote(), ports());
  }
}
