package dev.halfopen.scenario;

import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;

/** {@code conntrack:} of a host. */
final class ConntrackPart implements HostPart<ConntrackSpec> {
  private static final String PREFIX = "net.netfilter.nf_conntrack_";
  private static final String TIMEOUT = PREFIX + "tcp_timeout_";

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

  @Override
  public List<String> keys() {
    return List.of("conntrack");
  }

  @Override
  public Class<ConntrackSpec> specType() {
    return ConntrackSpec.class;
  }

  @Override
  public Optional<ConntrackSpec> read(MapReader host) {
    Optional<MapReader> tracking = host.map("conntrack");
    if (tracking.isEmpty()) {
      return Optional.empty();
    }
    MapReader map = tracking.get();
    boolean enabled = map.flag("enabled", true);
    ConntrackConfig config = new ConntrackConfig();
    map.map("sysctl").ifPresent(s -> sysctls(s, config));
    map.finish();
    return enabled ? Optional.of(new ConntrackSpec(config)) : Optional.empty();
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

  @Override
  public void build(ConntrackSpec spec, HostSpec host, Host coreHost, Assembler world) {
    world.builder().conntrack(coreHost, spec.config());
  }
}
