/** Many runs of one scenario: grids and seeds, what they have in common, and up to which value. */
package dev.halfopen.report.sweep;
