package dev.halfopen.scenario;

import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import dev.halfopen.tcp.SysctlProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kernel of a host and what was set on top of its defaults.
 *
 * @param kernelOrigin who chose the kernel
 * @param set the values that somebody set, by the kernel's key
 * @param unmodelled what the kernel would set, and no model looks at
 */
public record HostSysctls(
    KernelProfile kernel,
    String kernelOrigin,
    int hz,
    String hzOrigin,
    Map<String, Value> set,
    Map<String, Value> unmodelled) {
  public static final String PORT_RANGE = "net.ipv4.ip_local_port_range";

  /** Least, first and most bytes of a receive buffer; the model looks at the last two. */
  public static final String RECEIVE_BUFFER = "net.ipv4.tcp_rmem";

  private static final int PAGE = 4096;

  public HostSysctls {
    set = java.util.Collections.unmodifiableMap(new TreeMap<>(set));
    unmodelled = java.util.Collections.unmodifiableMap(new TreeMap<>(unmodelled));
  }

  /**
   * A value in the kernel's notation.
   *
   * @param text numbers, separated by one blank
   * @param origin "kernel", "sysctlFile", "scenario", "--sysctl-file", "--set" or "--sysctl"
   * @param fromEphemeralPorts whether a host's ephemeralPorts made it
   */
  public record Value(String text, String origin, Mark mark, boolean fromEphemeralPorts) {
    public Value(String text, String origin, Mark mark) {
      this(text, origin, mark, false);
    }
  }

  /**
   * Every sysctl that the simulator models, with its value and its origin, in the order of keys;
   * and what a kernel derives from memory beside them.
   */
  public Map<String, Value> all() {
    Map<String, Value> all = new TreeMap<>();
    for (Sysctl sysctl : Sysctl.values()) {
      if (sysctl != Sysctl.PORT_RANGE_FIRST && sysctl != Sysctl.PORT_RANGE_LAST) {
        all.put(sysctl.key(), fromKernel(String.valueOf(kernel.defaultOf(sysctl))));
      }
    }
    all.put(
        PORT_RANGE,
        fromKernel(
            kernel.defaultOf(Sysctl.PORT_RANGE_FIRST)
                + " "
                + kernel.defaultOf(Sysctl.PORT_RANGE_LAST)));
    SysctlProfile defaults = new SysctlProfile(kernel);
    String buffer = defaults.receiveBufferBytes() + " " + defaults.receiveBufferBytesMax();
    all.put(RECEIVE_BUFFER, fromKernel(PAGE + " " + buffer));
    all.putAll(unmodelled);
    all.putAll(set);
    return new LinkedHashMap<>(all);
  }

  private static Value fromKernel(String text) {
    return new Value(text, "kernel", Mark.NOWHERE);
  }

  /** The value of one sysctl. */
  public long get(Sysctl sysctl) {
    return profile().get(sysctl);
  }

  /** As the core wants it. */
  public SysctlProfile profile() {
    SysctlProfile profile = new SysctlProfile(kernel).hz(hz);
    for (Map.Entry<String, Value> e : set.entrySet()) {
      apply(profile, e.getKey(), e.getValue().text());
    }
    return profile;
  }

  /**
   * Sets one key as {@code sysctl -w} would.
   *
   * @throws IllegalArgumentException where the kernel answers EINVAL, with the range
   */
  static void apply(SysctlProfile profile, String key, String text) {
    if (key.equals(PORT_RANGE)) {
      long[] range = ports(text);
      profile.set(Sysctl.PORT_RANGE_FIRST, range[0]).set(Sysctl.PORT_RANGE_LAST, range[1]);
      return;
    }
    if (key.equals(RECEIVE_BUFFER)) {
      int[] bytes = buffer(text);
      profile.receiveBuffer(bytes[1], bytes[2]);
      return;
    }
    Sysctl sysctl = Sysctl.byKey(key);
    if (sysctl == null) {
      throw new IllegalArgumentException(key + ": not modelled yet");
    }
    profile.set(sysctl, whole(key, text, sysctl));
  }

  private static long whole(String key, String text, Sysctl sysctl) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          key
              + ": \""
              + text
              + "\" is not a whole number; "
              + sysctl.least()
              + ".."
              + sysctl.most(),
          e);
    }
  }

  /** The kernel takes less than a page as well, and then offers hardly any window. */
  private static int[] buffer(String text) {
    String[] parts = text.trim().split("[\\s]+", -1);
    int[] bytes = new int[3];
    try {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = Integer.parseInt(parts.length == bytes.length ? parts[i] : "none");
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          RECEIVE_BUFFER + ": \"" + text + "\" is not three sizes; write LEAST FIRST MOST", e);
    }
    if (bytes[0] < 1 || bytes[1] < PAGE || bytes[2] < PAGE) {
      throw new IllegalArgumentException(
          RECEIVE_BUFFER + ": " + text + ": buffers of less than a page are not modelled");
    }
    return bytes;
  }

  private static long[] ports(String text) {
    String[] parts = text.trim().split("[\\s]+", -1);
    try {
      long first = Long.parseLong(parts[0]);
      long last = Long.parseLong(parts.length == 2 ? parts[1] : "none");
      if (first >= 1 && first <= last && last <= 65535) {
        return new long[] {first, last};
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          PORT_RANGE + ": \"" + text + "\" is not two ports; write FIRST LAST", e);
    }
    throw new IllegalArgumentException(
        PORT_RANGE
            + ": "
            + text
            + " is refused by the kernel (EINVAL); 1 <= first <= last <= 65535");
  }
}
