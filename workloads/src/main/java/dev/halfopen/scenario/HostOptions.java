package dev.halfopen.scenario;

import dev.halfopen.tcp.KernelProfile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Deals the options of the command line that name a host to the hosts of a scenario. */
final class HostOptions {
  private final Set<String> groups;
  private final List<String> withKernel = new ArrayList<>();
  private final Overrides overrides;
  private final Problems problems;

  HostOptions(MapReader hosts, Overrides overrides, Problems problems) {
    this.groups = new LinkedHashSet<>(hosts.node().entries().keySet());
    this.overrides = overrides;
    this.problems = problems;
    hosts
        .node()
        .entries()
        .forEach(
            (name, entry) -> {
              if (entry.value() instanceof YamlNode.Mapping m
                  && m.entries().containsKey("kernel")) {
                withKernel.add(name);
              }
            });
    overrides.kernels().forEach(k -> k.host().ifPresent(h -> checkHost(h, k.mark())));
    overrides.kernels().forEach(this::checkKernel);
    overrides.sysctls().forEach(s -> checkTarget(s.host(), s.key() + "=" + s.value(), s.mark()));
    overrides.sysctls().stream()
        .filter(Overrides.SysctlSetting::isVaried)
        .forEach(this::checkVaried);
    overrides.sysctlFiles().forEach(f -> checkTarget(f.host(), f.file().toString(), f.mark()));
  }

  private void checkKernel(Overrides.KernelChoice choice) {
    if (byVersion(choice.version()).isEmpty()) {
      String known = String.join(", ", KernelProfile.names());
      problems.add(choice.mark(), "", "unknown kernel " + choice.version() + "; known: " + known);
    }
  }

  /** "linux-6.18", or "6.18" for short. */
  private static Optional<KernelProfile> byVersion(String version) {
    return Optional.ofNullable(KernelProfile.byName(version))
        .or(() -> Optional.ofNullable(KernelProfile.byName("linux-" + version)));
  }

  private void checkHost(String host, Mark mark) {
    if (groups.contains(host)) {
      return;
    }
    String group = host.replaceFirst("-\\d+$", "");
    String message =
        groups.contains(group)
            ? host + " is one of the group " + group + "; write " + group
            : "no host "
                + host
                + Suggest.hint(host, groups)
                + "; hosts: "
                + String.join(", ", groups);
    problems.add(mark, "", message);
  }

  private void checkTarget(Optional<String> host, String rest, Mark mark) {
    if (host.isPresent()) {
      checkHost(host.get(), mark);
    } else if (withKernel.size() != 1) {
      String choices = String.join(" or ", withKernel.stream().map(h -> h + ":" + rest).toList());
      String who = String.format(Locale.ROOT, "%d hosts have a kernel", withKernel.size());
      problems.add(
          mark, "", withKernel.isEmpty() ? "no host has a kernel" : who + "; write " + choices);
    }
  }

  /** --sysctl would win at every point, so that nothing varies. */
  private void checkVaried(Overrides.SysctlSetting varied) {
    String host = varied.host().orElse("");
    for (Overrides.SysctlSetting s : overrides.sysctls()) {
      if (s.origin().equals("--sysctl") && s.key().equals(varied.key()) && means(s.host(), host)) {
        problems.add(varied.mark(), "", "conflicts with " + s.mark() + "; give one");
      }
    }
  }

  private boolean means(Optional<String> host, String group) {
    return host.isPresent() ? host.get().equals(group) : withKernel.equals(List.of(group));
  }

  /** The kernel that --kernel chooses for a group; the last option wins. */
  Optional<KernelProfile> kernel(String group) {
    Optional<KernelProfile> chosen = Optional.empty();
    for (Overrides.KernelChoice choice : overrides.kernels()) {
      if (choice.host().isEmpty() || choice.host().get().equals(group)) {
        chosen = byVersion(choice.version());
      }
    }
    return chosen;
  }

  List<Overrides.SysctlFileChoice> sysctlFiles(String group) {
    return overrides.sysctlFiles().stream().filter(f -> means(f.host(), group)).toList();
  }

  /** The settings for a group, --set before --sysctl. */
  List<Overrides.SysctlSetting> sysctls(String group) {
    List<Overrides.SysctlSetting> all = new ArrayList<>();
    for (String origin : List.of("--set", "--sysctl")) {
      overrides.sysctls().stream()
          .filter(s -> s.origin().equals(origin) && means(s.host(), group))
          .forEach(all::add);
    }
    return all;
  }
}
