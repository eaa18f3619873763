package io.roomcast.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * A wall clock that jumps for the processes that are told of it, and for no other: a library that
 * is loaded before libc adds to the real time what a file says. Their other clocks go on as they
 * are, as when somebody sets a machine's time. Needs a C compiler.
 */
final class ClockShift implements AutoCloseable {
  private static final String SOURCE =
      """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <stdint.h>
      #include <stdlib.h>
      #include <sys/mman.h>
      #include <sys/syscall.h>
      #include <sys/time.h>
      #include <time.h>
      #include <unistd.h>

      static volatile int64_t *shift;

      __attribute__((constructor)) static void begin(void) {
        const char *name = getenv("CLOCK_SHIFT");
        int file = name ? open(name, O_RDONLY) : -1;
        if (file >= 0) {
          void *at = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
          shift = at == MAP_FAILED ? 0 : at;
          close(file);
        }
      }

      int clock_gettime(clockid_t clock, struct timespec *to) {
        int failed = syscall(SYS_clock_gettime, clock, to);
        if (!failed && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
          to->tv_sec += *shift;
        return failed;
      }

      int gettimeofday(struct timeval *restrict to, void *restrict zone) {
        struct timespec now;
        (void) zone;
        clock_gettime(CLOCK_REALTIME, &now);
        to->tv_sec = now.tv_sec;
        to->tv_usec = now.tv_nsec / 1000;
        return 0;
      }

      time_t time(time_t *to) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        if (to) *to = now.tv_sec;
        return now.tv_sec;
      }
      """;

  private final Path library;
  private final Path file;
  private final FileChannel channel;

  private ClockShift(Path library, Path file) throws IOException {
    this.library = library;
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    set(0);
  }

  /** A clock that is right so far. */
  static ClockShift in(Path directory) throws IOException, InterruptedException {
    Path at = directory.toAbsolutePath();
    Path source = Files.writeString(at.resolve("shift.c"), SOURCE);
    Path library = at.resolve("shift.so");
    List<String> command =
        List.of("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString());
    try {
      Process compiler =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(at.resolve("shift.log").toFile())
              .start();
      if (!compiler.waitFor(60, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
        throw new IOException("the clock does not compile: see " + at.resolve("shift.log"));
      }
    } catch (IOException e) {
      throw new TestAbortedException("no clock can be made to jump here: " + e.getMessage(), e);
    }
    return new ClockShift(library, at.resolve("shift"));
  }

  /** What a shell does before it starts a process that is to have this clock. */
  String shell() {
    return "export CLOCK_SHIFT='%s' LD_PRELOAD='%s'".formatted(file, library);
  }

  /** Jumps: from now on the clock is wrong by so much. */
  void set(long seconds) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    channel.write(bytes.putLong(0, seconds), 0);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
