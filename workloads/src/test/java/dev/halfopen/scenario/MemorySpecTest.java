package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.tcp.KernelProfile;
import org.junit.jupiter.api.Test;

/** What kernels make of the memory that they find. */
class MemorySpecTest {
  private static final long GIB = 1L << 30;

  private static long of(long bytes, KernelProfile kernel, String key) {
    Long value = new MemorySpec(bytes).sysctls(kernel).get("net.ipv4." + key);
    return value == null ? -1 : value;
  }

  @Test
  void aMachineOf32GibHasHalfOf262144Slots() {
    assertThat(of(32 * GIB, KernelProfile.LINUX_6_18, "tcp_max_tw_buckets")).isEqualTo(131_072);
    assertThat(of(32 * GIB, KernelProfile.LINUX_6_18, "tcp_max_orphans")).isEqualTo(131_072);
    assertThat(of(32 * GIB, KernelProfile.LINUX_6_18, "tcp_max_syn_backlog")).isEqualTo(2048);
    assertThat(of(32 * GIB, KernelProfile.LINUX_3_10, "tcp_max_syn_backlog")).isEqualTo(1024);
  }

  @Test
  void noTableHasMoreThan524288Slots() {
    assertThat(of(512 * GIB, KernelProfile.LINUX_6_18, "tcp_max_tw_buckets")).isEqualTo(262_144);
  }

  @Test
  void slotsAreRoundedUpToAPowerOfTwo() {
    assertThat(of(3 * GIB, KernelProfile.LINUX_6_18, "tcp_max_tw_buckets")).isEqualTo(16_384);
    assertThat(of(GIB / 16, KernelProfile.LINUX_6_18, "tcp_max_syn_backlog")).isEqualTo(128);
  }
}
