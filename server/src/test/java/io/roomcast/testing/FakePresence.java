package io.roomcast.testing;

import io.roomcast.protocol.PresenceEvent;
import io.roomcast.room.Presence;
import io.roomcast.room.PresenceView;
import io.roomcast.room.RoomEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Presence that is there at once, loses what it is told to lose, and knows of other nodes' users.
 */
public final class FakePresence implements Presence {
  private final FakeBroker broker;
  private final Map<String, NavigableMap<String, Stay>> rooms = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private boolean losing;
  private boolean answering = true;
  private Local local =
      new Local() {
        @Override
        public Stay stay(String room, String user) {
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
    state(room, user, local.stay(room, user));
  }

  /** Somebody has so many sessions. */
  public void state(String room, String user, int sessions) {
    state(room, user, new Stay(sessions, 0, ""));
  }

  /** Somebody has so many sessions, and brings an info or not. */
  public void state(String room, String user, Stay stay) {
    NavigableMap<String, Stay> users =
        rooms.computeIfAbsent(room, r -> new TreeMap<>(PresenceView.ORDER));
    boolean here = stay.sessions() > 0;
    Stay before = here ? users.put(user, stay) : users.remove(user);
    boolean news = before != null && here && !before.info().equals(stay.info());
    if (!losing && ((before != null) != here || news)) {
      broker.deliver(new RoomEvent.Present(room, new PresenceEvent(user, here, stay.info())));
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
    NavigableMap<String, Stay> all = rooms.getOrDefault(room, new TreeMap<>(PresenceView.ORDER));
    List<String> rest = List.copyOf(all.tailMap(after, false).keySet());
    List<String> users = rest.subList(0, Math.min(limit, rest.size()));
    Map<String, String> infos = new LinkedHashMap<>();
    users.forEach(user -> infos.put(user, Objects.requireNonNull(all.get(user)).info()));
    infos.values().removeIf(String::isEmpty);
    long sessions = all.values().stream().mapToLong(Stay::sessions).sum();
    callback.done(new Page(users, infos, limit > 0 && rest.size() > limit, all.size(), sessions));
  }

  @Override
  public void close() {}
}
