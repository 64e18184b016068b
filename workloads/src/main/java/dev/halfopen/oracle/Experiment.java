package dev.halfopen.oracle;

/** One of the measured experiments, rebuilt as a small world per case and phase. */
@FunctionalInterface
interface Experiment {
  Readings simulate(Case c, Scene scene);
}
