package dev.halfopen.app;

import java.util.ArrayList;
import java.util.List;

/** The names that a {@link DnsServer} knows. Set before the world is built. */
public final class DnsServerConfig {
  static final int NOBODY = 0;

  final List<Entry> records = new ArrayList<>();

  /** Whether it keeps answers for their TTL, as a resolver in front of the authority does. */
  public boolean cache = true;

  /** A name's address and how long others may keep it. */
  static final class Entry {
    final int address;
    final long ttlNs;

    Entry(int address, long ttlNs) {
      this.address = address;
      this.ttlNs = ttlNs;
    }
  }

  /**
   * Adds a name.
   *
   * @return its number, by which queries and {@link DnsServer#SET_NAME} know it
   */
  public int name(int address, long ttlNs) {
    records.add(new Entry(address, ttlNs));
    return records.size() - 1;
  }
}
