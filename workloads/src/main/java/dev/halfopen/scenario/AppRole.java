package dev.halfopen.scenario;

import dev.halfopen.app.Application;

/**
 * A role that an application can have: how it is read, checked and built. One class for each, named
 * in {@link Registry}; what it tells about itself in a report is a RoleReport.
 *
 * @param <S> what it is read into
 */
interface AppRole<S extends AppSpec> {
  /** The word after {@code role:}. */
  String word();

  Class<S> specType();

  /** Reads all keys but {@code role} and {@code like}, and refuses those that are left. */
  S read(MapReader app);

  /** Checks what only shows beside the other hosts. */
  default void check(S spec, HostSpec host, String name, WorldChecks checks) {}

  /** Makes the application; {@code world} puts it on its host. */
  Application build(S spec, HostSpec host, Assembler world);
}
