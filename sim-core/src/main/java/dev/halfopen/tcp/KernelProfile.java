package dev.halfopen.tcp;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel version does, as data: the rules that differ between versions, its sysctls and
 * their defaults. Hot code asks a rule, never a version.
 */
public final class KernelProfile {
  /** How a timer's deadline becomes the jiffy in which it fires. */
  public enum TimerRounding {
    /** Since 4.8, {@code calc_wheel_index}: granules of 8^n jiffies. */
    WHEEL,
    /** Before, {@code apply_slack}: up to delta / 256 later, low bits cleared. */
    SLACK
  }

  /** How connect() walks the range of local ports, {@code __inet_hash_connect}. */
  public enum PortSearch {
    /** Parity of the range's first port, then the other one. */
    PARITY,
    /** Linear from a hashed offset plus a hint that all destinations share. */
    LINEAR
  }

  /** How TIME_WAIT ends. */
  public enum TimeWaitClock {
    /** A timer for each, {@code __inet_twsk_schedule}. */
    TIMER,
    /** Eight slots of 7.5 s that tick from the first TIME_WAIT on, {@code inet_twsk_schedule}. */
    SLOTS
  }

  private static final Map<String, KernelProfile> KNOWN = new TreeMap<>();

  public static final KernelProfile LINUX_6_18 =
      known(
          new KernelProfile(
              "linux-6.18",
              250,
              TimerRounding.WHEEL,
              PortSearch.PARITY,
              TimeWaitClock.TIMER,
              EnumSet.allOf(KernelChange.class),
              EnumSet.of(Sysctl.TCP_TW_RECYCLE),
              new long[][] {}));

  public static final KernelProfile LINUX_3_10 =
      known(
          new KernelProfile(
              "linux-3.10",
              1000,
              TimerRounding.SLACK,
              PortSearch.LINEAR,
              TimeWaitClock.SLOTS,
              EnumSet.noneOf(KernelChange.class),
              EnumSet.of(
                  Sysctl.TCP_SYN_LINEAR_TIMEOUTS,
                  Sysctl.TCP_TW_REUSE_DELAY,
                  Sysctl.TCP_RTO_MAX_MS,
                  Sysctl.TCP_RTO_MIN_US,
                  Sysctl.TCP_INVALID_RATELIMIT),
              new long[][] {
                {Sysctl.PORT_RANGE_LAST.ordinal(), 61000},
                {Sysctl.SOMAXCONN.ordinal(), 128},
                {Sysctl.TCP_SYN_LINEAR_TIMEOUTS.ordinal(), 0},
                {Sysctl.TCP_TW_REUSE.ordinal(), 0},
                {Sysctl.TCP_CHALLENGE_ACK_LIMIT.ordinal(), 100},
                {Sysctl.TCP_INVALID_RATELIMIT.ordinal(), 0},
                {Sysctl.TCP_MAX_SYN_BACKLOG.ordinal(), 1024},
                {Sysctl.TCP_MAX_TW_BUCKETS.ordinal(), 131072},
                {Sysctl.TCP_MAX_ORPHANS.ordinal(), 131072},
              }));

  private final String name;
  private final int hz;
  private final TimerRounding timerRounding;
  private final PortSearch portSearch;
  private final TimeWaitClock timeWaitClock;
  private final Set<KernelChange> changes;
  private final Set<Sysctl> unknown;
  private final long[] defaults;

  private KernelProfile(
      String name,
      int hz,
      TimerRounding timerRounding,
      PortSearch portSearch,
      TimeWaitClock timeWaitClock,
      Set<KernelChange> changes,
      Set<Sysctl> unknown,
      long[][] overrides) {
    this.name = name;
    this.hz = hz;
    this.timerRounding = timerRounding;
    this.portSearch = portSearch;
    this.timeWaitClock = timeWaitClock;
    this.changes = changes;
    this.unknown = unknown;
    Sysctl[] all = Sysctl.values();
    defaults = new long[all.length];
    for (Sysctl s : all) {
      defaults[s.ordinal()] = s.defaultValue();
    }
    for (long[] o : overrides) {
      defaults[(int) o[0]] = o[1];
    }
  }

  private static KernelProfile known(KernelProfile profile) {
    KNOWN.put(profile.name, profile);
    return profile;
  }

  /** The profile of this name, or null; {@link #names()} lists them. */
  public static @Nullable KernelProfile byName(String name) {
    return KNOWN.get(name.toLowerCase(Locale.ROOT));
  }

  public static Iterable<String> names() {
    return KNOWN.keySet();
  }

  public String name() {
    return name;
  }

  /** CONFIG_HZ of this kernel as commonly built. */
  public int hz() {
    return hz;
  }

  public TimerRounding timerRounding() {
    return timerRounding;
  }

  public PortSearch portSearch() {
    return portSearch;
  }

  public TimeWaitClock timeWaitClock() {
    return timeWaitClock;
  }

  /** Whether this kernel has the change already. */
  public boolean has(KernelChange change) {
    return changes.contains(change);
  }

  /**
   * How many requests a listener's SYN queue takes before it is full: the backlog itself, or what a
   * table of a power of two holds ({@code reqsk_queue_alloc}: qlen >> max_qlen_log != 0).
   */
  public int requestLimit(int backlog, SysctlProfile sysctl) {
    if (has(KernelChange.SYN_QUEUE_AS_LONG_AS_BACKLOG)) {
      return backlog;
    }
    long entries = Math.min(backlog, sysctl.get(Sysctl.TCP_MAX_SYN_BACKLOG));
    entries = Math.max(entries, 8);
    return (int) (Long.highestOneBit(entries) << 1) - 1;
  }

  /** Whether this kernel has the sysctl at all. */
  public boolean knows(Sysctl sysctl) {
    return !unknown.contains(sysctl);
  }

  public long defaultOf(Sysctl sysctl) {
    return defaults[sysctl.ordinal()];
  }
}
