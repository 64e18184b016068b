package dev.halfopen.gate;

import dev.halfopen.world.World;

/** A world that the gate measures: the same work on both revisions. */
interface GateLoad {
  /** Virtual seconds until its tables have their size and its code is compiled. */
  double warmSeconds();

  /** Virtual seconds that the gate's short form measures. */
  double shortSeconds();

  World world();

  /** What counts as a unit of work: connections, requests, SYNs. */
  long done();

  /** Units of work that failed, which must be none. */
  long failed();

  /** All that tables have allocated so far, arrays included that were replaced since. */
  long grantedBytes();
}
