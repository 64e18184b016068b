package dev.halfopen.tcp;

/** The 32 bits by which a timer is known to the wheel: kind 2 | row or host 30. */
final class TimerIds {
  static final int CONNECTION = 0;
  static final int REQUEST = 1;
  static final int KEEPALIVE = 2;

  /** Host-wide: bit 29 tells the slots of old kernels from the lanes of new ones. */
  static final int HOST = 3;

  private static final int ROW_MASK = 0x3FFFFFFF;
  private static final int SLOTS_BIT = 1 << 29;

  private TimerIds() {}

  static int connection(int row) {
    return CONNECTION << 30 | row;
  }

  static int request(int row) {
    return REQUEST << 30 | row;
  }

  /** Rows that keepalive can name: the upper three bits hold the low bits of the generation. */
  private static final int KEEPALIVE_ROW_MASK = (1 << 27) - 1;

  static int keepalive(int row, int generation) {
    return KEEPALIVE << 30 | (generation & 7) << 27 | row & KEEPALIVE_ROW_MASK;
  }

  static int keepaliveRow(int id) {
    return id & KEEPALIVE_ROW_MASK;
  }

  static int lane(int hostId) {
    return HOST << 30 | hostId;
  }

  static int slots(int hostId) {
    return HOST << 30 | SLOTS_BIT | hostId;
  }

  static int kind(int id) {
    return id >>> 30;
  }

  static int row(int id) {
    return id & ROW_MASK;
  }

  static int host(int id) {
    return id & SLOTS_BIT - 1;
  }

  static boolean isSlots(int id) {
    return (id & SLOTS_BIT) != 0;
  }
}
