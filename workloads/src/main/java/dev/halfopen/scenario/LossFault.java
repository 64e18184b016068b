package dev.halfopen.scenario;

/** {@code do: loss}: from then on this share of the packets is lost, until another such fault. */
final class LossFault implements FaultKind<LossFault.Spec> {
  /** As it was read; {@code durationNs} 0: until further notice. */
  record Spec(String name, long atNs, LinkEnds ends, double loss, long durationNs)
      implements FaultSpec {
    @Override
    public boolean isRandom() {
      return loss > 0 && loss < 1;
    }
  }

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
    spec.ends()
        .each(
            world,
            (from, to) -> {
              world.faults().loss(from, to, spec.atNs(), spec.loss());
              if (spec.durationNs() > 0) {
                world.faults().loss(from, to, spec.atNs() + spec.durationNs(), 0);
              }
            });
  }
}
