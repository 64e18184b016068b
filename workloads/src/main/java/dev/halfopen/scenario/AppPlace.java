package dev.halfopen.scenario;

/**
 * An application of a host.
 *
 * @param name its key under {@code apps}: "nginx"
 */
public record AppPlace(String name, AppSpec spec) {}
