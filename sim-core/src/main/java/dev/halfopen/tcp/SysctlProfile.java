package dev.halfopen.tcp;

/** The sysctls of one host: the defaults of its kernel profile and what was set on top. */
public final class SysctlProfile {
  private final KernelProfile kernel;
  private final long[] values;
  private int hz;

  /** tcp_rmem: what a socket's receive buffer is at first and may grow to. */
  private int receiveBufferBytes = 131_072;

  private int receiveBufferBytesMax = 6_291_456;

  public SysctlProfile(KernelProfile kernel) {
    this.kernel = kernel;
    this.hz = kernel.hz();
    this.values = new long[Sysctl.values().length];
    for (Sysctl s : Sysctl.values()) {
      values[s.ordinal()] = kernel.defaultOf(s);
    }
  }

  public KernelProfile kernel() {
    return kernel;
  }

  public int hz() {
    return hz;
  }

  public SysctlProfile hz(int ticksPerSecond) {
    hz = ticksPerSecond;
    return this;
  }

  public int receiveBufferBytes() {
    return receiveBufferBytes;
  }

  public int receiveBufferBytesMax() {
    return receiveBufferBytesMax;
  }

  /** net.ipv4.tcp_rmem, its second and third number. */
  public SysctlProfile receiveBuffer(int defaultBytes, int mostBytes) {
    receiveBufferBytes = defaultBytes;
    receiveBufferBytesMax = mostBytes;
    return this;
  }

  public long get(Sysctl sysctl) {
    return values[sysctl.ordinal()];
  }

  /**
   * Sets a value, as sysctl -w does.
   *
   * @throws IllegalArgumentException where the kernel answers EINVAL; the message gives the range
   */
  public SysctlProfile set(Sysctl sysctl, long value) {
    if (!kernel.knows(sysctl)) {
      throw new IllegalArgumentException(sysctl.key() + ": " + kernel.name() + " has no such key");
    }
    if (value < sysctl.least() || value > sysctl.most()) {
      throw new IllegalArgumentException(
          sysctl.key()
              + ": "
              + value
              + " is refused by the kernel (EINVAL); "
              + sysctl.least()
              + ".."
              + sysctl.most());
    }
    values[sysctl.ordinal()] = value;
    return this;
  }
}
