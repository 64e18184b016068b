package dev.halfopen.scenario;

import dev.halfopen.net.DeadAddress;
import dev.halfopen.net.Host;

/** {@code do: powerLoss}: the host forgets everything and says nothing. */
final class PowerLossFault implements FaultKind<PowerLossFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host, DeadAddress deadAddress) implements FaultSpec {}

  @Override
  public String word() {
    return "powerLoss";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    Spec spec =
        new Spec(
            name,
            atNs,
            fault.requiredText("host"),
            fault.oneOf("deadAddress", DeadAddress.SILENT, DeadAddress.class));
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
      world.faults().powerLoss(host, spec.atNs(), spec.deadAddress());
    }
  }
}
