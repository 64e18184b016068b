package dev.halfopen.scenario;

/**
 * A kind of load: how it is read, checked and built. One class for each, named in {@link Registry}.
 *
 * @param <S> what it is read into
 */
interface LoadKind<S extends LoadSpec> {
  /** The word after {@code kind:}. */
  String word();

  Class<S> specType();

  /** Reads all keys but {@code kind}, and refuses those that are left. */
  S read(MapReader load);

  /** Checks what only shows beside the hosts. */
  void check(S spec, WorldChecks checks);

  /** Builds what sends it, and hands it to {@link Assembler#placed}. */
  void build(S spec, Assembler world);

  /** Packets in the mean, for the estimate of what a run needs. */
  double packets(S spec, long durationNs);
}
