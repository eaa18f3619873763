package io.roomcast.memory;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** One room's last messages. Guarded by its broker's lock for the room. */
final class MemoryLog {
  /** What a message costs beside its bytes. */
  private static final int OVERHEAD = 128;

  /** What a log costs without any message. */
  private static final int EMPTY = 512;

  private final String epoch;
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private long top;
  private long bytes = EMPTY;

  private record Kept(Publication publication, long until) {}

  MemoryLog(String epoch) {
    this.epoch = epoch;
  }

  Position position() {
    return new Position(epoch, top);
  }

  /** Bytes that are kept, about. */
  long bytes() {
    return bytes;
  }

  /** Gives the message its offset, and keeps it until a time among the newest so many. */
  Publication append(Publication publication, int size, long until) {
    top++;
    Publication logged =
        new Publication(
            publication.room(),
            Event.withOffset(publication.json(), top),
            publication.exclude(),
            position());
    kept.add(new Kept(logged, until));
    bytes += cost(logged);
    while (kept.size() > size) {
      dropOldest();
    }
    return logged.unpacked();
  }

  /** Forgets what is too old. */
  void expire(long now) {
    Kept oldest;
    while ((oldest = kept.peek()) != null && oldest.until() <= now) {
      dropOldest();
    }
  }

  /** Gives up its oldest messages until it has no more than so many bytes, or none left. */
  void shrink(long most) {
    while (bytes > most && !kept.isEmpty()) {
      dropOldest();
    }
  }

  private void dropOldest() {
    bytes -= cost(kept.remove().publication());
  }

  private static long cost(Publication publication) {
    return (long) publication.json().length + OVERHEAD;
  }

  LogPart read(LogQuery query) {
    Kept first = kept.peek();
    long oldest = first == null ? top + 1 : first.publication().position().offset();
    List<Publication> part = new ArrayList<>();
    Iterator<Kept> from = query.newest() ? kept.descendingIterator() : kept.iterator();
    long size = 0;
    while (from.hasNext() && part.size() < query.limit()) {
      Publication publication = from.next().publication();
      long offset = publication.position().offset();
      if (offset <= query.after() || offset >= query.before()) {
        continue;
      }
      size += publication.json().length;
      if (size > query.bytes() && !part.isEmpty()) {
        break;
      }
      part.add(publication.unpacked());
    }
    if (query.newest()) {
      Collections.reverse(part);
    }
    return new LogPart(position(), oldest, List.copyOf(part));
  }
}
