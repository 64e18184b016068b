package dev.halfopen.scenario;

import dev.halfopen.net.Host;

/** {@code do: boot}: the host has power again, the same addresses and an empty stack. */
final class BootFault implements FaultKind<BootFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host) implements FaultSpec {}

  @Override
  public String word() {
    return "boot";
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
    checks.known(spec.host(), checks.fault("host"));
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    for (Host host : world.hosts(spec.host())) {
      world.faults().boot(host, spec.atNs());
    }
  }
}
