package dev.halfopen.net;

/** What happens to packets for a host whose power is gone. */
public enum DeadAddress {
  /** They vanish at the host, as when a switch still knows its port. */
  SILENT,

  /** A router on the way answers ICMP host unreachable. */
  UNREACHABLE,

  /** The sender is in the same subnet: nobody answers its ARP, and it learns that after 3.05 s. */
  NO_ARP
}
