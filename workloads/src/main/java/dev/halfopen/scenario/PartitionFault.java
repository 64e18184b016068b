package dev.halfopen.scenario;

/** {@code do: partition}: nothing that is sent arrives; {@code for} ever without a time. */
final class PartitionFault implements FaultKind<PartitionFault.Spec> {
  /** As it was read; {@code durationNs} 0: for ever. */
  record Spec(String name, long atNs, LinkEnds ends, long durationNs) implements FaultSpec {}

  @Override
  public String word() {
    return "partition";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    LinkEnds ends = LinkEnds.read(fault);
    Spec spec = new Spec(name, atNs, ends, fault.durationNs("for", "0s", "0s..720h"));
    fault.finish();
    return spec;
  }

  @Override
  public void check(Spec spec, WorldChecks checks) {
    spec.ends().check(checks);
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    long untilNs = spec.durationNs() == 0 ? Long.MAX_VALUE : spec.atNs() + spec.durationNs();
    spec.ends().each(world, (from, to) -> world.faults().cutOneWay(from, to, spec.atNs(), untilNs));
  }
}
