package dev.halfopen.scenario;

import dev.halfopen.tcp.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run will need, from its rates and lifetimes, before it is started.
 *
 * @param bytes of tables, at their peak
 * @param reason what most of it is
 * @param lower what to lower for it to be less
 * @param packets that will be simulated
 */
public record RunEstimate(long bytes, String reason, String lower, long packets, double seconds) {
  /** Table rows with their index and timer entries, as RECORDS.md sizes them. */
  private static final long BYTES_TIME_WAIT = 48;

  private static final long BYTES_ESTABLISHED = 90;

  /** Of a held connection's two ends: an idle one takes less, its client keeps a list. */
  private static final long BYTES_HELD = 80;

  private static final long BYTES_HELD_KEEPALIVE = 90;

  /** Event queue, recorders, samples: what even an idle world takes. */
  private static final long BYTES_BASE = 8L << 20;

  private static final double TIME_WAIT_SECONDS = 62.05;

  private static final double LEAST_IN_FLIGHT_SECONDS = 0.1;

  private static final double PACKETS_PER_SECOND = 1_000_000;

  /** The estimate for a world. */
  public static RunEstimate of(WorldSpec world) {
    double bytes = BYTES_BASE;
    double packets = 0;
    List<String> reasons = new ArrayList<>();
    for (LoadSpec load : world.loads()) {
      packets += packets(Registry.loadKindOf(load), load, world.durationNs());
    }
    for (HeldLoad load : world.loads(HeldLoad.class)) {
      bytes +=
          (double) load.connections()
              * (BYTES_HELD + (load.tcpKeepalive() ? BYTES_HELD_KEEPALIVE : BYTES_HELD));
      reasons.add(
          String.format(Locale.ROOT, "%s connections, both ends", millions(load.connections())));
    }
    for (RequestLoad load : world.requestLoads()) {
      double rate = load.requestsPerSecond();
      double seconds = world.durationNs() / 1e9;
      double timeWaits =
          Math.min(rate * Math.min(seconds, TIME_WAIT_SECONDS), timeWaitsMost(world, load))
              + load.clientTimeWaits(world);
      double established = Math.min(2 * rate * seconds, 2 * rate * inFlightSeconds(world));
      bytes += timeWaits * BYTES_TIME_WAIT + established * BYTES_ESTABLISHED;
      reasons.add(
          String.format(
              Locale.ROOT,
              "at the most %s TIME_WAITs and %s connections",
              millions(timeWaits),
              millions(established)));
    }
    return new RunEstimate(
        (long) bytes,
        String.join(", ", reasons),
        lower(world),
        (long) packets,
        Math.max(0.1, packets / PACKETS_PER_SECOND));
  }

  private static <S extends LoadSpec> double packets(
      LoadKind<S> kind, LoadSpec load, long durationNs) {
    return kind.packets(kind.specType().cast(load), durationNs);
  }

  /** Generously, how long a request keeps a connection: round trips and service time. */
  private static double inFlightSeconds(WorldSpec world) {
    double seconds = LEAST_IN_FLIGHT_SECONDS;
    for (LinkSpec link : world.links()) {
      seconds += 4 * link.rttNs() / 1e9;
    }
    for (HostSpec host : world.hosts()) {
      for (HttpServerSpec server : host.apps(HttpServerSpec.class)) {
        seconds = Math.max(seconds, 2 * server.serviceTime().mostNs() / 1e9);
      }
    }
    return seconds;
  }

  /** What sysctls and ports allow on the hosts that the load passes. */
  private static double timeWaitsMost(WorldSpec world, RequestLoad load) {
    double most = 0;
    for (HostSpec host : world.hosts()) {
      if (!host.group().equals(load.from())) {
        most += host.sysctls().get(Sysctl.TCP_MAX_TW_BUCKETS);
      }
    }
    return most;
  }

  /** "200M", "28,232". */
  private static String millions(double count) {
    return count >= 10e6
        ? String.format(Locale.ROOT, "%.0fM", count / 1e6)
        : String.format(Locale.ROOT, "%,.0f", count);
  }

  /**
   * Refuses a run that does not fit.
   *
   * @param source the scenario's name or file
   */
  public void check(String source, long allowedBytes) throws BadInputException {
    if (bytes <= allowedBytes) {
      return;
    }
    throw new BadInputException(
        source
            + ": needs about "
            + gib(bytes)
            + " ("
            + reason
            + "); "
            + gib(allowedBytes)
            + " allowed. Lower "
            + lower
            + " or raise --max-memory");
  }

  /** The key to turn: the first load's, or "the load" if there are several. */
  private static String lower(WorldSpec world) {
    if (world.loads().size() != 1) {
      return "the load";
    }
    LoadSpec load = world.loads().get(0);
    return "load." + load.name() + (load instanceof HeldLoad ? ".connections" : ".rate");
  }

  private static String gib(long size) {
    return size < 1L << 30
        ? String.format(Locale.ROOT, "%d MiB", size >> 20)
        : String.format(Locale.ROOT, "%.1f GiB", size / (double) (1L << 30));
  }
}
