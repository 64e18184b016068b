/**
 * The simulator against a measured kernel: the experiments O1 to O9, rebuilt as small worlds over
 * the core's public interface. {@link dev.halfopen.oracle.Conditions} says under which conditions
 * all of them were measured; {@link dev.halfopen.oracle.Reading} how values are compared.
 */
package dev.halfopen.oracle;
