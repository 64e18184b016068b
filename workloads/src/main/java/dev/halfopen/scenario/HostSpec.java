package dev.halfopen.scenario;

import java.util.List;
import java.util.Optional;

/**
 * A machine, or a farm of machines with consecutive addresses.
 *
 * @param name "upstream-1"
 * @param group the key under {@code hosts}: "upstream"
 * @param addresses 1 for a machine
 * @param parts what it has beside its kernel and applications
 * @param apps in the order of the file
 */
public record HostSpec(
    String name,
    String group,
    int addresses,
    HostSysctls sysctls,
    List<HostPartSpec> parts,
    List<AppPlace> apps) {
  public HostSpec {
    parts = List.copyOf(parts);
    apps = List.copyOf(apps);
  }

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

  /** Its applications of one role. */
  public <S extends AppSpec> List<S> apps(Class<S> type) {
    return apps.stream().map(AppPlace::spec).filter(type::isInstance).map(type::cast).toList();
  }

  public boolean hasApp(Class<? extends AppSpec> type) {
    return apps.stream().anyMatch(a -> type.isInstance(a.spec()));
  }

  /** The application of this name. */
  public Optional<AppPlace> app(String appName) {
    return apps.stream().filter(a -> a.name().equals(appName)).findFirst();
  }

  /** The application that listens on this port. */
  public Optional<AppPlace> listener(int port) {
    return apps.stream().filter(a -> a.spec().port() == port).findFirst();
  }

  /** Its part of one kind. */
  public <S extends HostPartSpec> Optional<S> part(Class<S> type) {
    return parts.stream().filter(type::isInstance).map(type::cast).findFirst();
  }
}
