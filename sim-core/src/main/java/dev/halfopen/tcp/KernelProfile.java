package dev.halfopen.tcp;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel version does, as data: the rules that differ between versions and the defaults of
 * its sysctls. Hot code asks a rule, never a version.
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
              new long[][] {}));

  public static final KernelProfile LINUX_3_10 =
      known(
          new KernelProfile(
              "linux-3.10",
              1000,
              TimerRounding.SLACK,
              PortSearch.LINEAR,
              TimeWaitClock.SLOTS,
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
  private final long[] defaults;

  private KernelProfile(
      String name,
      int hz,
      TimerRounding timerRounding,
      PortSearch portSearch,
      TimeWaitClock timeWaitClock,
      long[][] overrides) {
    this.name = name;
    this.hz = hz;
    this.timerRounding = timerRounding;
    this.portSearch = portSearch;
    this.timeWaitClock = timeWaitClock;
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

  /**
   * How many requests a listener's SYN queue takes before it is full: since 4.4 the backlog itself
   * ({@code inet_csk_reqsk_queue_is_full}: qlen > backlog), before it a table of a power of two
   * ({@code reqsk_queue_alloc}: qlen >> max_qlen_log != 0).
   */
  public int requestLimit(int backlog, SysctlProfile sysctl) {
    if (portSearch == PortSearch.PARITY) {
      return backlog;
    }
    long entries = Math.min(backlog, sysctl.get(Sysctl.TCP_MAX_SYN_BACKLOG));
    entries = Math.max(entries, 8);
    return (int) (Long.highestOneBit(entries) << 1) - 1;
  }

  /**
   * Whether an ACK below sndUna is measured by what was ever acknowledged ({@code tcp_ack}, since
   * 6.7) and the echo in a request's segments by what its SYN-ACKs said ({@code tcp_check_req},
   * since 6.15).
   */
  public boolean boundsEchoes() {
    return portSearch == PortSearch.PARITY;
  }

  /** Whether PAWS in TIME_WAIT has a counter of its own, PAWSTimewait (since 6.16). */
  public boolean countsTimeWaitPaws() {
    return portSearch == PortSearch.PARITY;
  }

  /** Whether shutdown() of crossed SYNs waits for the handshake's end ({@code tcp_shutdown}). */
  public boolean defersShutdown() {
    return portSearch == PortSearch.PARITY;
  }

  /**
   * Whether a listener looks through its requests every 0.2 s for SYN-ACKs to repeat ({@code
   * inet_csk_reqsk_queue_prune}); since 4.4 each request has a timer ({@code reqsk_timer_handler}).
   */
  public boolean listenerPrunes() {
    return portSearch == PortSearch.LINEAR;
  }

  /** Whether this kernel has the sysctl at all. */
  public boolean knows(Sysctl sysctl) {
    boolean old = portSearch == PortSearch.LINEAR;
    return switch (sysctl) {
      case TCP_TW_RECYCLE -> old;
      case TCP_SYN_LINEAR_TIMEOUTS,
          TCP_TW_REUSE_DELAY,
          TCP_RTO_MAX_MS,
          TCP_RTO_MIN_US,
          TCP_INVALID_RATELIMIT ->
          !old;
      default -> true;
    };
  }

  public long defaultOf(Sysctl sysctl) {
    return defaults[sysctl.ordinal()];
  }
}
