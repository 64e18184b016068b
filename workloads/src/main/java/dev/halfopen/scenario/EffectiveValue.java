package dev.halfopen.scenario;

/**
 * A value that a run uses, and who said so.
 *
 * @param path "hosts.proxy.apps.nginx.upstream.idlePool"
 * @param value as a user would write it
 * @param origin "default", a place in a file, a parameter, or an option
 */
public record EffectiveValue(String path, String value, String origin) {}
