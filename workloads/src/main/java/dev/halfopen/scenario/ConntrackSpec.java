package dev.halfopen.scenario;

import dev.halfopen.net.ConntrackConfig;

/** Connection tracking before the stack of a host. */
public record ConntrackSpec(ConntrackConfig config) implements HostPartSpec {}
