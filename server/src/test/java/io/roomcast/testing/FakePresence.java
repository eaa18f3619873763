package io.roomcast.testing;

import io.roomcast.protocol.PresenceEvent;
import io.roomcast.room.Presence;
import io.roomcast.room.PresenceView;
import io.roomcast.room.RoomEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Presence that is there at once, loses what it is told to lose, and knows of other nodes' users.
 */
public final class FakePresence implements Presence {
  private final FakeBroker broker;
  private final Map<String, NavigableMap<String, Integer>> rooms = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private boolean losing;
  private boolean answering = true;
  private Local local =
      new Local() {
        @Override
        public int sessions(String room, String user) {
          throw new IllegalStateException("not started");
        }

        @Override
        public List<String> rooms() {
          return List.of();
        }

        @Override
        public Map<String, Integer> users(String room) {
          return Map.of();
        }

        @Override
        public void unsure() {}

        @Override
        public void failed() {}
      };

  FakePresence(FakeBroker broker) {
    this.broker = broker;
  }

  @Override
  public void start(Local now) {
    local = now;
  }

  @Override
  public void changed(String room, String user) {
    calls.add("changed " + room + " " + user);
    state(room, user, local.sessions(room, user));
  }

  /** Somebody has so many sessions. */
  public void state(String room, String user, int sessions) {
    NavigableMap<String, Integer> users =
        rooms.computeIfAbsent(room, r -> new TreeMap<>(PresenceView.ORDER));
    Integer before = sessions > 0 ? users.put(user, sessions) : users.remove(user);
    if (!losing && (before != null) != (sessions > 0)) {
      broker.deliver(new RoomEvent.Present(room, new PresenceEvent(user, sessions > 0)));
    }
  }

  /** Whether changes are kept, and nobody is told. */
  public void losing(boolean value) {
    losing = value;
  }

  /** Whether it can be asked who is there. It can, unless changed. */
  public void answering(boolean value) {
    answering = value;
  }

  /** What was called since the last time. */
  public List<String> takeCalls() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  @Override
  public void read(String room, String after, int limit, PageCallback callback) {
    calls.add("read " + room);
    if (!answering) {
      callback.done(null);
      return;
    }
    NavigableMap<String, Integer> all = rooms.getOrDefault(room, new TreeMap<>(PresenceView.ORDER));
    List<String> rest = List.copyOf(all.tailMap(after, false).keySet());
    long sessions = all.values().stream().mapToLong(Integer::longValue).sum();
    callback.done(
        new Page(
            rest.subList(0, Math.min(limit, rest.size())),
            limit > 0 && rest.size() > limit,
            all.size(),
            sessions));
  }

  @Override
  public void close() {}
}
