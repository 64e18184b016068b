/** Benchmarks of what the capture shows to its package only. */
package dev.halfopen.net.capture;
