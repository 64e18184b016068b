package dev.halfopen.scenario;

/**
 * Wires between every host of one group and every host of another, half of the round trip each way.
 *
 * @param bitsPerSecond 0: infinitely fast
 * @param queueBytes what may wait; 0: no limit
 */
public record LinkSpec(String a, String b, long rttNs, long bitsPerSecond, long queueBytes) {}
