package dev.halfopen.scenario;

import java.util.Optional;

/**
 * A machine, or a farm of machines with consecutive addresses.
 *
 * @param name "upstream-1"
 * @param group the key under {@code hosts}: "upstream"
 * @param addresses 1 for a machine
 * @param appName what the scenario calls its application, "" without one
 */
public record HostSpec(
    String name,
    String group,
    int addresses,
    HostSysctls sysctls,
    String appName,
    Optional<AppSpec> app) {
  public boolean isFarm() {
    return addresses > 1;
  }
}
