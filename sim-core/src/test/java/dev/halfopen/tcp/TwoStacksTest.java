package dev.halfopen.tcp;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way in which a few packets of a connection can be delivered, dropped, duplicated or
 * swapped, by running the connection from the start once for each. A run is named by its plot and
 * one letter a packet: {@code -Dhalfopen.fates=...D.X} sees one again (. deliver, X drop, D
 * duplicate, S swap).
 */
class TwoStacksTest {
  private static final TwoStacks.Fate[] ALL = TwoStacks.Fate.values();
  private static final String LETTERS = ".XDS";

  /** The first packets are the handshake's; the later window has the close of most plots. */
  private static final int LATER = 4;

  @ParameterizedTest
  @EnumSource
  void fourOfTheFirstPackets(TwoStacks.Plot plot) {
    explore("fourOfTheFirstPackets", plot, KernelProfile.LINUX_6_18, 0, 4);
  }

  @ParameterizedTest
  @EnumSource
  void fourOfTheLaterPackets(TwoStacks.Plot plot) {
    explore("fourOfTheLaterPackets", plot, KernelProfile.LINUX_6_18, LATER, 4);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void sixOfTheFirstPackets(TwoStacks.Plot plot) {
    explore("sixOfTheFirstPackets", plot, KernelProfile.LINUX_6_18, 0, 6);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void sixOfTheLaterPackets(TwoStacks.Plot plot) {
    explore("sixOfTheLaterPackets", plot, KernelProfile.LINUX_6_18, LATER, 6);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void fiveOfThePacketsOfAnOldKernel(TwoStacks.Plot plot) {
    explore("fiveOfThePacketsOfAnOldKernel", plot, KernelProfile.LINUX_3_10, 0, 5);
    explore("fiveOfThePacketsOfAnOldKernel", plot, KernelProfile.LINUX_3_10, LATER, 5);
  }

  private static void explore(
      String method, TwoStacks.Plot plot, KernelProfile kernel, int first, int count) {
    String only = System.getProperty("halfopen.fates");
    if (only != null) {
      run(method, plot, kernel, only.chars().map(LETTERS::indexOf).toArray());
      return;
    }
    int[] fates = new int[first + count];
    for (boolean more = true; more; ) {
      int packets = run(method, plot, kernel, fates);
      more = next(fates, first, Math.min(packets, fates.length));
    }
  }

  /** The next combination; those that differ only in packets that were never sent are one. */
  private static boolean next(int[] fates, int first, int used) {
    for (int i = used; i < fates.length; i++) {
      fates[i] = 0;
    }
    for (int i = used - 1; i >= first; i--) {
      if (++fates[i] < ALL.length) {
        return true;
      }
      fates[i] = 0;
    }
    return false;
  }

  private static int run(String method, TwoStacks.Plot plot, KernelProfile kernel, int[] fates) {
    TwoStacks world = new TwoStacks(plot, kernel, n -> n < fates.length ? ALL[fates[n]] : ALL[0]);
    try {
      world.run();
    } catch (RuntimeException | AssertionError e) {
      String name =
          Arrays.stream(fates)
              .mapToObj(f -> LETTERS.substring(f, f + 1))
              .collect(Collectors.joining());
      throw new AssertionError(
          plot
              + ": "
              + e
              + "\n  "
              + String.join("\n  ", world.trail())
              + "\nreproduce: "
              + Seeds.command(TwoStacksTest.class, method, "-Dhalfopen.fates=" + name),
          e);
    }
    return world.packets();
  }
}
