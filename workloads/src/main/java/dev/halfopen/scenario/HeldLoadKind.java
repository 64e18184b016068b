package dev.halfopen.scenario;

import dev.halfopen.app.Distribution;
import dev.halfopen.app.HeldConnections;
import dev.halfopen.app.HeldConnectionsConfig;
import dev.halfopen.tcp.SocketOptions;
import java.util.List;

/** {@code kind: heldConnections}. */
final class HeldLoadKind implements LoadKind<HeldLoad> {
  /** Handshake. */
  private static final int PACKETS_PER_CONNECTION = 3;

  /** Request, response and the ACK of it. */
  private static final int PACKETS_PER_EXCHANGE = 4;

  @Override
  public String word() {
    return "heldConnections";
  }

  @Override
  public Class<HeldLoad> specType() {
    return HeldLoad.class;
  }

  @Override
  public HeldLoad read(MapReader load) {
    String from = load.requiredText("from");
    Address to = Address.read(load, "to");
    load.require("rate");
    load.require("connections");
    RateSpec rate = RateReader.read(load, "1/h..100000000/s");
    if (!rate.isConstant()) {
      load.problem("rate", "held connections have one rate");
    }
    int connections = load.count("connections", "1", "1..200000000");
    int perRequest = load.count("perRequest", "1", "1.." + HeldConnectionsConfig.PER_REQUEST_MOST);
    if (connections % perRequest != 0) {
      load.problem("connections", "must be a multiple of perRequest, " + perRequest);
    }
    HeldLoad spec =
        new HeldLoad(
            load.name(),
            from,
            to.group(),
            to.port(),
            rate,
            load.oneOf("arrivals", RequestLoad.Arrivals.POISSON, RequestLoad.Arrivals.class),
            connections - connections % perRequest,
            load.quantity("openRate", ValueKind.RATE, "10000/s", "1/s..100000000/s"),
            perRequest,
            RequestLoadKind.bytes(load, "requestBytes", "200B"),
            RequestLoadKind.bytes(load, "responseBytes", "1000B"),
            load.durationNs("timeout", "30s", "0s..24h"),
            load.flag("tcpKeepalive", false));
    load.finish();
    return spec;
  }

  @Override
  public void check(HeldLoad load, WorldChecks checks) {
    WorldChecks.Place from = checks.place("load", load.name(), "from");
    if (checks.known(load.from(), from)) {
      List<HostSpec> sources = checks.world().group(load.from());
      if (sources.size() > 1 || !sources.get(0).apps().isEmpty() || sources.get(0).isForger()) {
        checks.problem(from, load.from() + " must be one host or farm without applications");
      }
    }
    WorldChecks.Place to = checks.place("load", load.name(), "to");
    if (checks.known(load.to(), to)) {
      checks.listener(load.to(), load.toPort(), to);
      checks.linked(load.from(), load.to(), to);
    }
  }

  @Override
  public void build(HeldLoad load, Assembler world) {
    HeldConnectionsConfig config = new HeldConnectionsConfig();
    config.requests.name = load.name();
    RequestLoadKind.setRate(config.requests, load.curve().most());
    config.requests.poisson = load.arrivals() == RequestLoad.Arrivals.POISSON;
    config.requests.timeoutNs = load.timeoutNs();
    config.requests.untilNs = world.spec().durationNs();
    config.requests.requestBytes = Distribution.constant(load.requestBytes());
    config.requests.responseBytes = Distribution.constant(load.responseBytes());
    config.serverAddresses = world.addressesOf(load.to());
    config.serverPort = load.toPort();
    config.connections = load.connections();
    config.opensPerSecond = (long) load.openRate().perSecond();
    config.perRequest = load.perRequest();
    if (load.tcpKeepalive()) {
      config.socketOptions = SocketOptions.DEFAULT.copy();
      config.socketOptions.keepalive = true;
    }
    HeldConnections app = new HeldConnections(config);
    world.builder().application(world.host(load.from()), app);
    world.placedLoad(load, app);
    world.builder().expectSockets(world.host(load.from()), load.connections());
    List<HostSpec> servers = world.spec().group(load.to());
    for (HostSpec server : servers) {
      long each = (load.connections() - 1L) / servers.size() + 1;
      world.builder().expectSockets(world.host(server.name()), each);
    }
  }

  @Override
  public double packets(HeldLoad load, long durationNs) {
    double opening =
        HeldConnections.requestsFromNs(load.connections(), (long) load.openRate().perSecond());
    double seconds = Math.max(0, durationNs - opening) / 1e9;
    return (double) load.connections() * PACKETS_PER_CONNECTION
        + load.curve().most().perSecond() * seconds * load.perRequest() * PACKETS_PER_EXCHANGE;
  }
}
