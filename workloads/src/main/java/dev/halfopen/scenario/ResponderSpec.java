package dev.halfopen.scenario;

/** A server that answers each request at once and keeps nothing about a connection. */
public record ResponderSpec(int port, int backlog) implements AppSpec {}
