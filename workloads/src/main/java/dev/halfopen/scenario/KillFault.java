package dev.halfopen.scenario;

import dev.halfopen.net.Host;

/** {@code do: kill}: kill -9 of the applications; the kernel closes their sockets. */
final class KillFault implements FaultKind<KillFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host) implements FaultSpec {}

  @Override
  public String word() {
    return "kill";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    Spec spec = new Spec(name, atNs, fault.requiredText("host"));
    fault.finish();
    return spec;
  }

  @Override
  public void check(Spec spec, WorldChecks checks) {
    Mortals.check(spec.host(), checks.fault("host"), checks);
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    for (Host host : world.hosts(spec.host())) {
      world.faults().kill(host, spec.atNs());
    }
  }
}
