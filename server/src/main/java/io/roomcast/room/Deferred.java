package io.roomcast.room;

import io.roomcast.protocol.Command;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session's commands in order while one of them waits for a decision from elsewhere: those
 * that come meanwhile wait too, within bounds. Belongs to the lane's thread.
 */
final class Deferred {
  /** Commands that may wait. */
  static final int MOST = 64;

  /** Bytes of their messages together. */
  static final int MOST_BYTES = 256 * 1024;

  private final ArrayDeque<Command> later = new ArrayDeque<>(4);
  private int bytes;
  private int taken;

  /** Whether a command waits for its decision. */
  boolean taken() {
    return taken > 0;
  }

  /** Whether nothing waits at all. */
  boolean idle() {
    return taken == 0 && later.isEmpty();
  }

  /** One more does from now on, or one less. */
  void taken(int change) {
    taken += change;
  }

  /**
   * Keeps a command for later.
   *
   * @return false when too many wait already
   */
  boolean defer(Command command) {
    int size = size(command);
    if (later.size() == MOST || (bytes + size > MOST_BYTES && !later.isEmpty())) {
      return false;
    }
    bytes += size;
    return later.add(command);
  }

  /** The next one, if none waits for a decision. */
  @Nullable Command next() {
    Command command = taken > 0 ? null : later.poll();
    if (command != null) {
      bytes -= size(command);
    }
    return command;
  }

  private static int size(Command command) {
    return command instanceof Command.Send send ? send.message().length : 0;
  }
}
