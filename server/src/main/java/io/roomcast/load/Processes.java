package io.roomcast.load;

import static java.lang.ProcessBuilder.Redirect.DISCARD;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;

/** CPU time and memory of some processes together, from {@code /proc}. */
final class Processes {
  private static final long MICROS_PER_TICK = 10_000;

  private final List<Long> pids;

  Processes(List<Long> pids) {
    this.pids = pids;
  }

  boolean known() {
    return !pids.isEmpty();
  }

  /** User and system time so far, in microseconds, in steps of ten thousand. */
  long cpuMicros() {
    long out = 0;
    for (long pid : pids) {
      String stat = read(Path.of("/proc/" + pid + "/stat"));
      // The second field is the program's name and may hold anything, also spaces and brackets.
      StringTokenizer fields = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 2));
      for (int i = 3; i < 14; i++) {
        fields.nextToken();
      }
      long ticks = Long.parseLong(fields.nextToken()) + Long.parseLong(fields.nextToken());
      out += ticks * MICROS_PER_TICK;
    }
    return out;
  }

  /** Resident memory in KiB. */
  long residentKib() {
    long out = 0;
    for (long pid : pids) {
      out += field(read(Path.of("/proc/" + pid + "/smaps_rollup")), "Rss:");
    }
    return out;
  }

  /** Lets those that are JVMs collect their garbage, so that memory read next is memory needed. */
  void collectGarbage() throws InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    for (long pid : pids) {
      Path program =
          ProcessHandle.of(pid).flatMap(p -> p.info().command()).map(Path::of).orElse(jcmd);
      if (program.endsWith("java") && Files.exists(jcmd)) {
        run(jcmd.toString(), Long.toString(pid), "GC.run");
      }
    }
  }

  private static void run(String... command) throws InterruptedException {
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long field(String text, String name) {
    String line = text.lines().filter(l -> l.startsWith(name)).findFirst().orElse(name + " 0 kB");
    return Long.parseLong(line.substring(name.length(), line.length() - 2).strip());
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
