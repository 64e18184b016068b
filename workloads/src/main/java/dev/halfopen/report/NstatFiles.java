package dev.halfopen.report;

import dev.halfopen.tcp.Mib;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters as {@code nstat -asz} and {@code nstat -aszj} print them, in the order of /proc/net/snmp
 * and /proc/net/netstat. A group of many hosts has one file with its sums: a thousand upstreams are
 * no thousand files.
 */
final class NstatFiles {
  private static final int HOSTS_SHOWN_SINGLY = 16;

  /**
   * {@code snmp4_tcp_list}, {@code snmp4_net_list}. TcpCurrEstab, a gauge, nstat leaves out;
   * PAWSPassive only old kernels have.
   */
  private static final int[] ORDER = {
    Mib.ACTIVE_OPENS,
    Mib.PASSIVE_OPENS,
    Mib.ATTEMPT_FAILS,
    Mib.ESTAB_RESETS,
    Mib.IN_SEGS,
    Mib.OUT_SEGS,
    Mib.RETRANS_SEGS,
    Mib.OUT_RSTS,
    Mib.SYNCOOKIES_SENT,
    Mib.SYNCOOKIES_RECV,
    Mib.SYNCOOKIES_FAILED,
    Mib.EMBRYONIC_RSTS,
    Mib.TW,
    Mib.TW_RECYCLED,
    Mib.TW_KILLED,
    Mib.PAWS_PASSIVE,
    Mib.PAWS_ACTIVE,
    Mib.PAWS_ESTAB,
    Mib.TSECR_REJECTED,
    Mib.PAWS_OLD_ACK,
    Mib.PAWS_TIME_WAIT,
    Mib.DELAYED_ACKS,
    Mib.LISTEN_OVERFLOWS,
    Mib.LISTEN_DROPS,
    Mib.TCP_PURE_ACKS,
    Mib.TCP_TIMEOUTS,
    Mib.TCP_LOSS_PROBES,
    Mib.ABORT_ON_DATA,
    Mib.ABORT_ON_CLOSE,
    Mib.ABORT_ON_MEMORY,
    Mib.ABORT_ON_TIMEOUT,
    Mib.ABORT_ON_LINGER,
    Mib.ABORT_FAILED,
    Mib.SPURIOUS_RTOS,
    Mib.DEFER_ACCEPT_DROP,
    Mib.TIME_WAIT_OVERFLOW,
    Mib.REQ_Q_FULL_DO_COOKIES,
    Mib.REQ_Q_FULL_DROP,
    Mib.ESTABLISHED_OUT_OF_ORDER,
    Mib.CHALLENGE_ACK,
    Mib.SYN_CHALLENGE,
    Mib.SYN_RETRANS,
    Mib.ORIG_DATA_SENT,
    Mib.ACK_SKIPPED_SYN_RECV,
    Mib.ACK_SKIPPED_FIN_WAIT_2,
    Mib.ACK_SKIPPED_TIME_WAIT,
    Mib.WIN_PROBE,
    Mib.KEEPALIVE
  };

  private NstatFiles() {}

  /** File names with their contents. */
  static Map<String, String> of(RunResult result) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, long[]> e : counters(result.hosts()).entrySet()) {
      files.put("nstat-" + e.getKey() + ".txt", text(e.getValue()));
      files.put("nstat-" + e.getKey() + ".json", json(e.getValue()));
    }
    return files;
  }

  /** By the host, or the group of many, that they are of. */
  static Map<String, long[]> counters(List<HostResult> hosts) {
    Map<String, Integer> sizes = new TreeMap<>();
    hosts.forEach(h -> sizes.merge(h.spec().group(), 1, Integer::sum));
    Map<String, long[]> sums = new LinkedHashMap<>();
    for (HostResult host : hosts) {
      String group = host.spec().group();
      boolean single = sizes.getOrDefault(group, 0) <= HOSTS_SHOWN_SINGLY;
      long[] sum = sums.computeIfAbsent(single ? host.name() : group, k -> new long[Mib.COUNT]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += host.counter(i);
      }
    }
    return sums;
  }

  /** The counters of {@link Mib} that nstat prints, in its order. */
  static int[] order() {
    return ORDER.clone();
  }

  private static boolean isShown(int mib, long value) {
    return mib != Mib.PAWS_PASSIVE || value != 0;
  }

  static String text(long[] counters) {
    StringBuilder out = new StringBuilder("#kernel\n");
    for (int mib : ORDER) {
      if (isShown(mib, counters[mib])) {
        String name = Mib.name(mib);
        String value = Long.toString(counters[mib]);
        out.append(name)
            .append(" ".repeat(Math.max(1, 32 - name.length())))
            .append(value)
            .append(" ".repeat(Math.max(1, 19 - value.length())))
            .append("0.0\n");
      }
    }
    return out.toString();
  }

  static String json(long[] counters) {
    StringBuilder out = new StringBuilder("{\"kernel\":{");
    for (int mib : ORDER) {
      if (isShown(mib, counters[mib])) {
        out.append(out.charAt(out.length() - 1) == '{' ? "\"" : ",\"");
        out.append(Mib.name(mib)).append("\":").append(counters[mib]);
      }
    }
    return out.append("}}\n").toString();
  }
}
