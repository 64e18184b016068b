package dev.halfopen.oracle;

/** A row of summary.csv: what a real 6.18 kernel did, over one or more runs. */
record Measurement(String experiment, String caseName, String quantity, double min, double max) {}
