package dev.halfopen.scenario;

import dev.halfopen.net.Host;

/** {@code do: restart}: the applications are killed and started again. */
final class RestartFault implements FaultKind<RestartFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host, long downNs) implements FaultSpec {}

  @Override
  public String word() {
    return "restart";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    Spec spec =
        new Spec(
            name, atNs, fault.requiredText("host"), fault.durationNs("down", "1s", "1ms..24h"));
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
      world.faults().start(host, spec.atNs() + spec.downNs());
    }
  }
}
