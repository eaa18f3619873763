package io.roomcast.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A control group that holds a process to so much memory, its sockets' buffers and what it has of
 * files included: the kernel kills what needs more. Below this process's own group; version 1 or 2,
 * where the machine lets us.
 */
final class MemoryLimit implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int TRIES = 50;

  private final Path group;

  private MemoryLimit(Path group) {
    this.group = group;
  }

  /** A new group; nothing when none can be made. */
  static Optional<MemoryLimit> create(long bytes) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
        List<String> parts = List.of(line.split(":", 3));
        boolean first = parts.get(1).equals("memory");
        if (first || parts.get(1).isEmpty()) {
          Path parent = first ? ROOT.resolve("memory") : ROOT;
          Path group = Path.of(parent + parts.get(2)).resolve("roomcast-" + UUID.randomUUID());
          if (made(group, first ? "memory.limit_in_bytes" : "memory.max", bytes)) {
            return Optional.of(new MemoryLimit(group));
          }
        }
      }
    } catch (IOException e) {
      // No control groups at all.
    }
    return Optional.empty();
  }

  private static boolean made(Path group, String limit, long bytes) {
    try {
      Files.createDirectory(group);
    } catch (IOException e) {
      return false;
    }
    try {
      Files.writeString(group.resolve(limit), Long.toString(bytes));
      return true;
    } catch (IOException e) {
      return deleted(group) && Files.exists(group);
    }
  }

  private static boolean deleted(Path group) {
    return group.toFile().delete();
  }

  /** What a shell does before it starts the process. */
  String shell() {
    return "echo $$ > '" + group.resolve("cgroup.procs") + "'";
  }

  /** The most that was in use, bytes; 0 when the kernel does not say. */
  long most() {
    for (String name : List.of("memory.max_usage_in_bytes", "memory.peak")) {
      try {
        return Long.parseLong(Files.readString(group.resolve(name)).strip());
      } catch (IOException e) {
        // Of the other version.
      }
    }
    return 0;
  }

  /** Whether a process is held to it. */
  boolean holds(long pid) {
    try {
      return Files.readAllLines(group.resolve("cgroup.procs")).contains(Long.toString(pid));
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the group; its process has been ended. */
  @Override
  public void close() {
    // A group goes when its last process is gone.
    for (int i = 0; i < TRIES && !deleted(group); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
