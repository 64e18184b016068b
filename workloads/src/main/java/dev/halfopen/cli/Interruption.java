package dev.halfopen.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run end in order when the process is told to stop: the JVM's shutdown waits until the
 * partial result is written. The exit code is the JVM's, 130 after Ctrl-C.
 */
final class Interruption implements AutoCloseable {
  private static final long WAIT_SECONDS = 30;

  private final CountDownLatch written = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "halfopen-interruption");
  private volatile boolean requested;

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether the run should end at the next occasion. */
  boolean isRequested() {
    return requested;
  }

  /** Asks the run to end. */
  void request() {
    requested = true;
  }

  private void stopAndWait() {
    request();
    try {
      boolean done = written.await(WAIT_SECONDS, TimeUnit.SECONDS);
      if (!done) {
        System.err.println("halfopen: ended before the result was written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    written.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        request(); // the shutdown has begun in this moment; nothing is left to do
      }
    }
  }
}
