package dev.halfopen.report;

/**
 * How far something that has a limit was used, and who found nothing left of it.
 *
 * @param refusals packets, connections or requests that did not get any
 */
record LimitUse(ResourceUse use, long refusals) {
  static final String SYN_QUEUE = "SYN queue";
  static final String ACCEPT_QUEUE = "accept queue";
  static final String CONNTRACK = "connection tracking";
  static final String CPU = "CPU";
  static final String WORKERS = "workers";
  static final String WORKER_CONNECTIONS = "worker connections";
  static final String OPEN_FILES = "open files";

  boolean is(String resource, String host) {
    return use.resource().equals(resource) && use.host().equals(host);
  }
}
