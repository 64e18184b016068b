package dev.halfopen.scenario;

import java.util.Optional;

/**
 * A machine, or a farm of machines with consecutive addresses.
 *
 * @param name "upstream-1"
 * @param group the key under {@code hosts}: "upstream"
 * @param addresses 1 for a machine
 * @param intake what packets pass before the stack
 * @param appName what the scenario calls its application, "" without one
 */
public record HostSpec(
    String name,
    String group,
    int addresses,
    HostSysctls sysctls,
    IntakeSpec intake,
    String appName,
    Optional<AppSpec> app) {
  /** {@code addresses} of a host that forges any: nobody's. */
  static final String WHOLE_NET = "0.0.0.0/0";

  static final int FORGES = 0;

  /** Whether it is no machine, only a name for whoever forges addresses. */
  public boolean isForger() {
    return addresses == FORGES;
  }

  public boolean isFarm() {
    return addresses > 1;
  }
}
