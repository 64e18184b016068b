package dev.halfopen.tcp;

import dev.halfopen.engine.MemoryBudget;

/**
 * The established hash: 4-tuple to a row of one of three tables. Open addressing with linear
 * probing over 8-byte entries, hash 32 | tag 2 | row 30; the slot is (hash * slots) >>> 32, so that
 * the table can have any size; deletion shifts back by the stored hash and touches no record.
 */
final class Demux {
  static final int CONNECTION = 0;
  static final int TIME_WAIT = 1;
  static final int REQUEST = 2;

  /** Of a tuple that no table has. */
  static final int NONE = -1;

  private static final String NAME = "demux";
  private static final int FIRST_SLOTS = 1024;

  /** An array of longs has at most so many places in every JVM. */
  private static final int MOST_SLOTS = Integer.MAX_VALUE - 8;

  private static final double LOAD_MOST = 0.75;

  /** Where a size is asked for: a little below the load at which the table grows. */
  private static final double LOAD_EXPECTED = 0.745;

  /**
   * Up to 1 MiB a table that nobody asked for is filled by half only: one that is full to three
   * quarters makes a look-up that finds nothing, as each SYN of a flood does, read 8.5 entries
   * instead of 2.5.
   */
  private static final int ROOMY_SLOTS = 1 << 17;

  /** An entry further from home than this is not looked for ahead of time. */
  private static final int TOUCH_PROBES = 8;

  /** About as many entries follow a place until one is empty. */
  private static final int PROBES = 4;

  private static final int ROW_MASK = 0x3FFFFFFF;

  private final Connections connections;
  private final TimeWaits timeWaits;
  private final Requests requests;
  private final MemoryBudget budget;

  private long[] table;
  private long slots;
  private int used;
  private int peak;
  private int limit;
  private int rehashes;
  private long touched;

  Demux(Connections connections, TimeWaits timeWaits, Requests requests, MemoryBudget budget) {
    this.connections = connections;
    this.timeWaits = timeWaits;
    this.requests = requests;
    this.budget = budget;
    budget.billRows(NAME, () -> peak);
    budget.reserve(NAME, bytes(FIRST_SLOTS));
    resize(FIRST_SLOTS);
  }

  static int hash(int local, int remote, int ports) {
    long x =
        ((long) local << 32 | remote & 0xFFFFFFFFL) * 0x9E3779B97F4A7C15L
            + ports * 0xC2B2AE3D27D4EB4FL;
    x ^= x >>> 32;
    x *= 0xD6E8FEB86659FD93L;
    return (int) (x >>> 32);
  }

  private void resize(int n) {
    table = new long[n];
    slots = n;
    limit = n <= ROOMY_SLOTS ? n >> 1 : (int) (n * LOAD_MOST);
  }

  private static long bytes(long slots) {
    return MemoryBudget.arrayBytes(slots, Long.BYTES);
  }

  /** Makes room at once for so many entries, so that the table need not grow up to there. */
  void expect(long entries) {
    long n = (long) StrictMath.ceil(entries / LOAD_EXPECTED);
    if (n > slots) {
      grow((int) Math.min(MOST_SLOTS, n));
    }
    if (entries > limit) {
      limit = (int) (slots * LOAD_MOST);
    }
  }

  private int home(int hash) {
    return (int) ((hash & 0xFFFFFFFFL) * slots >>> 32);
  }

  /**
   * The position of the tuple, or the complement of the empty position where it would go. The
   * cursor of the table it is in stands at its row.
   */
  int find(int hash, int local, int remote, int ports) {
    long[] t = table;
    int p = home(hash);
    for (; ; ) {
      long e = t[p];
      if (e == 0) {
        return ~p;
      }
      if ((int) (e >>> 32) == hash && matches((int) e, local, remote, ports)) {
        return p;
      }
      if (++p == t.length) {
        p = 0;
      }
    }
  }

  /**
   * The same for who needs no position: the tag of the entry, or {@link #NONE}. Each packet comes
   * here; by way of {@link #find} bulk seemed some 2 % slower (pairs between 0.96 and 1.12).
   */
  int lookUp(int hash, int local, int remote, int ports) {
    long[] t = table;
    int p = home(hash);
    for (long e = t[p]; e != 0; e = t[p]) {
      if ((int) (e >>> 32) == hash) {
        int tagged = (int) e;
        if (tagged >>> 30 != CONNECTION) {
          if (matchesOther(tagged, local, remote, ports)) {
            return tagged >>> 30;
          }
        } else if (matchesConnection(tagged, local, remote, ports)) {
          return CONNECTION;
        }
      }
      if (++p == t.length) {
        p = 0;
      }
    }
    return NONE;
  }

  private boolean matches(int tagged, int local, int remote, int ports) {
    return tagged >>> 30 == CONNECTION
        ? matchesConnection(tagged, local, remote, ports)
        : matchesOther(tagged, local, remote, ports);
  }

  private boolean matchesConnection(int tagged, int local, int remote, int ports) {
    connections.move(tagged & ROW_MASK);
    return connections.matches(local, remote, ports);
  }

  /** Apart, so that the look-up of a connection, which most are, stays small. */
  private boolean matchesOther(int tagged, int local, int remote, int ports) {
    TupleTable records = tagged >>> 30 == TIME_WAIT ? timeWaits : requests;
    records.move(tagged & ROW_MASK);
    return records.matches(local, remote, ports);
  }

  // ---- reading ahead: what is found may be wrong and never decides anything

  /** Reads the home position of a tuple. */
  void touch(int hash) {
    touched += table[home(hash)];
  }

  /** Reads the home positions of some tuples, and where their lists of probes probably end. */
  void touch(int[] hash, int n) {
    long[] t = table;
    long sum = 0;
    for (int i = 0; i < n; i++) {
      int p = home(hash[i]);
      sum += t[p] + t[Math.min(p + PROBES, t.length - 1)];
    }
    touched += sum;
  }

  /** What was read, for nobody: it keeps the compiler from leaving out the reads. */
  long touched() {
    return touched;
  }

  /** Finds for each hash an entry that has it; 0 where there is none near its home. */
  void resolve(int[] hash, int[] entry, int n) {
    long[] t = table;
    for (int i = 0; i < n; i++) {
      int p = home(hash[i]);
      long e = t[p];
      for (int k = 0; k < TOUCH_PROBES && e != 0 && (int) (e >>> 32) != hash[i]; k++) {
        p = p + 1 == t.length ? 0 : p + 1;
        e = t[p];
      }
      entry[i] = (int) (e >>> 32) == hash[i] ? (int) e : 0;
    }
  }

  /** Reads the record of an entry. */
  void touchRecord(int entry) {
    int row = entry & ROW_MASK;
    switch (entry >>> 30) {
      case CONNECTION -> touched += connections.touch(row);
      case TIME_WAIT -> touched += timeWaits.touch(row);
      default -> touched += requests.touch(row);
    }
  }

  int tagAt(int position) {
    return (int) table[position] >>> 30;
  }

  int rowAt(int position) {
    return (int) table[position] & ROW_MASK;
  }

  /** Enters a tuple that is not there yet. */
  void insert(int hash, int tag, int row) {
    if (used >= limit) {
      grow((int) Math.min(MOST_SLOTS, slots * 2));
      rehashes++;
    }
    used++;
    peak = Math.max(peak, used);
    put((long) hash << 32 | (tag << 30 | row) & 0xFFFFFFFFL);
  }

  private void put(long entry) {
    long[] t = table;
    int p = home((int) (entry >>> 32));
    while (t[p] != 0) {
      if (++p == t.length) {
        p = 0;
      }
    }
    t[p] = entry;
  }

  /** Points the entry of (hash, old tag, old row) to another record of the same tuple. */
  void replace(int hash, int oldTag, int oldRow, int tag, int row) {
    table[locate(hash, oldTag, oldRow)] = (long) hash << 32 | (tag << 30 | row) & 0xFFFFFFFFL;
  }

  void remove(int hash, int tag, int row) {
    removeAt(locate(hash, tag, row));
  }

  private int locate(int hash, int tag, int row) {
    long entry = (long) hash << 32 | (tag << 30 | row) & 0xFFFFFFFFL;
    long[] t = table;
    int p = home(hash);
    while (t[p] != entry) {
      if (t[p] == 0) {
        throw new IllegalStateException("demux has no entry for tag " + tag + " row " + row);
      }
      if (++p == t.length) {
        p = 0;
      }
    }
    return p;
  }

  private void removeAt(int position) {
    long[] t = table;
    int n = t.length;
    int hole = position;
    int q = position;
    used--;
    for (; ; ) {
      if (++q == n) {
        q = 0;
      }
      long e = t[q];
      if (e == 0) {
        break;
      }
      int home = home((int) (e >>> 32));
      int fromHome = q - home;
      if (fromHome < 0) {
        fromHome += n;
      }
      int fromHole = q - hole;
      if (fromHole < 0) {
        fromHole += n;
      }
      if (fromHome >= fromHole) {
        t[hole] = e;
        hole = q;
      }
    }
    t[hole] = 0;
  }

  /** Both tables are there while entries move. */
  private void grow(int n) {
    long[] old = table;
    budget.reserve(NAME, bytes(n));
    resize(n);
    for (long e : old) {
      if (e != 0) {
        put(e);
      }
    }
    budget.release(NAME, bytes(old.length));
  }

  int size() {
    return used;
  }

  int rehashes() {
    return rehashes;
  }
}
