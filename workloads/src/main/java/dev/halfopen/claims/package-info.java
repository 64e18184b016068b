/**
 * The claims of two engineers' notes about TCP connections in a web stack, each run as a small
 * world and judged by what the packets did. {@link dev.halfopen.claims.Claims} lists them; the
 * classes named by concern hold a method for each, readable from top to bottom.
 */
package dev.halfopen.claims;
