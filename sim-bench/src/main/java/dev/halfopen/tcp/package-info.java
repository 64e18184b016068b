/** Benchmarks of tables that the stack keeps to itself. */
package dev.halfopen.tcp;
