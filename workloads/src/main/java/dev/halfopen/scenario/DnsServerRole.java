package dev.halfopen.scenario;

import dev.halfopen.app.Application;
import dev.halfopen.app.DnsServer;
import dev.halfopen.app.DnsServerConfig;
import java.util.List;

/** {@code role: dnsServer}. */
final class DnsServerRole implements AppRole<DnsServerSpec> {
  @Override
  public String word() {
    return "dnsServer";
  }

  @Override
  public Class<DnsServerSpec> specType() {
    return DnsServerSpec.class;
  }

  @Override
  public DnsServerSpec read(MapReader app) {
    DnsServerSpec spec = new DnsServerSpec(app.flag("cache", true));
    app.finish();
    return spec;
  }

  @Override
  public Application build(DnsServerSpec spec, HostSpec host, Assembler world) {
    DnsServerConfig config = new DnsServerConfig();
    config.cache = spec.cache();
    for (NameSpec name : world.spec().names()) {
      if (name.server().equals(host.name())) {
        config.name(world.host(name.host()).firstAddress(), name.ttlNs());
      }
    }
    return new DnsServer(config);
  }

  /** By which number its server knows a name: its place among that server's names. */
  static int numberOf(NameSpec name, List<NameSpec> names) {
    int n = 0;
    for (NameSpec other : names) {
      if (other.name().equals(name.name())) {
        return n;
      }
      n += other.server().equals(name.server()) ? 1 : 0;
    }
    throw new IllegalArgumentException("no name " + name.name());
  }
}
