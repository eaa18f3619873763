package io.roomcast.testing;

import io.roomcast.protocol.Position;
import io.roomcast.room.Broker;
import io.roomcast.room.DropReason;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A broker that confirms a room when the test says so, and delivers what is published at once. */
public final class FakeBroker implements Broker {
  private final Map<String, Long> wanted = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Map<String, FakeLog> logs = new HashMap<>();
  private final Map<String, Position> keys = new HashMap<>();
  private final List<Runnable> unanswered = new ArrayList<>();
  private boolean losing;
  private boolean unreadable;
  private boolean answering = true;
  private boolean confirming = true;
  private PublishOutcome outcome = PublishOutcome.SENT;
  private Events events =
      new Events() {
        @Override
        public void onEvent(RoomEvent event) {
          throw new IllegalStateException("not started");
        }

        @Override
        public void onInterrupted(Predicate<String> stopped) {
          throw new IllegalStateException("not started");
        }

        @Override
        public void onDropped(DropReason reason) {
          throw new IllegalStateException("not started");
        }
      };

  /** Whether a wish is confirmed as it is made. It is, unless changed. */
  public void confirming(boolean value) {
    confirming = value;
  }

  /** How each publish ends from now on. */
  public void outcome(PublishOutcome value) {
    outcome = value;
  }

  @Override
  public void start(Events to) {
    events = to;
  }

  @Override
  public void subscribe(String room, long ticket) {
    calls.add("+" + room);
    if (wanted.put(room, ticket) != null) {
      throw new AssertionError(room + " was wanted already");
    }
    if (confirming) {
      confirm(room);
    }
  }

  @Override
  public void unsubscribe(String room) {
    calls.add("-" + room);
    if (wanted.remove(room) == null) {
      throw new AssertionError(room + " was not wanted");
    }
  }

  @Override
  public void publish(Publication publication, String key, PublishCallback callback) {
    if (outcome != PublishOutcome.SENT) {
      callback.done(outcome, Position.NONE);
      return;
    }
    Position first = key.isEmpty() ? null : keys.get(publication.room() + "\n" + key);
    if (first != null) {
      callback.done(outcome, first);
      return;
    }
    FakeLog log = logs.get(publication.room());
    Publication sent = log == null ? publication : log.append(publication);
    if (!losing && wanted.containsKey(publication.room())) {
      events.onEvent(sent);
    }
    keys.put(publication.room() + "\n" + key, sent.position());
    callback.done(outcome, sent.position());
  }

  @Override
  public void read(String room, LogQuery query, LogCallback callback) {
    Runnable answer =
        () -> {
          FakeLog log = logs.get(room);
          callback.done(log == null ? LogPart.NONE : log.read(query));
        };
    if (unreadable) {
      callback.done(null);
    } else if (answering) {
      answer.run();
    } else {
      unanswered.add(answer);
    }
  }

  /** A room keeps its last messages from now on. */
  public FakeLog log(String room, int size) {
    FakeLog log = new FakeLog(size);
    logs.put(room, log);
    return log;
  }

  /** Whether what is published is kept, and not delivered. */
  public void losing(boolean value) {
    losing = value;
  }

  /** Whether reading fails. */
  public void unreadable(boolean value) {
    unreadable = value;
  }

  /** Whether a log is read as it is asked for. It is, unless changed. */
  public void answering(boolean value) {
    answering = value;
  }

  /** Reads the logs that were asked for. */
  public void answer() {
    List<Runnable> all = List.copyOf(unanswered);
    unanswered.clear();
    all.forEach(Runnable::run);
  }

  /** Delivers something as it stands. */
  public void deliver(RoomEvent event) {
    events.onEvent(event);
  }

  /** Confirms the present wish for a room. */
  public void confirm(String room) {
    confirm(room, ticket(room));
  }

  /** Confirms a wish, which may be an old one. */
  public void confirm(String room, long ticket) {
    events.onEvent(new RoomEvent.Subscribed(room, ticket));
  }

  /** The number of the present wish for a room. */
  public long ticket(String room) {
    Long ticket = wanted.get(room);
    if (ticket == null) {
      throw new AssertionError(room + " is not wanted");
    }
    return ticket;
  }

  /** Delivery stops. */
  public void interrupt() {
    events.onInterrupted(room -> true);
  }

  /** The rooms that the node wants now. */
  public Set<String> wanted() {
    return new TreeSet<>(wanted.keySet());
  }

  /** What was called since the last time: {@code +room} and {@code -room}. */
  public List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  @Override
  public Health health() {
    return new Health("fake", true, "");
  }

  @Override
  public void close() {}
}
