package io.roomcast.room;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the newest message alone. */
final class LatestLag extends Lag {
  private @Nullable Publication newest;

  LatestLag(Room room, Session session) {
    super(room, session);
  }

  @Override
  void skip(Publication publication, boolean meant) {
    if (meant) {
      lost(newest == null ? 0 : 1, DropReason.SLOW_LATEST);
      newest = publication;
    }
  }

  @Override
  void settle() {
    resume();
  }

  @Override
  void resume() {
    Publication message = newest;
    over();
    tell();
    if (message != null) {
      write(List.of(message));
    }
  }
}
