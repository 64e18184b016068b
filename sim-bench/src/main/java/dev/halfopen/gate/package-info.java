/** The regression gate: two revisions, measured in turns in fresh JVMs, and judged. */
package dev.halfopen.gate;
