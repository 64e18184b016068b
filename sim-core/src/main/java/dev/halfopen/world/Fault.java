package dev.halfopen.world;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import org.jspecify.annotations.Nullable;

/** One fault event: what happens at one node at one instant. Made before the run. */
final class Fault {
  /** What happens. */
  enum Kind {
    CUT_LINK,
    MEND_LINK,
    LOSE,
    LOSE_NO_MORE,
    DEAD_END,
    POWER_OFF,
    POWER_ON,
    KILL,
    START,
    HANG,
    RESUME,
    TELL,
    BACKLOG
  }

  final Kind kind;
  final Host host;
  final long timeNs;

  /** Of the link that it changes; null where it changes none. */
  final @Nullable Impairments link;

  DeadAddress deadAddress = DeadAddress.SILENT;
  Impairments.NeighbourTimer neighbour = nowNs -> nowNs;
  int what;
  long argument;

  Fault(Kind kind, Host host, long timeNs, @Nullable Impairments link) {
    this.kind = kind;
    this.host = host;
    this.timeNs = timeNs;
    this.link = link;
  }
}
