package dev.halfopen.net;

/**
 * What {@link Conntrack} is told: the sysctls of nf_conntrack with the defaults of Linux 6.18
 * (net/netfilter/nf_conntrack_proto_tcp.c, {@code tcp_timeouts}), seconds.
 */
public final class ConntrackConfig {
  /** net.netfilter.nf_conntrack_max. */
  public int max = 262_144;

  /** net.netfilter.nf_conntrack_buckets; 0: as many as entries, as Linux sets both since 5.15. */
  public int buckets;

  public int timeoutSynSent = 120;
  public int timeoutSynRecv = 60;
  public int timeoutEstablished = 432_000;
  public int timeoutFinWait = 120;
  public int timeoutCloseWait = 60;
  public int timeoutLastAck = 30;
  public int timeoutTimeWait = 120;
  public int timeoutClose = 10;

  /** net.netfilter.nf_conntrack_tcp_loose: whether connections in progress are picked up. */
  public boolean loose = true;
}
