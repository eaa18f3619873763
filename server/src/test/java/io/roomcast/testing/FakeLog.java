package io.roomcast.testing;

import io.roomcast.protocol.Event;
import io.roomcast.protocol.Position;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import java.util.ArrayList;
import java.util.List;

/** A log of the last few messages, in a list. */
public final class FakeLog {
  private int size;
  private final List<Publication> kept = new ArrayList<>();
  private Position top = new Position("e1", 0);

  FakeLog(int size) {
    this.size = size;
  }

  Publication append(Publication publication) {
    top = new Position(top.epoch(), top.offset() + 1);
    Publication logged =
        new Publication(
            publication.room(),
            Event.withOffset(publication.json(), top.offset()),
            publication.exclude(),
            top);
    kept.add(logged);
    while (kept.size() > size) {
      kept.remove(0);
    }
    return logged;
  }

  /** How many messages it keeps from now on. */
  public void keep(int count) {
    size = count;
  }

  /** The last messages are forgotten, as by a broker that comes back from an older copy. */
  public void back(int count) {
    top = new Position(top.epoch(), top.offset() - count);
    kept.removeIf(p -> p.position().offset() > top.offset());
  }

  /** Everything is lost, and another log begins. */
  public void lose() {
    kept.clear();
    top = new Position(top.epoch() + "x", 0);
  }

  /** Messages are too old by now. */
  public void expire() {
    kept.clear();
  }

  public Position top() {
    return top;
  }

  /** How many of the first ones there may be, always one. */
  private static int fitting(List<Publication> all, int most, int bytes) {
    int count = 0;
    long size = 0;
    while (count < most && (size += all.get(count).json().length) <= bytes) {
      count++;
    }
    return Math.min(most, Math.max(1, count));
  }

  LogPart read(LogQuery query) {
    if (query.asker().hasSeenMoreThan(top)) {
      lose();
    }
    long oldest = kept.isEmpty() ? top.offset() + 1 : kept.get(0).position().offset();
    List<Publication> within =
        kept.stream()
            .filter(
                p ->
                    p.position().offset() > query.after() && p.position().offset() < query.before())
            .toList();
    int some = Math.min(query.limit(), within.size());
    if (!query.newest()) {
      some = fitting(within, some, query.bytes());
    }
    return new LogPart(
        top,
        oldest,
        query.newest()
            ? within.subList(within.size() - some, within.size())
            : within.subList(0, some));
  }
}
