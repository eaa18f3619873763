package io.roomcast.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of a page, run in a process of their own. */
final class Programs {
  private static final String AROUND =
      """
      import io.roomcast.client.*;
      import io.roomcast.protocol.Position;
      import java.net.URI;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;

      class Page {
        public static void main(String[] arguments) throws Exception {
      BODY
        }
      }
      """;

  private Programs() {}

  /** The body of a method that may throw, run from source; it must end well. */
  static void java(Workshop workshop, String text) throws IOException, InterruptedException {
    Files.writeString(
        workshop.directory().resolve("Page.java"), AROUND.replace("BODY", workshop.here(text)));
    workshop.execute(
        "'%s' -XX:TieredStopAtLevel=1 -cp '%s' Page.java"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
  }
}
