package io.roomcast;

import io.roomcast.cli.RoomcastCommand;

/** The door of the command line. */
public final class Main {
  private Main() {}

  /** Runs a command and ends with its exit code: 0 done, 1 failed, 2 not understood. */
  public static void main(String[] args) {
    // Since JDK 22 there is a console even when output goes to a file; the old answer is the useful
    // one: a console means a person.
    System.setProperty("jdk.console", "java.base");
    int code = RoomcastCommand.run(args);
    if (code != 0) {
      System.exit(code);
    }
  }
}
