package dev.halfopen.tcp;

import dev.halfopen.bench.Settings;
import dev.halfopen.engine.MemoryBudget;
import dev.halfopen.net.Host;
import dev.halfopen.net.Segment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A connection enters TIME_WAIT as the oldest one ends, with so many of them waiting: the record,
 * the demux entry, the lane and its expiry in bulk. The connection's own short life (a record, a
 * Flight, an entry in the demux) is in the figure.
 */
public class TimeWaitBench extends Settings implements Egress, Alarms, Readiness {
  private static final int OPS = 10_000;
  private static final int ADDRESSES = 64;
  private static final int FIRST = 11 << 24;
  private static final int SERVER = 10 << 24 | 2;
  private static final int PORT = 80;
  private static final long MINUTE_NS = 60_000_000_000L;

  @Param({"1000000"})
  int timeWaits;

  private Stack stack;
  private HostTcp host;
  private long gapNs;
  private long nowNs;
  private int made;

  /** When the lists of rows end, in order: some 31 of each address, which rounds at its own. */
  private final long[] alarmNs = new long[4096];

  private int alarmHead;
  private int alarmSize;

  @Setup
  public void fill() {
    stack = new Stack(MemoryBudget.unlimited(), this, this, this);
    SysctlProfile kernel = new SysctlProfile(KernelProfile.LINUX_6_18);
    host = new HostTcp(new Host(0, "clients", FIRST, ADDRESSES, kernel.hz(), 1), kernel, stack);
    stack.contract = stack.contracts.intern(Contract.key(1448, 1460, 7, 7, true, true, true, 0));
    gapNs = MINUTE_NS / timeWaits;
    for (int i = 0; i < timeWaits + timeWaits / 10; i++) {
      enter();
    }
  }

  private void enter() {
    nowNs += gapNs;
    while (alarmSize > 0 && alarmNs[alarmHead] <= nowNs) {
      expire(alarmNs[alarmHead]);
      alarmHead = alarmHead + 1 & alarmNs.length - 1;
      alarmSize--;
    }
    int n = made++;
    int local = FIRST + (n & ADDRESSES - 1);
    int ports = (n / ADDRESSES & 0xFFFF) << 16 | PORT;
    Stack s = stack;
    s.enter(nowNs, host, local);
    int row = s.tcb.create();
    s.tcb.tuple(local, SERVER, ports);
    s.demux.insert(Demux.hash(local, SERVER, ports), Demux.CONNECTION, row);
    s.tcb.flight(s.fl.create());
    Transitions.to(s, dev.halfopen.tcp.State.ESTABLISHED);
    Transitions.to(s, dev.halfopen.tcp.State.FIN_WAIT_1);
    Transitions.to(s, dev.halfopen.tcp.State.FIN_WAIT_2);
    s.timeWait.enter(false, Closing.TIME_WAIT_SECONDS * host.hz);
  }

  private void expire(long atNs) {
    stack.enter(atNs, host, FIRST);
    int jiffy = (int) host.host().commonJiffies(atNs);
    int head = host.lanes.take(jiffy);
    if (head != 0) {
      stack.timeWait.expire(head, jiffy);
    }
  }

  @Benchmark
  @OperationsPerInvocation(OPS)
  public long enterAndExpire() {
    for (int i = 0; i < OPS; i++) {
      enter();
    }
    return stack.tw.live();
  }

  @Override
  public void wakeAt(Host at, long deadlineNs, int id) {
    if (alarmSize == alarmNs.length) {
      throw new IllegalStateException("more than " + alarmNs.length + " lanes");
    }
    // Machines of a farm round at different instants, so a lane may begin before an earlier one.
    int i = alarmSize++;
    while (i > 0 && alarmNs[alarmHead + i - 1 & alarmNs.length - 1] > deadlineNs) {
      alarmNs[alarmHead + i & alarmNs.length - 1] = alarmNs[alarmHead + i - 1 & alarmNs.length - 1];
      i--;
    }
    alarmNs[alarmHead + i & alarmNs.length - 1] = deadlineNs;
  }

  @Override
  public void fireAt(Host at, long deadlineNs, int id) {
    wakeAt(at, deadlineNs, id);
  }

  @Override
  public void emit(long now, Host from, Segment segment) {
    // Nothing is sent here.
  }

  @Override
  public void post(Host at, long socket, int handle, int bits, int mark, int errno) {
    // Nobody listens.
  }
}
