package dev.halfopen.scenario;

/**
 * A server that answers each request at once and keeps nothing about a connection.
 *
 * @param tcpKeepalive SO_KEEPALIVE on the listener, which accepted sockets inherit
 */
public record ResponderSpec(int port, int backlog, boolean tcpKeepalive) implements AppSpec {}
