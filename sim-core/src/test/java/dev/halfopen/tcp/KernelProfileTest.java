package dev.halfopen.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Runtime.Version;
import org.junit.jupiter.api.Test;

/** Kernels as data. */
class KernelProfileTest {
  private static final String PREFIX = "linux-";

  @Test
  void aKernelHasTheChangesUpToItsVersionAndNoLaterOnes() {
    for (String name : KernelProfile.names()) {
      KernelProfile kernel = KernelProfile.byName(name);
      assertThat(kernel).isNotNull();
      Version own = Version.parse(name.substring(PREFIX.length()));
      for (KernelChange change : KernelChange.values()) {
        assertThat(kernel.has(change))
            .as(name + ", " + change + " since " + change.since())
            .isEqualTo(own.compareTo(Version.parse(change.since())) >= 0);
      }
    }
  }

  @Test
  void aSysctlOfAnotherTimeIsUnknown() {
    assertThat(KernelProfile.LINUX_6_18.knows(Sysctl.TCP_TW_RECYCLE)).isFalse();
    assertThat(KernelProfile.LINUX_3_10.knows(Sysctl.TCP_TW_RECYCLE)).isTrue();
    assertThat(KernelProfile.LINUX_3_10.knows(Sysctl.TCP_RTO_MIN_US)).isFalse();
    assertThat(KernelProfile.LINUX_6_18.knows(Sysctl.TCP_RTO_MIN_US)).isTrue();
  }
}
