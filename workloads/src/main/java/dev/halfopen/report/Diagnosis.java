package dev.halfopen.report;

/**
 * Why requests failed.
 *
 * @param resource what ran out: "ephemeral ports"
 * @param detail which one: "-> upstream-1:8080"
 * @param fromNs intended start of the first request that it explains
 * @param toNs intended start of the last one
 * @param explains failed requests
 * @param onARealHost what a log, ss and nstat would show
 */
public record Diagnosis(
    String resource,
    String host,
    String detail,
    long fromNs,
    long toNs,
    long explains,
    String evidence,
    String onARealHost) {}
