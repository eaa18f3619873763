package io.roomcast.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What came of a process.
 *
 * @param ended whether it ended by itself, in time
 * @param code its exit code; -1 when it did not end
 * @param output of both kinds
 */
public record Finished(boolean ended, int code, String output) {
  /** Runs it, without input, for so long at most; then it and what it has started are ended. */
  public static Finished run(ProcessBuilder builder, int seconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("output", ".txt");
    try {
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(new File("/dev/null"))
              .start();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return new Finished(ended, ended ? process.exitValue() : -1, Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
