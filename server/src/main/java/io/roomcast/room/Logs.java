package io.roomcast.room;

import io.roomcast.protocol.Command;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rooms' logs, as who is no session asks for them. Thread-safe. */
public record Logs(LogReader log, Rulebook rulebook, Limits limits) {

  /** Whether the room keeps one. */
  public boolean kept(String room) {
    return rulebook.of(room).log();
  }

  /**
   * Reads a part of one. Returns at once.
   *
   * @param answer gets what {@code history} is answered with, on any thread; or null when the
   *     broker could not be reached
   */
  public void history(Command.History history, Consumer<byte @Nullable []> answer) {
    HistoryAnswer.read(log, history, limits, answer);
  }
}
