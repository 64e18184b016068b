package dev.halfopen.scenario;

import dev.halfopen.net.Host;
import java.util.List;
import java.util.Optional;

/**
 * Something of a host beside its kernel and its applications, as connection tracking or cores: how
 * it is read and built. One class for each, named in {@link Registry}.
 *
 * @param <S> what it is read into
 */
interface HostPart<S extends HostPartSpec> {
  /** The keys of a host that it reads. */
  List<String> keys();

  Class<S> specType();

  /** Reads its keys of a host; empty where the host has none of it. */
  Optional<S> read(MapReader host);

  /** Checks what only shows beside the other hosts. */
  default void check(S spec, HostSpec host, WorldChecks checks) {}

  void build(S spec, HostSpec host, Host coreHost, Assembler world);
}
