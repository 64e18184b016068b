package dev.halfopen.scenario;

/**
 * A name that a DNS server knows.
 *
 * @param name "db.internal"
 * @param host that it stands for at the start
 * @param ttlNs how long an answer may be kept
 * @param server the host that answers for it
 */
public record NameSpec(String name, String host, long ttlNs, String server) {}
