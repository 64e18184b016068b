package dev.halfopen.report.sweep;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What runs on other threads. */
public final class Futures {
  private Futures() {}

  /** Waits for the result; what failed there fails here with the same exception. */
  public static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException r) {
        throw r;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
