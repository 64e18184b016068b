package dev.halfopen.scenario;

import java.util.List;
import java.util.Optional;

/**
 * Everything that a scenario can name a kind of: roles of applications, kinds of load, faults,
 * parts of a host. What is new is a class and a line here.
 */
final class Registry {
  private static final List<AppRole<?>> APP_ROLES =
      List.of(
          new ReverseProxyRole(),
          new AppServerRole(),
          new HttpServerRole(),
          new ConnectionPoolRole(),
          new DatabaseRole(),
          new DnsServerRole(),
          new ResponderRole());
  private static final List<LoadKind<?>> LOAD_KINDS =
      List.of(new RequestLoadKind(), new SynFloodKind(), new HeldLoadKind());
  private static final List<FaultKind<?>> FAULT_KINDS =
      List.of(
          new PowerLossFault(),
          new BootFault(),
          new KillFault(),
          new RestartFault(),
          new HangFault(),
          new PartitionFault(),
          new LossFault(),
          new AcceptWritesFault(),
          new SetNameFault(),
          new BacklogFault());
  private static final List<HostPart<?>> HOST_PARTS = List.of(new ConntrackPart(), new CpuPart());

  static final Words ROLES =
      new Words(APP_ROLES.stream().map(AppRole::word).distinct().toList(), List.of());
  static final Words LOADS = new Words(LOAD_KINDS.stream().map(LoadKind::word).toList(), List.of());
  static final Words FAULTS =
      new Words(FAULT_KINDS.stream().map(FaultKind::word).toList(), List.of());

  /** Keys of a host that are parts of the language and of no class yet. */
  private static final List<String> LATER_HOST_KEYS = List.of("conntrack", "nic", "cpu");

  private Registry() {}

  static Optional<AppRole<?>> role(String word, MapReader app) {
    return APP_ROLES.stream().filter(r -> r.word().equals(word) && r.reads(app)).findFirst();
  }

  /** The role that a spec was read by. */
  static AppRole<?> roleOf(AppSpec spec) {
    return APP_ROLES.stream().filter(r -> r.specType().isInstance(spec)).findFirst().orElseThrow();
  }

  static Optional<LoadKind<?>> loadKind(String word) {
    return LOAD_KINDS.stream().filter(k -> k.word().equals(word)).findFirst();
  }

  static LoadKind<?> loadKindOf(LoadSpec spec) {
    return LOAD_KINDS.stream().filter(k -> k.specType().isInstance(spec)).findFirst().orElseThrow();
  }

  static Optional<FaultKind<?>> faultKind(String word) {
    return FAULT_KINDS.stream().filter(k -> k.word().equals(word)).findFirst();
  }

  static FaultKind<?> faultKindOf(FaultSpec spec) {
    return FAULT_KINDS.stream()
        .filter(k -> k.specType().isInstance(spec))
        .findFirst()
        .orElseThrow();
  }

  static List<HostPart<?>> hostParts() {
    return HOST_PARTS;
  }

  static HostPart<?> hostPartOf(HostPartSpec spec) {
    return HOST_PARTS.stream().filter(p -> p.specType().isInstance(spec)).findFirst().orElseThrow();
  }

  /** Keys of a host that no part reads yet. */
  static List<String> laterHostKeys() {
    return LATER_HOST_KEYS.stream()
        .filter(key -> HOST_PARTS.stream().noneMatch(p -> p.keys().contains(key)))
        .toList();
  }
}
