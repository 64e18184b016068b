package dev.halfopen.scenario;

import dev.halfopen.net.Host;

/** {@code do: hang}: the applications pause as in a garbage collection; the kernel goes on. */
final class HangFault implements FaultKind<HangFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host, long durationNs) implements FaultSpec {}

  @Override
  public String word() {
    return "hang";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    Spec spec =
        new Spec(
            name, atNs, fault.requiredText("host"), fault.durationNs("for", "10s", "1ms..24h"));
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
      world.faults().hang(host, spec.atNs(), spec.durationNs());
    }
  }
}
