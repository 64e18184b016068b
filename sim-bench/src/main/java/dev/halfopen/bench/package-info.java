/** JMH benchmarks of the simulator's data structures and of whole workloads. */
package dev.halfopen.bench;
