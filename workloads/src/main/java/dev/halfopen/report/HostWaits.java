package dev.halfopen.report;

import dev.halfopen.app.Waiting;
import java.util.List;

/**
 * What the requests at an application wait for at the end of a run.
 *
 * @param queued those that wait for a worker or a pooled connection of its own
 * @param working those that are being computed
 * @param on those that wait for other hosts
 */
record HostWaits(String host, long queued, long working, List<On> on) {
  HostWaits {
    on = List.copyOf(on);
  }

  /** Requests that wait for a host in one way. */
  record On(String host, Waiting kind, long requests) {}

  long all() {
    return queued + working + on.stream().mapToLong(On::requests).sum();
  }
}
