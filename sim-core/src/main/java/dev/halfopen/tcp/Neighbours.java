package dev.halfopen.tcp;

import dev.halfopen.net.Host;

/** ARP for a neighbour that does not answer. */
public final class Neighbours {
  /** ucast_solicit or mcast_solicit of net/ipv4/neigh/default. */
  private static final int QUESTIONS = 3;

  private Neighbours() {}

  /**
   * When what is queued for it fails with EHOSTUNREACH ({@code neigh_timer_handler}): the third
   * timer of retrans_time_ms, one second, each as late as the kernel's timers are. Measured: 3.05 s
   * at HZ=250 (oracle O1); 3.044 to 3.080 s by the jiffies at which it begins.
   */
  public static long failsNs(KernelProfile kernel, Host host, long nowNs) {
    int jiffies = (int) host.commonJiffies(nowNs);
    for (int i = 0; i < QUESTIONS; i++) {
      jiffies = TimerRounding.fires(kernel.timerRounding(), jiffies, host.hz());
    }
    return host.commonJiffyNs(jiffies);
  }
}
