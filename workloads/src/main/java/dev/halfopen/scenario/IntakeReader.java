package dev.halfopen.scenario;

import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.CpuConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;

/** Reads {@code conntrack:}, {@code nic:} and {@code cpu:} of a host. */
final class IntakeReader {
  private static final String PREFIX = "net.netfilter.nf_conntrack_";
  private static final String TIMEOUT = PREFIX + "tcp_timeout_";
  private static final String COST_RANGE = "0ns..1s";

  private static final Map<String, ObjIntConsumer<ConntrackConfig>> SYSCTLS =
      Map.ofEntries(
          Map.entry(PREFIX + "max", (c, v) -> c.max = v),
          Map.entry(PREFIX + "buckets", (c, v) -> c.buckets = v),
          Map.entry(PREFIX + "tcp_loose", (c, v) -> c.loose = v != 0),
          Map.entry(TIMEOUT + "syn_sent", (c, v) -> c.timeoutSynSent = v),
          Map.entry(TIMEOUT + "syn_recv", (c, v) -> c.timeoutSynRecv = v),
          Map.entry(TIMEOUT + "established", (c, v) -> c.timeoutEstablished = v),
          Map.entry(TIMEOUT + "fin_wait", (c, v) -> c.timeoutFinWait = v),
          Map.entry(TIMEOUT + "close_wait", (c, v) -> c.timeoutCloseWait = v),
          Map.entry(TIMEOUT + "last_ack", (c, v) -> c.timeoutLastAck = v),
          Map.entry(TIMEOUT + "time_wait", (c, v) -> c.timeoutTimeWait = v),
          Map.entry(TIMEOUT + "close", (c, v) -> c.timeoutClose = v));

  private IntakeReader() {}

  static IntakeSpec read(MapReader host) {
    Optional<ConntrackConfig> conntrack = conntrack(host);
    Optional<MapReader> nic = host.map("nic");
    Optional<MapReader> cpu = host.map("cpu");
    if (nic.isPresent() && cpu.isEmpty()) {
      host.problem("nic", "its rings matter only where cpu: says what a packet costs");
    }
    long nicRate = nic.map(IntakeReader::nicRate).orElse(0L);
    Optional<CpuConfig> cores = cpu.map(c -> cpu(c, nic));
    String source = cpu.map(c -> c.text("source")).orElse("");
    nic.ifPresent(MapReader::finish);
    cpu.ifPresent(MapReader::finish);
    if (conntrack.isEmpty() && cores.isEmpty() && nicRate == 0) {
      return IntakeSpec.NONE;
    }
    return new IntakeSpec(conntrack, cores, source, nicRate);
  }

  private static long nicRate(MapReader nic) {
    return nic.has("rate")
        ? nic.quantity("rate", ValueKind.BIT_RATE, "10Gbit/s", "1kbit/s..10000Gbit/s").asLong()
        : 0;
  }

  private static CpuConfig cpu(MapReader cpu, Optional<MapReader> nic) {
    CpuConfig config = new CpuConfig();
    config.cores = cpu.count("cores", "1", "1..1024");
    config.perPacketNs = cpu.durationNs("perPacket", "0ns", COST_RANGE);
    config.perSynNs = cpu.durationNs("perSyn", "0ns", COST_RANGE);
    config.perCookieNs = cpu.durationNs("perCookie", "0ns", COST_RANGE);
    config.queues = config.cores;
    if (nic.isPresent()) {
      config.queues = nic.get().count("queues", String.valueOf(config.cores), "1..1024");
      config.ring = nic.get().count("ring", "1024", "1..65536");
    }
    return config;
  }

  private static Optional<ConntrackConfig> conntrack(MapReader host) {
    Optional<MapReader> tracking = host.map("conntrack");
    if (tracking.isEmpty()) {
      return Optional.empty();
    }
    MapReader map = tracking.get();
    boolean enabled = map.flag("enabled", true);
    ConntrackConfig config = new ConntrackConfig();
    map.map("sysctl").ifPresent(s -> sysctls(s, config));
    map.finish();
    return enabled ? Optional.of(config) : Optional.empty();
  }

  private static void sysctls(MapReader map, ConntrackConfig config) {
    for (String key : List.copyOf(map.node().entries().keySet())) {
      ObjIntConsumer<ConntrackConfig> setter = SYSCTLS.get(key);
      if (setter == null) {
        map.problem(key, "unknown key " + key + Suggest.hint(key, new TreeSet<>(SYSCTLS.keySet())));
      } else {
        String least = key.endsWith("loose") || key.endsWith("buckets") ? "0" : "1";
        setter.accept(config, map.count(key, least, least + "..100000000"));
      }
    }
  }
}
