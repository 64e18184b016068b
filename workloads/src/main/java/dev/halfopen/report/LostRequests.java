package dev.halfopen.report;

/**
 * Requests that ended at an upstream of a proxy without an answer of it.
 *
 * @param cause why; "clientTimeout" where the client had given up
 * @param when they were sent there
 */
record LostRequests(String proxy, String upstream, String cause, long requests, Span when) {}
