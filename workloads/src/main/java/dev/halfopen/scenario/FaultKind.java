package dev.halfopen.scenario;

/**
 * A kind of fault: how it is read, checked and planned. One class for each, named in {@link
 * Registry}.
 *
 * @param <S> what it is read into
 */
interface FaultKind<S extends FaultSpec> {
  /** The word after {@code do:}. */
  String word();

  Class<S> specType();

  /** Reads all keys but {@code name}, {@code at} and {@code do}, and refuses those left. */
  S read(MapReader fault, String name, long atNs);

  /** Checks what only shows beside the hosts. */
  void check(S spec, WorldChecks checks);

  /** Plans it; hosts, links and applications are there. */
  void plan(S spec, Assembler world);
}
