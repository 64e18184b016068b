package dev.halfopen.app;

/** What offers a load of requests and keeps its books. */
public interface LoadSource {
  LoadStats stats();

  /** Closes the books at the end of a run: what is still waiting counts up to {@code nowNs}. */
  void finish(long nowNs);
}
