package dev.halfopen.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.halfopen.tcp.KernelProfile;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What kernels make of the memory that they find. */
class MemorySpecTest {
  private static final long GIB = 1L << 30;

  private static long of(long bytes, KernelProfile kernel, String key) {
    return numbers(new MemorySpec(bytes).sysctls(kernel), key)[0];
  }

  private static long[] numbers(Map<String, String> sysctls, String key) {
    String text = sysctls.getOrDefault("net.ipv4." + key, "-1");
    return Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }

  private static long[] limits(long bytes, KernelProfile kernel, String key) {
    return numbers(new MemorySpec(bytes).unmodelled(kernel), key);
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

  /** Of a machine of 24 GiB with 6.18, of which its kernel manages 98.3 %. */
  @Test
  void tcpMemIsThatOfARealMachineWithinHalfAPercent() {
    long[] real = {288_459, 384_612, 576_918};
    long[] derived = limits(24 * GIB, KernelProfile.LINUX_6_18, "tcp_mem");
    for (int i = 0; i < real.length; i++) {
      assertThat((double) derived[i]).isBetween(0.995 * real[i], 1.005 * real[i]);
    }
    assertThat(limits(24 * GIB, KernelProfile.LINUX_6_18, "tcp_wmem"))
        .containsExactly(4096, 16_384, 4_194_304);
    assertThat(numbers(new MemorySpec(24 * GIB).sysctls(KernelProfile.LINUX_6_18), "tcp_rmem"))
        .containsExactly(4096, 131_072, 33_554_432);
    assertThat(of(24 * GIB, KernelProfile.LINUX_6_18, "tcp_max_orphans")).isEqualTo(131_072);
  }

  @Test
  void theOldKernelGivesTcpTwiceAsMuchAndSocketsLess() {
    long[] now = limits(16 * GIB, KernelProfile.LINUX_6_18, "tcp_mem");
    long[] before = limits(16 * GIB, KernelProfile.LINUX_3_10, "tcp_mem");
    assertThat((double) before[1] / now[1]).isBetween(1.99, 2.01);
    assertThat(numbers(new MemorySpec(16 * GIB).sysctls(KernelProfile.LINUX_3_10), "tcp_rmem"))
        .containsExactly(4096, 87_380, 6_291_456);
  }

  @Test
  void aSmallMachineLeavesASocketA128thOfWhatIsFree() {
    long[] mem = limits(GIB / 2, KernelProfile.LINUX_6_18, "tcp_mem");
    long[] rmem = numbers(new MemorySpec(GIB / 2).sysctls(KernelProfile.LINUX_6_18), "tcp_rmem");
    assertThat(rmem[2]).isBetween(mem[1] * 16 * 32, (mem[1] + 1) * 16 * 32);
    assertThat(limits(1 << 26, KernelProfile.LINUX_6_18, "tcp_wmem")[2]).isGreaterThan(65_536);
    assertThat(mem).containsExactly(mem[1] / 4 * 3, mem[1], mem[1] / 4 * 6);
  }
}
