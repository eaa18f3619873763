package io.roomcast.memory;

import io.roomcast.protocol.Position;
import io.roomcast.room.Broker;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Carries publications within one node. What is published is delivered before the call returns. */
public final class MemoryBroker implements Broker {
  private static final int LOCKS = 64;

  /** Publishers of one room take turns, so that its members on all lanes see one order. */
  private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray();

  private volatile @Nullable Events events;

  @Override
  public void start(Events events) {
    this.events = events;
  }

  @Override
  public void subscribe(String room, long ticket) {
    Events to = events;
    if (to != null) {
      to.onEvent(new RoomEvent.Subscribed(room, ticket));
    }
  }

  @Override
  public void unsubscribe(String room) {
    // Nothing was kept: the hub knows who wants what.
  }

  @Override
  public void publish(Publication publication, String key, PublishCallback outcome) {
    Events to = events;
    if (to == null) {
      outcome.done(PublishOutcome.UNAVAILABLE, Position.NONE);
      return;
    }
    int hash = publication.room().hashCode();
    synchronized (locks[(hash ^ hash >>> 16) & (LOCKS - 1)]) {
      to.onEvent(publication);
    }
    outcome.done(PublishOutcome.SENT, Position.NONE);
  }

  @Override
  public void read(String room, LogQuery query, LogCallback callback) {
    callback.done(null);
  }

  @Override
  public Health health() {
    return new Health("memory", events != null, "embedded, one node");
  }

  @Override
  public void close() {
    events = null;
  }
}
