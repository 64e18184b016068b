package dev.halfopen.scenario;

/** Something that a host has beside its kernel and its applications; one record for each kind. */
public interface HostPartSpec {}
