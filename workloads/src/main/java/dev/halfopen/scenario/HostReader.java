package dev.halfopen.scenario;

import dev.halfopen.tcp.KernelProfile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code hosts:}; a group with {@code count} becomes that many hosts. */
final class HostReader {
  private static final Pattern BARE_NUMBER = Pattern.compile("[0-9.]+");
  private static final int HZ_DEFAULT = 0;

  private final ReadContext context;
  private final Overrides overrides;
  private final Path directory;
  private final List<String> warnings;

  HostReader(ReadContext context, Overrides overrides, Path directory, List<String> warnings) {
    this.context = context;
    this.overrides = overrides;
    this.directory = directory;
    this.warnings = warnings;
  }

  List<HostSpec> read(MapReader hosts) {
    HostOptions options = new HostOptions(hosts, overrides, context.problems());
    List<HostSpec> all = new ArrayList<>();
    for (List<HostSpec> group : hosts.eachMap(host -> readGroup(host, options))) {
      all.addAll(group);
    }
    return all;
  }

  private List<HostSpec> readGroup(MapReader host, HostOptions options) {
    String group = host.name();
    host.notModelled(Registry.laterHostKeys().toArray(new String[0]));
    int addresses = addresses(host);
    boolean counted = host.has("count");
    int count = host.count("count", "1", "1..10000");
    if (counted && addresses > 1) {
      host.problem("count", "a host has count or addresses, not both");
    }
    HostSysctls sysctls = sysctls(host, options);
    List<HostPartSpec> parts = new ArrayList<>();
    for (HostPart<?> part : Registry.hostParts()) {
      part.keys().forEach(host::known);
      part.read(host).ifPresent(parts::add);
    }
    List<AppPlace> apps = AppReader.read(host);
    host.finish();
    List<HostSpec> members = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      members.add(
          new HostSpec(counted ? group + "-" + i : group, group, addresses, sysctls, parts, apps));
    }
    return members;
  }

  /** A number of machines, or the whole net for a host that only forges addresses. */
  private static int addresses(MapReader host) {
    if (host.has("addresses") && host.text("addresses").equals(HostSpec.WHOLE_NET)) {
      return HostSpec.FORGES;
    }
    return host.count("addresses", "1", "1..16777216");
  }

  private HostSysctls sysctls(MapReader host, HostOptions options) {
    String group = host.name();
    Optional<KernelProfile> chosen = options.kernel(group);
    KernelProfile inFile = kernel(host);
    KernelProfile kernel = chosen.orElse(inFile);
    String kernelOrigin =
        chosen.isPresent() ? "--kernel" : host.has("kernel") ? "scenario" : "default";
    context.record(host.path("kernel"), kernel.name(), kernelOrigin);
    int hz = host.countOr("hz", "kernel", "kernel", "100..1000");
    if (hz != HZ_DEFAULT && hz != 100 && hz != 250 && hz != 300 && hz != 1000) {
      host.problem("hz", hz + " is not a value of CONFIG_HZ; 100, 250, 300 or 1000");
    }
    SysctlReader reader = new SysctlReader(kernel, context.problems(), warnings);
    if (host.has("memory")) {
      long bytes = host.quantity("memory", ValueKind.SIZE, "16GiB", "64MiB..16384GiB").asLong();
      reader.memory(new MemorySpec(bytes), host.markOf("memory"));
    }
    if (host.has("sysctlFile")) {
      Path file = directory.resolve(host.text("sysctlFile"));
      reader.file(file, "sysctlFile", host.markOf("sysctlFile"), host.path("sysctlFile"));
    }
    reader.mapping(host);
    options.sysctlFiles(group).forEach(f -> reader.file(f.file(), "--sysctl-file", f.mark(), ""));
    options.sysctls(group).forEach(reader::option);
    ephemeralPorts(host, reader);
    recordSysctls(host, reader.values());
    return new HostSysctls(
        kernel,
        kernelOrigin,
        hz == HZ_DEFAULT ? kernel.hz() : hz,
        hz == HZ_DEFAULT ? "kernel" : "scenario",
        reader.values(),
        reader.unmodelled());
  }

  private void recordSysctls(MapReader host, Map<String, HostSysctls.Value> values) {
    values.forEach((key, v) -> context.record(host.path("sysctl." + key), v.text(), v.origin()));
  }

  private void ephemeralPorts(MapReader host, SysctlReader reader) {
    int ports = host.countOr("ephemeralPorts", "kernel", "kernel", "1..32768");
    if (ports == 0 || !host.has("ephemeralPorts")) {
      return;
    }
    String path = host.path("ephemeralPorts");
    context
        .resolve(path, host.node().get("ephemeralPorts").orElseThrow())
        .ifPresent(
            v -> {
              String origin = v.mark().isInFile() ? "scenario" : "--set";
              reader.ephemeralPorts(ports, origin, v.mark(), path, host.name());
            });
  }

  private KernelProfile kernel(MapReader host) {
    String name = host.text("kernel");
    if (!host.has("kernel") || name.isEmpty()) {
      return KernelProfile.LINUX_6_18;
    }
    KernelProfile profile = KernelProfile.byName(name);
    if (profile != null) {
      return profile;
    }
    String known = String.join(", ", KernelProfile.names());
    host.problem(
        "kernel",
        BARE_NUMBER.matcher(name).matches()
            ? name + " is a bare number (YAML would read 6.10 as 6.1); write linux-" + name
            : "unknown kernel " + name + "; known: " + known);
    return KernelProfile.LINUX_6_18;
  }
}
