package dev.halfopen.scenario;

import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Sysctl;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The memory of a machine, from which its kernel sizes its tables and limits when it boots: an
 * x86-64 machine of one node, with pages of 4 KiB and transparent huge pages.
 *
 * @param bytes of RAM; of what the kernel itself takes, only the descriptors of pages are left out
 */
record MemorySpec(long bytes) {
  /** alloc_large_system_hash: {@code scale} 17, one slot for each 128 KiB. */
  private static final int SLOT_SHIFT = 17;

  /** tcp_init: {@code thash_entries ? 0 : 512 * 1024}. */
  private static final long SLOTS_MAX = 512 * 1024;

  /** alloc_large_system_hash rounds the memory up to whole MiB. */
  private static final long MIB = 1L << 20;

  private static final long SYN_BACKLOG_LEAST = 128;

  private static final long PAGE = 4096;
  private static final long PAGE_KIB = PAGE / 1024;

  /** {@code sizeof(struct page)}: one for each page. */
  private static final long PAGE_DESCRIPTOR = 64;

  /** {@code pageblock_nr_pages}: what a huge page has. */
  private static final long BLOCK_PAGES = 512;

  /** {@code MIGRATE_PCPTYPES}. */
  private static final long MIGRATE_TYPES = 3;

  /** {@code hugepage_init}: a smaller machine has no transparent huge pages. */
  private static final long HUGE_PAGES_FROM = 512 * MIB / PAGE;

  /** Above the hole for devices below 4 GiB begins ZONE_NORMAL; DMA and DMA32 are always there. */
  private static final long ZONE_NORMAL_FROM = 3072 * MIB / PAGE;

  private static final long TCP_MEM_LEAST = 128;

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
  Map<String, String> sysctls(KernelProfile kernel) {
    long share = isOld(kernel) ? 256 : 128;
    Map<String, String> all = new LinkedHashMap<>();
    all.put(Sysctl.TCP_MAX_TW_BUCKETS.key(), "" + slots() / 2);
    all.put(Sysctl.TCP_MAX_ORPHANS.key(), "" + slots() / 2);
    all.put(Sysctl.TCP_MAX_SYN_BACKLOG.key(), "" + Math.max(SYN_BACKLOG_LEAST, slots() / share));
    all.put(HostSysctls.RECEIVE_BUFFER, receiveBuffer(kernel));
    return all;
  }

  /**
   * Limits that the kernel derives as well, and of which the model knows nothing: {@code
   * tcp_init_mem} (an eighth of what is free until 4.1, then a sixteenth, and 3/4 and 3/2 of it, in
   * pages) and {@code tcp_init} (tcp_wmem).
   */
  Map<String, String> unmodelled(KernelProfile kernel) {
    long limit = Math.max(TCP_MEM_LEAST, freePages(kernel) / (isOld(kernel) ? 8 : 16));
    long low = limit / 4 * 3;
    Map<String, String> all = new LinkedHashMap<>();
    all.put("net.ipv4.tcp_mem", low + " " + limit + " " + 2 * low);
    long most = Math.max(64 * 1024, Math.min(4 * MIB, socketShare(kernel)));
    all.put("net.ipv4.tcp_wmem", PAGE + " 16384 " + most);
    return all;
  }

  /** {@code tcp_init}: up to 6 MiB; since 6.16, 32 MiB. */
  private String receiveBuffer(KernelProfile kernel) {
    long first = isOld(kernel) ? 87_380 : 131_072;
    long most = isOld(kernel) ? 6 * MIB : 32 * MIB;
    return PAGE + " " + first + " " + Math.max(first, Math.min(most, socketShare(kernel)));
  }

  /** {@code tcp_init}: no socket gets more than a 128th of what is free, in bytes. */
  private long socketShare(KernelProfile kernel) {
    return freePages(kernel) * PAGE / 128;
  }

  /** {@code nr_free_buffer_pages}: what zones have beyond their high watermark. */
  private long freePages(KernelProfile kernel) {
    return managedPages() - highWatermarks(kernel);
  }

  private long managedPages() {
    return bytes / PAGE - bytes / PAGE * PAGE_DESCRIPTOR / PAGE;
  }

  /**
   * {@code __setup_per_zone_wmarks}, over all zones: the minimum and twice a quarter of it or,
   * since 4.6, a thousandth of the memory where that is more (watermark_scale_factor); before, the
   * minimum and a half.
   */
  private long highWatermarks(KernelProfile kernel) {
    long least = leastFreePages(isOld(kernel) ? 65_536 : 262_144);
    return isOld(kernel)
        ? least + least / 2
        : least + 2 * Math.max(least / 4, managedPages() / 1000);
  }

  /**
   * vm.min_free_kbytes in pages: {@code init_per_zone_wmark_min}, sqrt(16 x KiB); raised by {@code
   * set_recommended_min_free_kbytes} for huge pages, up to a twentieth of the memory.
   *
   * @param mostKib by which the former is bounded
   */
  private long leastFreePages(long mostKib) {
    long managed = managedPages();
    long root = (long) StrictMath.sqrt((double) (managed * PAGE_KIB * 16));
    long least = Math.max(128, Math.min(mostKib, root)) / PAGE_KIB;
    if (managed < HUGE_PAGES_FROM) {
      return least;
    }
    long zones = bytes / PAGE > ZONE_NORMAL_FROM ? 3 : 2;
    long recommended = BLOCK_PAGES * zones * (2 + MIGRATE_TYPES * MIGRATE_TYPES);
    return Math.max(least, Math.min(recommended, managed / 20));
  }

  private static boolean isOld(KernelProfile kernel) {
    return kernel == KernelProfile.LINUX_3_10;
  }
}
