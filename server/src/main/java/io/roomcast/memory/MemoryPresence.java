package io.roomcast.memory;

import io.roomcast.protocol.PresenceEvent;
import io.roomcast.room.Presence;
import io.roomcast.room.PresenceView;
import io.roomcast.room.RoomEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Presence of a node that stands alone. Its events take turns with the messages of their room, and
 * are delivered before {@link #changed} returns.
 */
public final class MemoryPresence implements Presence {
  private final MemoryBroker broker;

  /** By room and user. What is of one room is guarded by the broker's turn for it. */
  private final Map<String, NavigableMap<String, Stay>> rooms = new ConcurrentHashMap<>();

  private volatile @Nullable Local local;

  /**
   * Nobody is there yet.
   *
   * @param broker brings the events
   */
  public MemoryPresence(MemoryBroker broker) {
    this.broker = broker;
  }

  @Override
  public void start(Local now) {
    local = now;
  }

  @Override
  public void changed(String room, String user) {
    Local from = local;
    if (from != null) {
      broker.inTurn(
          room,
          events -> {
            Stay stay = from.stay(room, user);
            if (state(room, user, stay)) {
              events.onEvent(
                  new RoomEvent.Present(
                      room, new PresenceEvent(user, stay.sessions() > 0, stay.info())));
            }
          });
    }
  }

  /** Whether the user has come, with another info maybe, or gone. */
  private boolean state(String room, String user, Stay stay) {
    if (stay.sessions() > 0) {
      Stay before =
          rooms.computeIfAbsent(room, r -> new TreeMap<>(PresenceView.ORDER)).put(user, stay);
      return before == null || !before.info().equals(stay.info());
    }
    NavigableMap<String, Stay> users = rooms.get(room);
    boolean gone = users != null && users.remove(user) != null;
    if (users != null && users.isEmpty()) {
      rooms.remove(room);
    }
    return gone;
  }

  @Override
  public void read(String room, String after, int limit, PageCallback callback) {
    AtomicReference<@Nullable Page> page = new AtomicReference<>();
    if (local != null) {
      broker.inTurn(room, events -> page.set(page(rooms.get(room), after, limit)));
    }
    callback.done(page.get());
  }

  private static Page page(@Nullable NavigableMap<String, Stay> all, String after, int limit) {
    if (all == null) {
      return new Page(List.of(), false, 0, 0);
    }
    List<String> users = new ArrayList<>();
    Map<String, String> infos = new LinkedHashMap<>(0);
    Iterator<Map.Entry<String, Stay>> rest = all.tailMap(after, false).entrySet().iterator();
    while (users.size() < limit && rest.hasNext()) {
      Map.Entry<String, Stay> next = rest.next();
      users.add(next.getKey());
      if (!next.getValue().info().isEmpty()) {
        infos.put(next.getKey(), next.getValue().info());
      }
    }
    long sessions = all.values().stream().mapToLong(Stay::sessions).sum();
    return new Page(List.copyOf(users), infos, limit > 0 && rest.hasNext(), all.size(), sessions);
  }

  @Override
  public void close() {
    local = null;
  }
}
