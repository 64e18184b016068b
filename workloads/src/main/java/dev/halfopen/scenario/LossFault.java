package dev.halfopen.scenario;

/**
 * {@code do: loss}: while it lasts this share of the packets is lost, in the place of the link's
 * own loss; of faults that overlap the one that began last counts.
 */
final class LossFault implements FaultKind<LossFault.Spec> {
  /** As it was read; {@code durationNs} 0: until further notice. */
  record Spec(String name, long atNs, LinkEnds ends, double loss, long durationNs)
      implements FaultSpec {}

  @Override
  public String word() {
    return "loss";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Spec read(MapReader fault, String name, long atNs) {
    LinkEnds ends = LinkEnds.read(fault);
    fault.require("loss");
    double loss = fault.share("loss", "0%", "0%..100%");
    Spec spec = new Spec(name, atNs, ends, loss, fault.durationNs("for", "0s", "0s..720h"));
    fault.finish();
    return spec;
  }

  @Override
  public void check(Spec spec, WorldChecks checks) {
    spec.ends().check(spec.name(), checks);
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    long untilNs = spec.durationNs() == 0 ? Long.MAX_VALUE : spec.atNs() + spec.durationNs();
    spec.ends()
        .each(
            world, (from, to) -> world.faults().loss(from, to, spec.atNs(), untilNs, spec.loss()));
  }
}
