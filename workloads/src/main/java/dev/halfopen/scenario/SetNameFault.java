package dev.halfopen.scenario;

import dev.halfopen.app.DnsServer;
import java.util.Optional;

/** {@code do: setName}: the authority gives a name another address. */
final class SetNameFault implements FaultKind<SetNameFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String dnsName, String address) implements FaultSpec {}

  @Override
  public String word() {
    return "setName";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    Spec spec = new Spec(name, atNs, fault.requiredText("dnsName"), fault.requiredText("address"));
    fault.finish();
    return spec;
  }

  @Override
  public void check(Spec spec, WorldChecks checks) {
    if (named(spec, checks.world()).isEmpty()) {
      checks.problem(checks.fault("dnsName"), "no name " + spec.dnsName() + " under names");
    }
    checks.host(spec.address(), checks.fault("address"));
  }

  private static Optional<NameSpec> named(Spec spec, WorldSpec world) {
    return world.named(spec.dnsName());
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    NameSpec name = named(spec, world.spec()).orElseThrow();
    int number = DnsServerRole.numberOf(name, world.spec().names());
    world
        .faults()
        .tell(
            world.host(name.server()),
            spec.atNs(),
            DnsServer.SET_NAME,
            DnsServer.change(number, world.host(spec.address()).firstAddress()));
  }
}
