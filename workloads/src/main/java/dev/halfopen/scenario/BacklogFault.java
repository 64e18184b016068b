package dev.halfopen.scenario;

import dev.halfopen.net.Host;

/** {@code do: backlog}: listen() is called again with another backlog. */
final class BacklogFault implements FaultKind<BacklogFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host, int port, int backlog) implements FaultSpec {}

  @Override
  public String word() {
    return "backlog";
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
            fault.count("port", "80", "1..65535"),
            fault.count("backlog", "511", "0..2147483647"));
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
      world.faults().backlog(host, spec.atNs(), spec.port(), spec.backlog());
    }
  }
}
