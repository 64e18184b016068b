package dev.halfopen.scenario;

import dev.halfopen.app.ClientFarm;
import dev.halfopen.app.ClientFarmConfig;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** {@code kind: requests}, which is what a load without {@code kind} is. */
final class RequestLoadKind implements LoadKind<RequestLoad> {
  static final String WORD = "requests";

  private static final BigInteger HOUR_NS = BigInteger.valueOf(3_600_000_000_000L);

  /**
   * Who arrives is somebody else each time, and shares no connection with those before; a user of a
   * closed loop keeps his own.
   */
  private static final String PER_CONNECTION = "requestsPerClientConnection";

  private static final String UNLIMITED = "unlimited";

  /** Ten for the exchange of a fresh connection, five for the client's side of it. */
  private static final int PACKETS_PER_REQUEST = 15;

  /** A guess of what a user waits at least. */
  private static final long LEAST_ROUND_NS = 1_000_000;

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public Class<RequestLoad> specType() {
    return RequestLoad.class;
  }

  @Override
  public RequestLoad read(MapReader load) {
    String from = load.requiredText("from");
    Address to = Address.read(load, "to");
    int users = load.has("users") ? load.count("users", "1", "1..1000000") : 0;
    load.known("users");
    long thinkNs = load.durationNs("thinkTime", "0s", "0s..24h");
    if (users > 0 && load.has("rate")) {
      load.problem("rate", "users send as fast as they are answered; give users or a rate");
    } else if (users > 0 && load.has("arrivals")) {
      load.problem("arrivals", "users send when they have been answered; only a rate has arrivals");
    } else if (users == 0) {
      load.require("rate");
    }
    if (users == 0 && load.has("thinkTime")) {
      load.problem("thinkTime", "nobody thinks between the requests of a rate; only users do");
    }
    RateSpec rate = RateReader.read(load, "1/h..10000000/s");
    RequestLoad spec =
        new RequestLoad(
            load.name(),
            from,
            to.group(),
            to.port(),
            rate,
            load.oneOf("arrivals", RequestLoad.Arrivals.POISSON, RequestLoad.Arrivals.class),
            (int) StrictMath.round(1000 * load.share("posts", "0%", "0%..100%")),
            load.countOr(PER_CONNECTION, UNLIMITED, users > 0 ? UNLIMITED : "1", "1..1000000000"),
            SizeSpec.read(load, "requestBytes", "200B"),
            SizeSpec.read(load, "responseBytes", "1000B"),
            load.count("fanOut", "1", "1..1000"),
            load.durationNs("timeout", "30s", "0s..24h"),
            users,
            thinkNs,
            RetrySpec.read(load));
    load.finish();
    return spec;
  }

  static int bytes(MapReader load, String key, String defaultText) {
    boolean isDistribution =
        load.node().get(key).filter(YamlNode.Mapping.class::isInstance).isPresent();
    if (isDistribution) {
      load.map(key);
      load.problem(key, "not modelled yet: a distribution of sizes; give one size");
      return 1;
    }
    return Math.toIntExact(
        load.quantity(key, ValueKind.SIZE, defaultText, "1B..1073741824B").asLong());
  }

  @Override
  public void check(RequestLoad load, WorldChecks checks) {
    WorldChecks.Place from = checks.place("load", load.name(), "from");
    if (checks.known(load.from(), from)) {
      List<HostSpec> sources = checks.world().group(load.from());
      if (sources.get(0).isForger()) {
        checks.problem(from, load.from() + " has no machines that could wait for an answer");
      }
      if (sources.size() > 1 || !sources.get(0).apps().isEmpty()) {
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
  public void build(RequestLoad load, Assembler world) {
    ClientFarmConfig config = new ClientFarmConfig();
    config.name = load.name();
    config.serverAddress = world.addressesOf(load.to())[0];
    config.serverAddresses = world.addressesOf(load.to());
    config.serverPort = load.toPort();
    if (load.curve().isConstant()) {
      setRate(config, load.rate());
    } else {
      config.schedule = load.curve().schedule();
    }
    config.poisson = load.arrivals() == RequestLoad.Arrivals.POISSON;
    config.fanOut = load.fanOut();
    config.users = load.users();
    config.thinkTimeNs = load.thinkTimeNs();
    config.measureFromNs = world.spec().goals().measureFromNs();
    config.postsPerThousand = load.postsPerThousand();
    config.untilNs = world.spec().durationNs();
    config.timeoutNs = load.timeoutNs();
    config.requestsPerClientConnection = load.requestsPerClientConnection();
    config.requestBytes = load.requestBytes().distribution();
    config.responseBytes = load.responseBytes().distribution();
    config.retry = load.retry().orElse(null);
    ClientFarm farm = new ClientFarm(config);
    world.builder().application(world.host(load.from()), farm);
    world.placedLoad(load, farm);
    world.builder().expectSockets(world.host(load.from()), load.clientTimeWaits(world.spec()));
  }

  @Override
  public double packets(RequestLoad load, long durationNs) {
    double offered =
        load.users() == 0
            ? load.curve().expected(durationNs)
            : (double) durationNs / (load.thinkTimeNs() + LEAST_ROUND_NS) * load.users();
    return offered * load.fanOut() * PACKETS_PER_REQUEST;
  }

  /** The rate as a fraction of whole numbers in lowest terms: 1000/s is one per 1,000,000 ns. */
  static void setRate(ClientFarmConfig config, Quantity rate) {
    int scale = Math.max(0, rate.base().stripTrailingZeros().scale());
    BigInteger tens = BigInteger.TEN.pow(scale);
    BigInteger count = rate.base().multiply(new BigDecimal(tens)).toBigIntegerExact();
    BigInteger perNs = HOUR_NS.multiply(tens);
    BigInteger common = count.gcd(perNs);
    config.rateCount = count.divide(common).longValueExact();
    config.ratePerNs = perNs.divide(common).longValueExact();
  }
}
