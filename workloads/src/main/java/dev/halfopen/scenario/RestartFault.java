package dev.halfopen.scenario;

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
    WorldChecks.Place place = checks.fault(spec.name());
    if (checks.known(spec.host(), place)) {
      Mortals.check(spec.host(), place, checks);
    }
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    for (HostSpec host : world.spec().group(spec.host())) {
      world.faults().kill(world.host(host.name()), spec.atNs());
      world.faults().start(world.host(host.name()), spec.atNs() + spec.downNs());
    }
  }
}
