package dev.halfopen.tcp;

import org.jspecify.annotations.Nullable;

/**
 * The sysctls that the model knows, with the kernel's own names, defaults of linux-6.18 and the
 * range the kernel accepts. ip_local_port_range, which holds two numbers, is two entries here.
 */
public enum Sysctl {
  PORT_RANGE_FIRST("net.ipv4.ip_local_port_range[0]", 32768, 1, 65535, ""),
  PORT_RANGE_LAST("net.ipv4.ip_local_port_range[1]", 60999, 1, 65535, ""),
  SOMAXCONN("net.core.somaxconn", 4096, 0, 0x7fffffffL, "connections"),
  TCP_ABORT_ON_OVERFLOW("net.ipv4.tcp_abort_on_overflow", 0, 0, 255, ""),
  TCP_CHALLENGE_ACK_LIMIT(
      "net.ipv4.tcp_challenge_ack_limit", 0x7fffffffL, 0, 0x7fffffffL, "per second"),
  TCP_EARLY_RETRANS("net.ipv4.tcp_early_retrans", 3, 0, 4, ""),
  TCP_FIN_TIMEOUT("net.ipv4.tcp_fin_timeout", 60, 0, 0x7fffffffL, "s"),
  TCP_INVALID_RATELIMIT("net.ipv4.tcp_invalid_ratelimit", 500, 0, 0x7fffffffL, "ms"),
  TCP_KEEPALIVE_INTVL("net.ipv4.tcp_keepalive_intvl", 75, 1, 32767, "s"),
  TCP_KEEPALIVE_PROBES("net.ipv4.tcp_keepalive_probes", 9, 1, 127, ""),
  TCP_KEEPALIVE_TIME("net.ipv4.tcp_keepalive_time", 7200, 1, 32767, "s"),
  TCP_MAX_ORPHANS("net.ipv4.tcp_max_orphans", 131072, 0, 0x7fffffffL, "sockets"),
  TCP_MAX_SYN_BACKLOG("net.ipv4.tcp_max_syn_backlog", 2048, 0, 0x7fffffffL, "requests"),
  TCP_MAX_TW_BUCKETS("net.ipv4.tcp_max_tw_buckets", 131072, 0, 0x7fffffffL, "sockets"),
  TCP_NO_METRICS_SAVE("net.ipv4.tcp_no_metrics_save", 0, 0, 255, ""),
  TCP_ORPHAN_RETRIES("net.ipv4.tcp_orphan_retries", 0, 0, 255, ""),
  TCP_RETRIES1("net.ipv4.tcp_retries1", 3, 0, 255, ""),
  TCP_RETRIES2("net.ipv4.tcp_retries2", 15, 0, 255, ""),
  TCP_RFC1337("net.ipv4.tcp_rfc1337", 0, 0, 255, ""),
  TCP_RTO_MAX_MS("net.ipv4.tcp_rto_max_ms", 120_000, 1000, 120_000, "ms"),
  TCP_RTO_MIN_US("net.ipv4.tcp_rto_min_us", 200_000, 1, 0x7fffffffL, "us"),
  TCP_SACK("net.ipv4.tcp_sack", 1, 0, 255, ""),
  TCP_SYN_LINEAR_TIMEOUTS("net.ipv4.tcp_syn_linear_timeouts", 4, 0, 127, ""),
  TCP_SYN_RETRIES("net.ipv4.tcp_syn_retries", 6, 1, 127, ""),
  TCP_SYNACK_RETRIES("net.ipv4.tcp_synack_retries", 5, 0, 255, ""),
  TCP_SYNCOOKIES("net.ipv4.tcp_syncookies", 1, 0, 2, ""),
  TCP_TIMESTAMPS("net.ipv4.tcp_timestamps", 1, 0, 2, ""),
  TCP_TW_RECYCLE("net.ipv4.tcp_tw_recycle", 0, 0, 1, ""),
  TCP_TW_REUSE("net.ipv4.tcp_tw_reuse", 2, 0, 2, ""),
  TCP_TW_REUSE_DELAY("net.ipv4.tcp_tw_reuse_delay", 1000, 1, 60_000, "ms"),
  TCP_WINDOW_SCALING("net.ipv4.tcp_window_scaling", 1, 0, 255, "");

  private final String key;
  private final long defaultValue;
  private final long least;
  private final long most;
  private final String unit;

  Sysctl(String key, long defaultValue, long least, long most, String unit) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.least = least;
    this.most = most;
    this.unit = unit;
  }

  /** The kernel's name. */
  public String key() {
    return key;
  }

  /** The default of the newest profile. */
  public long defaultValue() {
    return defaultValue;
  }

  public long least() {
    return least;
  }

  public long most() {
    return most;
  }

  public String unit() {
    return unit;
  }

  /** The sysctl of this name, or null. */
  public static @Nullable Sysctl byKey(String key) {
    for (Sysctl s : values()) {
      if (s.key.equals(key)) {
        return s;
      }
    }
    return null;
  }
}
