package dev.halfopen.packetdrill;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection that packets of the script belong to: as in packetdrill there is one at a time,
 * the latest that was listened for or connected. Maps numbers of the script to those of the stack.
 */
final class Connection {
  enum Role {
    NONE,
    LISTENING,
    PASSIVE,
    CONNECTING,
    ACTIVE
  }

  /** Ports as packetdrill's defaults have them. */
  static final int SERVER_PORT = 8080;

  private static final int FIRST_REMOTE_PORT = 40_000;

  Role role = Role.NONE;
  int localPort = SERVER_PORT;
  int remotePort = SERVER_PORT;

  private int nextRemotePort = FIRST_REMOTE_PORT;
  private int scriptLocalIsn;
  private int liveLocalIsn;
  private boolean localIsnKnown;
  private int remoteIsn;
  private final Map<Integer, Integer> timestamps = new HashMap<>();
  private boolean timestampSeen;
  private int firstScriptTimestamp;
  private int firstLiveTimestamp;

  /** A call to listen(): the next packet that arrives begins a connection. */
  void listening(int port) {
    role = Role.LISTENING;
    localPort = port;
  }

  /** A packet arrives at the listener: a new peer port. */
  void passive(int seq) {
    forget();
    role = Role.PASSIVE;
    remotePort = nextRemotePort++;
    remoteIsn = seq;
  }

  /** A call to connect(). */
  void connecting(int from, int to) {
    forget();
    role = Role.CONNECTING;
    localPort = from;
    remotePort = to;
  }

  private void forget() {
    scriptLocalIsn = 0;
    liveLocalIsn = 0;
    localIsnKnown = false;
    remoteIsn = 0;
    timestamps.clear();
    timestampSeen = false;
  }

  /** Our SYN or SYN-ACK: the numbers of script and stack meet here. */
  void localIsn(int script, int live) {
    if (!localIsnKnown) {
      scriptLocalIsn = script;
      liveLocalIsn = live;
      localIsnKnown = true;
    }
  }

  /** The peer's SYN-ACK or crossing SYN. */
  void remoteIsn(int seq) {
    remoteIsn = seq;
    if (role == Role.CONNECTING) {
      role = Role.ACTIVE;
    }
  }

  boolean owns(Captured c) {
    return c.localPort() == localPort && c.remotePort() == remotePort;
  }

  // ---- sequence numbers

  int liveSeq(int script, boolean syn) {
    return syn ? script : script + remoteIsn;
  }

  int liveAck(int script, boolean syn) {
    return syn ? script + liveLocalIsn - scriptLocalIsn : script + liveLocalIsn;
  }

  int scriptSeq(int live, boolean syn) {
    return syn ? live - liveLocalIsn + scriptLocalIsn : live - liveLocalIsn;
  }

  int scriptAck(int live, boolean syn) {
    return syn ? live : live - remoteIsn;
  }

  // ---- timestamps

  /** Remembers what a TS val of the script stands for. */
  void timestampSent(int script, int live) {
    timestamps.put(script, live);
    if (!timestampSeen) {
      timestampSeen = true;
      firstScriptTimestamp = script;
      firstLiveTimestamp = live;
    }
  }

  /** The TS val of a sent packet in the script's numbers. */
  int scriptTimestamp(int live) {
    return firstScriptTimestamp + (live - firstLiveTimestamp);
  }

  /**
   * What an inbound TS ecr of the script must be for the stack.
   *
   * @param scaled whether values never sent are reckoned from the first one
   * @return null where the script echoes what was never sent
   */
  @Nullable Integer liveEcho(int script, boolean scaled) {
    Integer live = timestamps.get(script);
    if (live != null || script == 0) {
      return live == null ? 0 : live;
    }
    return timestampSeen && scaled ? script - firstScriptTimestamp + firstLiveTimestamp : null;
  }
}
