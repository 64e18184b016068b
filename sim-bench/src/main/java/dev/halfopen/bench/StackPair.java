package dev.halfopen.bench;

import dev.halfopen.engine.EventQueue;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.AddressTable;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import dev.halfopen.tcp.Alarms;
import dev.halfopen.tcp.Egress;
import dev.halfopen.tcp.KernelProfile;
import dev.halfopen.tcp.Readiness;
import dev.halfopen.tcp.Sockets;
import dev.halfopen.tcp.SysctlProfile;
import dev.halfopen.tcp.Tcp;

/**
 * Two hosts on one stack without a world: segments go into a ring and arrive when {@link #deliver}
 * is called, timers never fire, readiness is only counted. What a benchmark measures is the stack
 * alone.
 */
public final class StackPair implements Egress, Alarms, Readiness {
  public static final int CLIENT = 10 << 24 | 1;
  public static final int SERVER = 10 << 24 | 2;
  public static final int PORT = 80;

  private static final int CLIENT_ID = 0;
  private static final int SERVER_ID = 1;
  private static final int WORDS = EventQueue.WORDS;
  private static final int RING = 64;
  private static final long SEED = 1;
  private static final long STEP_NS = 1000;

  private final AddressTable addresses = new AddressTable();
  private final Tcp tcp = new Tcp(MemoryBudget.unlimited(), addresses, this, this, this);
  private final Sockets client;
  private final Sockets server;
  private final long[] ring = new long[RING * WORDS];
  private int head;
  private int size;
  private boolean lossy;
  private long nowNs = 1_000_000_000L;
  private long segments;
  private long readiness;

  /** A client that has {@code ports} ephemeral ports, and a server with the kernel's defaults. */
  public StackPair(int ports) {
    this(ports, new SysctlProfile(KernelProfile.LINUX_6_18));
  }

  /** A client that has {@code ports} ephemeral ports, and a server with a kernel of its own. */
  public StackPair(int ports, SysctlProfile serverKernel) {
    SysctlProfile clientKernel = new SysctlProfile(KernelProfile.LINUX_6_18);
    long first = clientKernel.get(dev.halfopen.tcp.Sysctl.PORT_RANGE_FIRST);
    clientKernel.set(dev.halfopen.tcp.Sysctl.PORT_RANGE_LAST, first + ports - 1);
    client = add(CLIENT_ID, "client", CLIENT, clientKernel);
    server = add(SERVER_ID, "server", SERVER, serverKernel);
  }

  private Sockets add(int id, String name, int address, SysctlProfile kernel) {
    Host host = new Host(id, name, address, 1, kernel.hz(), SEED);
    addresses.assign(address, 1, id);
    return tcp.sockets(tcp.addHost(host, kernel));
  }

  public Tcp tcp() {
    return tcp;
  }

  public Sockets client() {
    return client;
  }

  public Sockets server() {
    return server;
  }

  /** Ports that connect() of the client has looked at, as the kernel would have. */
  public long portsTried() {
    return tcp.host(CLIENT_ID).portsTried();
  }

  /** Drops whatever is sent from now on, or no longer. */
  public void lossy(boolean on) {
    lossy = on;
  }

  /** Lets a microsecond pass. */
  public void tick() {
    tcp.settle();
    nowNs += STEP_NS;
    tcp.now(nowNs);
  }

  /** Delivers all segments under way, and those that they cause. */
  public void deliver() {
    while (size > 0) {
      int at = head * WORDS;
      head = head + 1 & RING - 1;
      size--;
      tick();
      tcp.segmentArrived(nowNs, addresses.hostOf((int) ring[at + 1]), ring, at);
    }
  }

  /** Reads the segment sent last, which is still under way. */
  public void peekLast(Segment into) {
    into.read(ring, (head + size - 1 & RING - 1) * WORDS);
  }

  /** Has the server get a segment laid out by {@link Segment#write}. */
  public void arriveAtServer(long[] words) {
    tick();
    tcp.segmentArrived(nowNs, SERVER_ID, words, 0);
  }

  @Override
  public void emit(long now, Host from, Segment segment) {
    segments++;
    if (!lossy) {
      if (size == RING) {
        throw new IllegalStateException("more than " + RING + " segments under way");
      }
      int to = addresses.hostOf(segment.destination);
      segment.write(ring, (head + size & RING - 1) * WORDS, to);
      size++;
    }
  }

  @Override
  public void wakeAt(Host host, long deadlineNs, int id) {
    // Timers never fire here.
  }

  @Override
  public void fireAt(Host host, long deadlineNs, int id) {
    // Timers never fire here.
  }

  @Override
  public void post(Host host, long socket, int handle, int bits, int mark, int errno) {
    readiness++;
  }

  /** What was sent and posted, so that it cannot be left out. */
  public long effects() {
    return segments + readiness;
  }
}
