package dev.halfopen.claims;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import dev.halfopen.app.Distribution;
import dev.halfopen.app.OriginServer;
import dev.halfopen.app.OriginServerConfig;
import dev.halfopen.app.ReverseProxy;
import dev.halfopen.app.ReverseProxyConfig;
import dev.halfopen.net.Segment;
import dev.halfopen.oracle.Connection;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Mib;
import dev.halfopen.tcp.SocketOptions;
import dev.halfopen.tcp.Sysctl;
import java.util.HashSet;
import java.util.Set;

/** Using a connection again (HTTP persistence) and using a port again, which is not the same. */
final class ReuseClaims {
  private static final int REQUEST_BYTES = 200;
  private static final int RESPONSE_BYTES = 1000;

  private ReuseClaims() {}

  /** A12. */
  static void onlyPersistenceReuses(Evidence evidence) {
    int requests = 10;
    Lab without = requests(requests, false);
    Lab with = requests(requests, true);
    evidence.show(
        handshakes(without) == requests && ports(without) == requests && handshakes(with) == 1,
        requests
            + " requests of one client make "
            + handshakes(without)
            + " handshakes from "
            + ports(without)
            + " ports without HTTP persistence, "
            + handshakes(with)
            + " with it");
    portAgain(evidence);
    synIntoTimeWait(evidence);
  }

  private static Lab requests(int n, boolean persistent) {
    Lab lab = new Lab();
    lab.server.program.whenAccepted =
        s -> {
          s.whenData = () -> s.send(RESPONSE_BYTES);
          s.whenEnded = s::close;
        };
    lab.server.listens(128);
    lab.client.does(() -> request(lab, n, persistent));
    lab.run(2);
    return lab;
  }

  private static void request(Lab lab, int left, boolean persistent) {
    Connection c =
        lab.client.program.connect(lab.server.address(), Lab.PORT, SocketOptions.DEFAULT);
    int[] more = {left};
    c.whenConnected = () -> c.send(REQUEST_BYTES);
    c.whenData =
        () -> {
          more[0]--;
          if (persistent && more[0] > 0) {
            c.send(REQUEST_BYTES);
            return;
          }
          c.close();
          if (more[0] > 0) {
            request(lab, more[0], false);
          }
        };
  }

  private static long handshakes(Lab lab) {
    return lab.packetsWith(true, Segment.SYN, Segment.SYN);
  }

  private static int ports(Lab lab) {
    Set<Integer> ports = new HashSet<>();
    lab.packets.stream().filter(p -> p.is(Segment.SYN)).forEach(p -> ports.add(sourcePort(p)));
    return ports.size() / 2;
  }

  private static int sourcePort(dev.halfopen.oracle.Packet p) {
    return p.ports() >>> 16 == Lab.PORT ? -(p.ports() & 0xFFFF) : p.ports() >>> 16;
  }

  /** tcp_tw_reuse: the client's own TIME_WAIT gives its port to another connection. */
  private static void portAgain(Evidence evidence) {
    Lab lab = new Lab();
    lab.client.set(Sysctl.TCP_TW_REUSE, 1).ports(40_000, 1);
    lab.server.program.whenAccepted = s -> s.whenEnded = s::close;
    Connection first = lab.connected();
    lab.client.does(first::close);
    lab.run(0.5);
    final Connection early = lab.client.connects(lab.server);
    lab.run(1);
    final int before = lab.client.timeWaits();
    Connection second = lab.client.connects(lab.server);
    lab.run(0.5);
    evidence.show(
        early.hasFailed()
            && before == 1
            && second.isConnected()
            && handshakes(lab) == 2
            && lab.client.timeWaits() == 0,
        "tcp_tw_reuse=1 gives the only port again after 1 s, for a new handshake ("
            + handshakes(lab)
            + " in all)");
  }

  /** The server's TIME_WAIT yields to a SYN from the same port. */
  private static void synIntoTimeWait(Evidence evidence) {
    Lab lab = new Lab();
    lab.client.ports(40_000, 1);
    Connection[] accepted = new Connection[1];
    lab.server.program.whenAccepted = s -> accepted[0] = s;
    Connection first = lab.connected();
    first.whenEnded = first::close;
    lab.server.does(accepted[0]::close);
    lab.run(0.1);
    final int before = lab.server.timeWaits();
    Connection second = lab.client.connects(lab.server);
    lab.run(0.1);
    evidence.show(
        before == 1 && second.isConnected() && lab.server.timeWaits() == 0 && handshakes(lab) == 2,
        "a SYN into the server's TIME_WAIT opens a new connection at once, by "
            + handshakes(lab)
            + " handshakes in all");
  }

  /** A14. */
  static void persistenceOnBothSides(Evidence evidence) {
    for (boolean client : new boolean[] {false, true}) {
      for (boolean upstream : new boolean[] {false, true}) {
        matrix(evidence, client, upstream);
      }
    }
  }

  /** 2000 requests, 100 a second, of 20 ms each. */
  private static void matrix(Evidence evidence, boolean client, boolean upstream) {
    Lab lab = new Lab();
    Machine browsers = lab.farm("browsers", KernelProfile.LINUX_6_18, 50);
    Machine proxy = lab.machine("proxy");
    lab.cable(browsers, proxy).cable(proxy, lab.server);

    ClientFarmConfig load = new ClientFarmConfig();
    load.serverAddress = proxy.address();
    load.serverPort = Lab.PORT;
    load.requestsMax = 2000;
    load.requestsPerClientConnection = client ? 0 : 1;
    ClientFarm farm = new ClientFarm(load);
    browsers.runs(farm);

    ReverseProxyConfig relay = new ReverseProxyConfig();
    relay.listenPort = Lab.PORT;
    relay.upstreamAddresses = new int[] {lab.server.address()};
    relay.idlePool = upstream ? 32 : 0;
    ReverseProxy proxyProgram = new ReverseProxy(relay);
    proxy.runs(proxyProgram);

    OriginServerConfig origin = new OriginServerConfig();
    origin.serviceTime = Distribution.constant(20 * Say.MS_NS);
    lab.server.runs(new OriginServer(origin));

    lab.run(25);
    farm.finish(lab.nowNs());
    long front = proxyProgram.stats().clientConnections();
    long back = proxyProgram.stats().opened();
    int waiting = proxy.timeWaits();
    evidence.show(
        farm.stats().succeeded() == 2000
            && (client ? front <= 100 : front == 2000)
            && (upstream ? back <= 32 && waiting == 0 : back == 2000 && waiting == 2000)
            && proxy.counter(Mib.ACTIVE_OPENS) == back,
        "persistence "
            + (client ? "at the client" : "not at the client")
            + (upstream ? ", at the upstream: " : ", not at the upstream: ")
            + Say.grouped(front)
            + " and "
            + Say.grouped(back)
            + " connections for 2,000 requests, "
            + Say.grouped(waiting)
            + " TIME_WAIT at the proxy"
            + (upstream ? ", " + proxyProgram.idlePeak() + " pooled" : ""));
  }
}
