package dev.halfopen.scenario;

import dev.halfopen.app.Database;
import dev.halfopen.net.Host;

/** {@code do: acceptWrites}: a standby is promoted. */
final class AcceptWritesFault implements FaultKind<AcceptWritesFault.Spec> {
  /** As it was read. */
  record Spec(String name, long atNs, String host) implements FaultSpec {}

  @Override
  public String word() {
    return "acceptWrites";
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
    WorldChecks.Place place = checks.fault("host");
    if (checks.known(spec.host(), place)
        && !checks.world().group(spec.host()).get(0).hasApp(DatabaseSpec.class)) {
      checks.problem(place, spec.host() + " has no database");
    }
  }

  @Override
  public void plan(Spec spec, Assembler world) {
    for (Host host : world.hosts(spec.host())) {
      world.faults().tell(host, spec.atNs(), Database.ACCEPT_WRITES, 0);
    }
  }
}
