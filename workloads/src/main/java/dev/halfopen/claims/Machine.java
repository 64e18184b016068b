package dev.halfopen.claims;

import dev.halfopen.app.Application;
import dev.halfopen.net.Host;
import dev.halfopen.oracle.Actor;
import dev.halfopen.oracle.Connection;
import dev.halfopen.tcp.HostTcp;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.SocketControl;
import dev.halfopen.tcp.SocketGauges;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.tcp.TcpInfo;
import dev.halfopen.world.WorldBuilder;

/** A machine of a {@link Lab}: its kernel, and a program that does what it is told. */
final class Machine {
  private final Lab lab;
  private final SysctlProfile sysctl;
  final Host host;
  final Actor program = new Actor();

  Machine(Lab lab, WorldBuilder builder, String name, KernelProfile kernel, int addresses) {
    this.lab = lab;
    this.sysctl = new SysctlProfile(kernel);
    this.host = addresses == 1 ? builder.host(name, sysctl) : builder.farm(name, sysctl, addresses);
    builder.application(host, program);
  }

  /** Before the world runs. */
  Machine set(Sysctl key, long value) {
    sysctl.set(key, value);
    return this;
  }

  Machine ports(int first, int count) {
    return set(Sysctl.PORT_RANGE_FIRST, first).set(Sysctl.PORT_RANGE_LAST, first + count - 1);
  }

  /** Runs this instead of the program. */
  Machine runs(Application application) {
    lab.builder().application(host, application);
    return this;
  }

  /** Has the program do something now. */
  Machine does(Runnable action) {
    long atNs = lab.world().nowNs() + 1;
    program.at(atNs, action);
    lab.world().run(atNs);
    return this;
  }

  /** Has the program do something after a while. */
  Machine doesAfter(double seconds, Runnable action) {
    program.at(lab.world().nowNs() + (long) (seconds * Say.SECOND_NS), action);
    return this;
  }

  int address() {
    return host.firstAddress();
  }

  /** Listens on {@link Lab#PORT}; connections are accepted at once. */
  Machine listens(int backlog) {
    return does(() -> program.listen(Lab.PORT, backlog, SocketOptions.DEFAULT));
  }

  /** Calls connect() now; the result need not be there yet. */
  Connection connects(Machine to, SocketOptions options) {
    Connection[] made = new Connection[1];
    does(() -> made[0] = program.connect(to.address(), Lab.PORT, options));
    return made[0];
  }

  Connection connects(Machine to) {
    return connects(to, SocketOptions.DEFAULT);
  }

  HostTcp tcp() {
    return lab.world().tcp(host);
  }

  long counter(int mib) {
    return tcp().counter(mib);
  }

  /** Sockets in a state of {@link SocketGauges}, as ss counts them. */
  int sockets(int gauge) {
    return tcp().gauges().value(gauge);
  }

  int timeWaits() {
    return sockets(SocketGauges.TIME_WAIT);
  }

  int halfOpen() {
    return sockets(SocketGauges.SYN_RECV);
  }

  int established() {
    return sockets(SocketGauges.ESTABLISHED);
  }

  /** Sockets in any state but LISTEN and CLOSED. */
  int allSockets() {
    int n = 0;
    for (int gauge = 0; gauge < SocketGauges.COUNT; gauge++) {
      n += gauge == SocketGauges.ORPHANED ? 0 : sockets(gauge);
    }
    return n;
  }

  SocketControl control() {
    return lab.world().stack().control(tcp());
  }

  /** getsockopt(TCP_INFO). */
  TcpInfo info(Connection connection) {
    TcpInfo info = new TcpInfo();
    if (!control().info(connection.socket, info)) {
      throw new IllegalStateException("the socket is gone");
    }
    return info;
  }

  int localPort(Connection connection) {
    return control().localPort(connection.socket);
  }
}
