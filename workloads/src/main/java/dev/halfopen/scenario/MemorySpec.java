package dev.halfopen.scenario;

import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The memory of a machine, from which its kernel sizes its tables when it boots. tcp_mem is not
 * among what is derived, as this version models no limit of memory.
 *
 * @param bytes of RAM; what the kernel itself takes of them is left out
 */
record MemorySpec(long bytes) {
  /** alloc_large_system_hash: {@code scale} 17, one slot for each 128 KiB. */
  private static final int SLOT_SHIFT = 17;

  /** tcp_init: {@code thash_entries ? 0 : 512 * 1024}. */
  private static final long SLOTS_MAX = 512 * 1024;

  /** alloc_large_system_hash rounds the memory up to whole MiB. */
  private static final long MIB = 1L << 20;

  private static final long SYN_BACKLOG_LEAST = 128;

  /** Slots of the table of established connections: {@code ehash_mask + 1}. */
  long slots() {
    long memory = (bytes + MIB - 1) / MIB * MIB;
    long slots = Math.max(1, memory >> SLOT_SHIFT);
    long rounded = Long.highestOneBit(slots) == slots ? slots : Long.highestOneBit(slots) << 1;
    return Math.min(SLOTS_MAX, rounded);
  }

  /**
   * The defaults that follow: {@code tcp_init} (tcp_max_orphans = slots / 2), {@code tcp_sk_init}
   * (tcp_max_tw_buckets = slots / 2, tcp_max_syn_backlog = max(128, slots / 128)); 3.10 has all of
   * it in tcp_init, and slots / 256 for the last. net.core.somaxconn does not depend on memory.
   */
  Map<String, Long> sysctls(KernelProfile kernel) {
    long share = kernel == KernelProfile.LINUX_3_10 ? 256 : 128;
    Map<String, Long> all = new LinkedHashMap<>();
    all.put(Sysctl.TCP_MAX_TW_BUCKETS.key(), slots() / 2);
    all.put(Sysctl.TCP_MAX_ORPHANS.key(), slots() / 2);
    all.put(Sysctl.TCP_MAX_SYN_BACKLOG.key(), Math.max(SYN_BACKLOG_LEAST, slots() / share));
    return all;
  }
}
