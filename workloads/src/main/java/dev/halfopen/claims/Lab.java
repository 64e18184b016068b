package dev.halfopen.claims;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Impairments;
import dev.halfopen.net.LinkRule;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.oracle.Connection;
import dev.halfopen.oracle.Packet;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client and a server on one wire, and more machines where a claim needs them. Sysctls, machines
 * and cables come first; the first thing that takes time builds the world.
 */
final class Lab {
  static final int PORT = 80;

  /** A round trip of 0.2 ms: machines of one data centre. */
  static final double LAN_S = 0.0002;

  private static final long STEP_NS = Say.MS_NS;
  private static final long SEED = 1;

  /**
   * Jiffies phases are spread over every timer granule of 8^n jiffies (555555 in octal is 5/7 of
   * each) and over the jiffy.
   */
  private static final long PHASE_STEP_NS = 187_245L * 4_000_000 + 500_000;

  private static final long PHASES_NS = (1 << 18) * 4_000_000L;

  private final WorldBuilder builder;
  private final long phaseNs;
  private @Nullable World world;

  final Machine client;
  final Machine server;
  final Impairments toServer;
  final Impairments toClient;

  /** What client and server put on their wire. */
  final List<Packet> packets = new ArrayList<>();

  boolean captures = true;

  Lab() {
    this(KernelProfile.LINUX_6_18, LAN_S, 0);
  }

  Lab(KernelProfile kernel) {
    this(kernel, LAN_S, 0);
  }

  /**
   * Client and server.
   *
   * @param roundTripS of the wire between them
   * @param phase number of a jiffies phase, from 0: timers are rounded by absolute jiffies
   */
  Lab(KernelProfile kernel, double roundTripS, int phase) {
    builder = new WorldBuilder(SEED, MemoryBudget.unlimited());
    phaseNs = phase * PHASE_STEP_NS % PHASES_NS;
    client = machine("client", kernel);
    server = machine("server", kernel);
    builder.link(client.host, server.host, 0, (long) (roundTripS / 2 * Say.SECOND_NS), 0);
    toServer = builder.impair(client.host, server.host).rule(tap(true));
    toClient = builder.impair(server.host, client.host).rule(tap(false));
  }

  private LinkRule tap(boolean fromClient) {
    return (nowNs, segment) -> {
      if (captures) {
        packets.add(Packet.of(nowNs, fromClient, segment));
      }
      return LinkRule.PASS;
    };
  }

  Machine machine(String name, KernelProfile kernel) {
    return farm(name, kernel, 1);
  }

  Machine machine(String name) {
    return machine(name, KernelProfile.LINUX_6_18);
  }

  /** Many machines in one. */
  Machine farm(String name, KernelProfile kernel, int addresses) {
    Machine m = new Machine(this, builder, name, kernel, addresses);
    m.host.phaseNs(phaseNs);
    return m;
  }

  /** A cable of the length of the first one. */
  Lab cable(Machine a, Machine b) {
    builder.link(a.host, b.host, 0, (long) (LAN_S / 2 * Say.SECOND_NS), 0);
    return this;
  }

  WorldBuilder builder() {
    return builder;
  }

  World world() {
    World w = world;
    if (w == null) {
      w = builder.build();
      world = w;
    }
    return w;
  }

  long nowNs() {
    World w = world;
    return w == null ? 0 : w.nowNs();
  }

  double nowS() {
    return Say.seconds(nowNs());
  }

  void run(double seconds) {
    world().run(nowNs() + (long) (seconds * Say.SECOND_NS));
  }

  /** Runs in steps of 1 ms until the condition holds or the time is up; whether it holds. */
  boolean await(double limitS, BooleanSupplier condition) {
    return await(limitS, STEP_NS, condition);
  }

  boolean await(double limitS, long stepNs, BooleanSupplier condition) {
    long endNs = nowNs() + (long) (limitS * Say.SECOND_NS);
    while (!condition.getAsBoolean()) {
      if (nowNs() >= endNs) {
        return false;
      }
      world().run(nowNs() + stepNs);
    }
    return true;
  }

  /** The server listens; the client is connected to it, and both have been quiet for a while. */
  Connection connected(SocketOptions options) {
    server.listens(128);
    Connection connection = client.connects(server, options);
    run(1);
    return connection;
  }

  Connection connected() {
    return connected(SocketOptions.DEFAULT);
  }

  /** From now on nothing crosses the wire: the power is gone, or the cable. */
  void cut() {
    toServer.rule(SegmentRule.drop().from(nowNs()));
    toClient.rule(SegmentRule.drop().from(nowNs()));
  }

  /** Forgets the packets so far. */
  void captureAnew() {
    packets.clear();
  }

  /** The flags of the packets, client's as S, server's in lower case: "S sa A". */
  String exchange() {
    StringBuilder out = new StringBuilder();
    for (Packet p : packets) {
      out.append(out.length() == 0 ? "" : " ").append(Flags.of(p));
    }
    return out.toString();
  }

  long packetsWith(boolean fromClient, int mask, int flags) {
    return packets.stream()
        .filter(p -> p.fromClient() == fromClient && (p.flags() & mask) == flags)
        .count();
  }
}
