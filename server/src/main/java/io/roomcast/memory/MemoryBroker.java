package io.roomcast.memory;

import io.roomcast.protocol.Position;
import io.roomcast.room.Broker;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Rules;
import io.roomcast.room.Time;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Carries publications within one node, and keeps the logs of its rooms in memory, {@value
 * #LOG_BYTES} bytes in all: beyond that the logs that were used longest ago are given up, which
 * shows as another epoch. What is published is delivered before the call returns.
 */
public final class MemoryBroker implements Broker {
  private static final int LOCKS = 64;

  /** Bytes that the logs of all rooms may have together, about. */
  public static final long LOG_BYTES = 256L * 1024 * 1024;

  /** Publishers of one room take turns, so that its members on all lanes see one order. */
  private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray();

  private final MemoryLogs[] logs = new MemoryLogs[LOCKS];
  private final Rulebook rulebook;
  private volatile @Nullable Events events;

  /** Makes a broker that has kept nothing yet. */
  public MemoryBroker(Rulebook rulebook, Time time) {
    this.rulebook = rulebook;
    AtomicLong bytes = new AtomicLong();
    for (int i = 0; i < LOCKS; i++) {
      logs[i] = new MemoryLogs(time, bytes, LOG_BYTES);
    }
  }

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
    String room = publication.room();
    Rules rules = rulebook.of(room);
    int share = share(room);
    Position position = Position.NONE;
    synchronized (locks[share]) {
      if (!rules.log()) {
        logs[share].drop(room);
      }
      if (rules.log() || !key.isEmpty()) {
        position = publishOnce(publication, key, rules, logs[share], to);
      } else {
        to.onEvent(publication);
      }
    }
    if (position == null) {
      outcome.done(PublishOutcome.OVERLOADED, Position.NONE);
    } else {
      outcome.done(PublishOutcome.SENT, position);
    }
  }

  /** Gives null when the key could not be remembered. */
  private static @Nullable Position publishOnce(
      Publication publication, String key, Rules rules, MemoryLogs logs, Events to) {
    Position first = logs.repeated(publication.room(), key);
    if (first != null) {
      return first;
    }
    if (!logs.mayRemember(key)) {
      return null;
    }
    Publication sent = rules.log() ? logs.append(publication, rules) : publication;
    logs.remember(publication.room(), key, sent.position(), rules);
    to.onEvent(sent);
    return sent.position();
  }

  private static int share(String room) {
    int hash = room.hashCode();
    return (hash ^ hash >>> 16) & (LOCKS - 1);
  }

  @Override
  public void read(String room, LogQuery query, LogCallback callback) {
    if (events == null) {
      callback.done(null);
      return;
    }
    LogPart part = LogPart.NONE;
    if (rulebook.of(room).log()) {
      int share = share(room);
      synchronized (locks[share]) {
        part = logs[share].read(room, query);
      }
    }
    callback.done(part);
  }

  /** Does something of a room between its messages. Without effect before the start. */
  void inTurn(String room, Consumer<Events> action) {
    Events to = events;
    if (to != null) {
      synchronized (locks[share(room)]) {
        action.accept(to);
      }
    }
  }

  @Override
  public Health health() {
    return new Health("memory", events != null, "embedded, one node", 0, 0);
  }

  @Override
  public void close() {
    events = null;
  }
}
