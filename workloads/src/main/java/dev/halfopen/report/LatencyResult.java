package dev.halfopen.report;

import org.HdrHistogram.Histogram;

/**
 * The times of one metric.
 *
 * @param name "request", "timeToFailure", "connect"
 * @param total all values, ns
 * @param hlogLines lines of the .hlog format, one for each interval of virtual time
 * @param overflows values beyond an hour, counted as one hour
 */
public record LatencyResult(String name, Histogram total, String hlogLines, long overflows) {}
