package dev.halfopen.scenario;

import dev.halfopen.net.CpuConfig;

/**
 * Cores that take time for what arrives, behind the rings of a network card.
 *
 * @param source where the costs come from
 * @param nicBitsPerSecond 0: what the links allow
 */
public record CpuSpec(CpuConfig config, String source, long nicBitsPerSecond)
    implements HostPartSpec {}
