package dev.halfopen.scenario;

/** A resolver; the names that it knows stand under {@code names}. */
public record DnsServerSpec(boolean cache) implements AppSpec {}
