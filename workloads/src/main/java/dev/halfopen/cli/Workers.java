package dev.halfopen.cli;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The threads that help a simulation, and the CPU time of those that have ended. */
final class Workers implements ThreadFactory {
  private final AtomicLong cpuNs = new AtomicLong();

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(() -> measured(work), "halfopen-shards");
    thread.setDaemon(true);
    return thread;
  }

  private void measured(Runnable work) {
    try {
      work.run();
    } finally {
      cpuNs.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }
  }

  long cpuNs() {
    return cpuNs.get();
  }
}
