package dev.halfopen.cli;

/** The command line; for now it can only say its version. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("halfopen " + Main.class.getPackage().getImplementationVersion());
  }
}
