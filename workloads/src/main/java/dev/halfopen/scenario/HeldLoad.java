package dev.halfopen.scenario;

/**
 * Connections that are opened and held, with requests on some of them.
 *
 * @param connections of each host of {@code from}; a multiple of {@code perRequest}
 * @param curve rate of the requests, which begin when all connections are open
 * @param perRequest connections that a request uses side by side
 * @param timeoutNs a request is given up after this, and its connections are closed; 0: never
 */
public record HeldLoad(
    String name,
    String from,
    String to,
    int toPort,
    RateSpec curve,
    RequestLoad.Arrivals arrivals,
    int connections,
    Quantity openRate,
    int perRequest,
    int requestBytes,
    int responseBytes,
    long timeoutNs,
    boolean tcpKeepalive)
    implements LoadSpec {}
