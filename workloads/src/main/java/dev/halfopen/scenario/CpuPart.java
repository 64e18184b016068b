package dev.halfopen.scenario;

import dev.halfopen.net.CpuConfig;
import dev.halfopen.net.Host;
import java.util.List;
import java.util.Optional;

/** {@code cpu:} and {@code nic:} of a host. */
final class CpuPart implements HostPart<CpuSpec> {
  private static final String COST_RANGE = "0ns..1s";

  @Override
  public List<String> keys() {
    return List.of("cpu", "nic");
  }

  @Override
  public Class<CpuSpec> specType() {
    return CpuSpec.class;
  }

  @Override
  public Optional<CpuSpec> read(MapReader host) {
    Optional<MapReader> nic = host.map("nic");
    Optional<MapReader> cpu = host.map("cpu");
    if (nic.isPresent() && cpu.isEmpty()) {
      host.problem("nic", "its rings matter only where cpu: says what a packet costs");
    }
    if (cpu.isEmpty()) {
      return Optional.empty();
    }
    CpuConfig config = new CpuConfig();
    config.cores = cpu.get().count("cores", "1", "1..1024");
    config.perPacketNs = cpu.get().durationNs("perPacket", "0ns", COST_RANGE);
    config.perSynNs = cpu.get().durationNs("perSyn", "0ns", COST_RANGE);
    config.perCookieNs = cpu.get().durationNs("perCookie", "0ns", COST_RANGE);
    String source = cpu.get().text("source");
    cpu.get().finish();
    config.queues = config.cores;
    long rate = nic.map(n -> nic(n, config)).orElse(0L);
    return Optional.of(new CpuSpec(config, source, rate));
  }

  private static long nic(MapReader nic, CpuConfig config) {
    config.queues = nic.count("queues", String.valueOf(config.cores), "1..1024");
    config.ring = nic.count("ring", "1024", "1..65536");
    long rate =
        nic.has("rate")
            ? nic.quantity("rate", ValueKind.BIT_RATE, "10Gbit/s", "1kbit/s..10000Gbit/s").asLong()
            : 0;
    nic.finish();
    return rate;
  }

  @Override
  public void build(CpuSpec spec, HostSpec host, Host coreHost, Assembler world) {
    world.builder().cpu(coreHost, spec.config());
  }
}
