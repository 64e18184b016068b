package dev.halfopen.scenario;

import dev.halfopen.net.ConntrackConfig;
import dev.halfopen.net.CpuConfig;
import java.util.Optional;

/**
 * What packets pass before the stack of a host.
 *
 * @param conntrack empty: connections are not tracked
 * @param cpu empty: infinitely fast
 * @param cpuSource where the costs come from
 * @param nicBitsPerSecond 0: what the links allow
 */
public record IntakeSpec(
    Optional<ConntrackConfig> conntrack,
    Optional<CpuConfig> cpu,
    String cpuSource,
    long nicBitsPerSecond) {
  static final IntakeSpec NONE = new IntakeSpec(Optional.empty(), Optional.empty(), "", 0);
}
