package dev.halfopen.oracle;

import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.Impairments;
import dev.halfopen.net.LinkRule;
import dev.halfopen.net.SegmentRule;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.world.World;
import dev.halfopen.world.WorldBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Client and server of a measurement, joined by a wire that can be tapped and cut. Sysctls are set
 * first, in both namespaces as the measurement did; the first use of {@link #world} builds it.
 */
final class Scene {
  static final int PORT = 80;

  private static final long STEP_NS = Conditions.MS_NS;

  private final SysctlProfile clientSysctl = Conditions.sysctl();
  private final SysctlProfile serverSysctl = Conditions.sysctl();
  private final WorldBuilder builder = new WorldBuilder(Conditions.SEED, MemoryBudget.unlimited());
  private final Host clientHost = builder.host("client", clientSysctl);
  private final Host serverHost = builder.host("server", serverSysctl);
  private @Nullable World world;

  final Actor client = new Actor();
  final Actor server = new Actor();
  final Impairments toServer;
  final Impairments toClient;

  /** What both hosts sent, while {@link #captures}. */
  final List<Packet> packets = new ArrayList<>();

  boolean captures = true;

  Scene(int phase) {
    this(phase, Conditions.ONE_WAY_NS);
  }

  /** The same with a longer wire. */
  Scene(int phase, long oneWayNs) {
    builder.link(clientHost, serverHost, Conditions.BITS_PER_SECOND, oneWayNs, 0);
    clientHost.linkTo(clientHost.id(), loopback());
    clientHost.phaseNs(Conditions.phaseNs(phase));
    serverHost.phaseNs(Conditions.phaseNs(phase));
    toServer = builder.impair(clientHost, serverHost).rule(tap(true));
    toClient = builder.impair(serverHost, clientHost).rule(tap(false));
    builder.application(clientHost, client).application(serverHost, server);
  }

  private static dev.halfopen.net.Link loopback() {
    return new dev.halfopen.net.Link(Conditions.BITS_PER_SECOND, Conditions.ONE_WAY_NS, 0);
  }

  private LinkRule tap(boolean fromClient) {
    return (nowNs, segment) -> {
      if (captures) {
        packets.add(Packet.of(nowNs, fromClient, segment));
      }
      return LinkRule.PASS;
    };
  }

  /** Sets a sysctl in both namespaces. */
  Scene set(Sysctl sysctl, long value) {
    clientSysctl.set(sysctl, value);
    serverSysctl.set(sysctl, value);
    return this;
  }

  /** Sets the second and third number of tcp_rmem in both namespaces. */
  void receiveBuffer(int defaultBytes, int mostBytes) {
    clientSysctl.receiveBuffer(defaultBytes, mostBytes);
    serverSysctl.receiveBuffer(defaultBytes, mostBytes);
  }

  Scene setAtClient(Sysctl sysctl, long value) {
    clientSysctl.set(sysctl, value);
    return this;
  }

  Scene build() {
    world = builder.build();
    return this;
  }

  World world() {
    World w = world;
    if (w == null) {
      throw new IllegalStateException("build() comes first");
    }
    return w;
  }

  HostTcp clientTcp() {
    return world().tcp(clientHost);
  }

  HostTcp serverTcp() {
    return world().tcp(serverHost);
  }

  long nowNs() {
    return world().nowNs();
  }

  double nowS() {
    return nowNs() / (double) Conditions.SECOND_NS;
  }

  void run(double seconds) {
    world().run(nowNs() + (long) (seconds * Conditions.SECOND_NS));
  }

  void runUntil(double atS) {
    world().run((long) (atS * Conditions.SECOND_NS));
  }

  /** Runs in steps of 1 ms until the condition holds or the time is up; whether it holds. */
  boolean await(double limitS, BooleanSupplier condition) {
    long endNs = nowNs() + (long) (limitS * Conditions.SECOND_NS);
    while (!condition.getAsBoolean()) {
      if (nowNs() >= endNs) {
        return false;
      }
      world().run(nowNs() + STEP_NS);
    }
    return true;
  }

  /** The client does this now. */
  void clientDoes(Runnable action) {
    client.at(nowNs() + 1, action);
    world().run(nowNs() + 1);
  }

  void serverDoes(Runnable action) {
    server.at(nowNs() + 1, action);
    world().run(nowNs() + 1);
  }

  /** From now on nothing crosses the wire. */
  void cut() {
    toServer.rule(SegmentRule.drop().from(nowNs()));
    toClient.rule(SegmentRule.drop().from(nowNs()));
  }

  /** The server listens and accepts; the client is connected, and has a measured round trip. */
  Connection connected(SocketOptions options) {
    return connected(options, SocketOptions.DEFAULT);
  }

  Connection connected(SocketOptions options, SocketOptions serverOptions) {
    serverDoes(() -> server.listen(PORT, 128, serverOptions));
    Connection[] made = new Connection[1];
    clientDoes(() -> made[0] = client.connect(server.address(), PORT, options));
    run(0.05);
    return made[0];
  }

  /** Sockets of the client that are neither closed nor listening, TIME_WAIT included. */
  int clientSockets() {
    SocketGauges g = clientTcp().gauges();
    int n = 0;
    for (int i = 0; i < SocketGauges.COUNT; i++) {
      n += i == SocketGauges.ORPHANED ? 0 : g.value(i);
    }
    return n;
  }

  int serverGauge(int gauge) {
    return serverTcp().gauges().value(gauge);
  }
}
