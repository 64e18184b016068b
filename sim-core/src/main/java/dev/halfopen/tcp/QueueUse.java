package dev.halfopen.tcp;

/**
 * How full a queue of listeners was.
 *
 * @param peak the most entries of a listener; of several on one port that of the fullest
 * @param limit entries that it can hold
 * @param peakAtNs when it had most
 */
public record QueueUse(int peak, int limit, long peakAtNs) {}
