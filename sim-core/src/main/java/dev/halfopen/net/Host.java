package dev.halfopen.net;

import dev.halfopen.engine.Order;
import dev.halfopen.engine.RandomStreams;
import dev.halfopen.engine.RunDigest;
import org.jspecify.annotations.Nullable;

/**
 * A node of the world: one machine with one address, or a farm, one object that stands for many
 * machines with consecutive addresses. Kernel state is kept per host, never per thread.
 */
public final class Host {
  /**
   * Multiples of 8^6 jiffies are the coarsest timer granule in use; the phase is drawn below it.
   */
  private static final int PHASE_JIFFIES = 1 << 18;

  private static final int PURPOSE_PHASE = 1;
  private static final int PURPOSE_ADDRESS_PHASE = 2;

  /**
   * The compiler inlines no method whose result is of a class that is not loaded: a world without
   * these two would pay for calls on the way of a packet.
   */
  @SuppressWarnings("unused")
  private static final Class<?>[] LOADED = {Conntrack.class, Cpu.class};

  private final int id;
  private final String name;
  private final int firstAddress;
  private final int addressCount;
  private final int hz;
  private final long tickNs;
  private final long seed;
  private final RunDigest digest = new RunDigest();

  /** The random numbers by which the addresses of a farm differ in their jiffies. */
  private final long addressStream;

  /** What the order of all packets of this host begins with. */
  private final long packetOrder;

  private long phaseNs;
  private long emissions;
  private @Nullable Link[] linkTo = new Link[0];
  private @Nullable Link defaultRoute;

  // Where the last packet went: most go to the same host as the one before.
  private int nextHopFirst;
  private long nextHopCount;
  private int nextHopId;
  private @Nullable Link nextHop;

  private @Nullable Conntrack conntrack;
  private @Nullable Cpu cpu;

  // The last answers: an event asks for the same jiffy and the same address several times.
  private long jiffyFromNs = Long.MIN_VALUE;
  private long jiffyToNs = Long.MIN_VALUE;
  private long lastJiffy;
  private int lastAddress;
  private long lastAddressJiffies;

  public Host(int id, String name, int firstAddress, int addressCount, int hz, long seed) {
    this.id = id;
    this.name = name;
    this.firstAddress = firstAddress;
    this.addressCount = addressCount;
    this.hz = hz;
    this.tickNs = 1_000_000_000L / hz;
    this.seed = seed;
    this.packetOrder = Order.of(Order.PACKET, id, 0);
    this.phaseNs =
        Long.remainderUnsigned(
            RandomStreams.bits(seed, id, PURPOSE_PHASE, 0), PHASE_JIFFIES * tickNs);
    this.addressStream = RandomStreams.stream(seed, id, PURPOSE_ADDRESS_PHASE);
    this.lastAddress = firstAddress;
    this.lastAddressJiffies = hashedJiffies(firstAddress);
  }

  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  public int firstAddress() {
    return firstAddress;
  }

  public int addressCount() {
    return addressCount;
  }

  public boolean isFarm() {
    return addressCount > 1;
  }

  public boolean owns(int address) {
    return address - firstAddress >= 0 && address - firstAddress < addressCount;
  }

  public int hz() {
    return hz;
  }

  public long tickNs() {
    return tickNs;
  }

  public long seed() {
    return seed;
  }

  public RunDigest digest() {
    return digest;
  }

  /** Fixes the jiffies phase: jiffies are (time + phase) / tick. For tests and oracle rows. */
  public void phaseNs(long ns) {
    phaseNs = ns;
    jiffyFromNs = Long.MIN_VALUE;
    jiffyToNs = Long.MIN_VALUE;
  }

  /** Absolute jiffies at an instant; machines of a farm tick together but count differently. */
  public long jiffies(long nowNs, int address) {
    return commonJiffies(nowNs) + addressJiffies(address);
  }

  /** The instant at which the jiffies counter of this address reaches {@code jiffy}. */
  public long jiffyNs(long jiffy, int address) {
    return (jiffy - addressJiffies(address)) * tickNs - phaseNs;
  }

  /** A jiffy of one address in the count that all machines of a farm share. */
  public long commonJiffy(long jiffy, int address) {
    return jiffy - addressJiffies(address);
  }

  /** The shared count at an instant, which is the host's own where it is one machine. */
  public long commonJiffies(long nowNs) {
    if (nowNs < jiffyFromNs || nowNs >= jiffyToNs) {
      lastJiffy = (nowNs + phaseNs) / tickNs;
      jiffyFromNs = commonJiffyNs(lastJiffy);
      jiffyToNs = jiffyFromNs + tickNs;
    }
    return lastJiffy;
  }

  /** The instant of a jiffy of the shared count. */
  public long commonJiffyNs(long jiffy) {
    return jiffy * tickNs - phaseNs;
  }

  private long addressJiffies(int address) {
    if (address != lastAddress) {
      lastAddress = address;
      lastAddressJiffies = hashedJiffies(address);
    }
    return lastAddressJiffies;
  }

  private long hashedJiffies(int address) {
    return isFarm() ? RandomStreams.bits(addressStream, address) & (PHASE_JIFFIES - 1) : 0;
  }

  /** The key of the next event that this host emits. */
  public long nextOrder(int kind) {
    return Order.of(kind, id, emissions++);
  }

  /** The same for a packet: {@link Order#of} with what never changes done before. */
  public long nextPacketOrder() {
    return packetOrder | emissions++;
  }

  /** The link towards another host, by its id; null where none was built. */
  public @Nullable Link linkTo(int hostId) {
    return hostId < linkTo.length ? linkTo[hostId] : null;
  }

  /** Links that leave this host, by the id of the host they lead to; null where there is none. */
  public @Nullable Link[] links() {
    return linkTo.clone();
  }

  /** The link that packets to an address nobody owns leave by; null where there is none. */
  public @Nullable Link defaultRoute() {
    return defaultRoute;
  }

  public void defaultRoute(Link link) {
    defaultRoute = link;
  }

  /** What tracks the connections of this host; null: nothing. */
  public @Nullable Conntrack conntrack() {
    return conntrack;
  }

  public void conntrack(Conntrack table) {
    nextHopCount = 0;
    conntrack = table;
  }

  /** What arriving packets go through before the stack; null: it takes no time. */
  public @Nullable Cpu cpu() {
    return cpu;
  }

  public void cpu(Cpu cores) {
    cpu = cores;
  }

  /**
   * The link that leads to the owner of an address, where the last packet went to the same host and
   * {@link #turn} was told; else null.
   */
  public @Nullable Link nextHop(int address) {
    return (address - nextHopFirst & 0xFFFFFFFFL) < nextHopCount ? nextHop : null;
  }

  /** The host that {@link #nextHop} leads to. */
  public int nextHopId() {
    return nextHopId;
  }

  /** Packets go to that host now. */
  public void turn(Host to, Link link) {
    nextHopFirst = to.firstAddress;
    nextHopCount = to.addressCount;
    nextHopId = to.id;
    nextHop = link;
  }

  public void linkTo(int hostId, Link link) {
    nextHopCount = 0;
    if (hostId >= linkTo.length) {
      linkTo = java.util.Arrays.copyOf(linkTo, hostId + 1);
    }
    linkTo[hostId] = link;
  }
}
