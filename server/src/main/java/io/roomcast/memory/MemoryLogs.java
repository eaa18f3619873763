package io.roomcast.memory;

import io.roomcast.protocol.Position;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.Rules;
import io.roomcast.room.Time;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The logs and publish keys of one share of the rooms. Bounded: the log that nobody has used for
 * longest is given up first. A key is never forgotten before its time: when there is no place for
 * another one, it is not taken. Guarded by the broker's lock for the share.
 */
final class MemoryLogs {
  /** Keys that are remembered at most. */
  static final int MOST_KEYS = 16 * 1024;

  /** Logs without any message: what costs others nothing must not push out theirs. */
  static final int MOST_EMPTY = 4 * 1024;

  /** Between looks for old keys behind younger ones, when there is no place. */
  private static final long SWEEP_MILLIS = 1000;

  private final Time time;
  private final AtomicLong bytes;
  private final long mostBytes;

  /** The one that was used last is the last. */
  private final LinkedHashMap<String, MemoryLog> logs = new LinkedHashMap<>(16, 0.75f, true);

  /** Those that have had no message yet; the same. */
  private final LinkedHashMap<String, MemoryLog> empty = new LinkedHashMap<>(16, 0.75f, true);

  private long sweptAt = -SWEEP_MILLIS;

  private final LinkedHashMap<Key, Used> keys = new LinkedHashMap<>();

  private record Key(String room, String key) {}

  private record Used(Position position, long until) {}

  /**
   * Has none yet.
   *
   * @param bytes counts what the logs of all shares have
   * @param mostBytes beyond which this share gives up its oldest logs, and of the last one its
   *     oldest messages
   */
  MemoryLogs(Time time, AtomicLong bytes, long mostBytes) {
    this.time = time;
    this.bytes = bytes;
    this.mostBytes = mostBytes;
  }

  /** Where the message stands that was published with this key; null when it is a new one. */
  @Nullable Position repeated(String room, String key) {
    if (key.isEmpty()) {
      return null;
    }
    Used used = keys.get(new Key(room, key));
    return used == null || used.until() <= time.millis() ? null : used.position();
  }

  /** Whether there is place for another key; none is taken where it would be forgotten early. */
  boolean mayRemember(String key) {
    long now = time.millis();
    if (key.isEmpty() || keys.size() < MOST_KEYS) {
      return true;
    }
    if (now - sweptAt >= SWEEP_MILLIS) {
      sweptAt = now;
      keys.values().removeIf(used -> used.until() <= now);
    }
    return keys.size() < MOST_KEYS;
  }

  /** Remembers a key. */
  void remember(String room, String key, Position position, Rules rules) {
    if (key.isEmpty()) {
      return;
    }
    long now = time.millis();
    Key name = new Key(room, key);
    keys.remove(name);
    keys.put(name, new Used(position, now + rules.keyFor().toMillis()));
    Iterator<Used> oldest = keys.values().iterator();
    while (oldest.hasNext() && oldest.next().until() <= now) {
      oldest.remove();
    }
  }

  /** Keeps a message. */
  Publication append(Publication publication, Rules rules) {
    String room = publication.room();
    MemoryLog log = existing(room);
    if (log == null) {
      log = new MemoryLog(Position.newEpoch());
    }
    if (empty.remove(room) != null || !logs.containsKey(room)) {
      logs.put(room, log);
      bytes.addAndGet(log.bytes());
    }
    long before = log.bytes();
    long until = time.millis() + rules.logFor().toMillis();
    Publication logged = log.append(publication, rules.logSize(), until);
    bytes.addAndGet(log.bytes() - before);
    makeRoom();
    return logged;
  }

  /** A room has got a message that is in no log: its former log would have a hole. */
  void drop(String room) {
    if (!logs.isEmpty() || !empty.isEmpty()) {
      forget(room);
    }
  }

  LogPart read(String room, LogQuery query) {
    MemoryLog log = existing(room);
    if (log != null && query.asker().hasSeenMoreThan(log.position())) {
      forget(room);
      log = null;
    }
    if (log == null && query.asker().members()) {
      log = new MemoryLog(Position.newEpoch());
      empty.put(room, log);
      if (empty.size() > MOST_EMPTY) {
        empty.remove(empty.keySet().iterator().next());
      }
    }
    return log == null ? LogPart.NONE : log.read(query);
  }

  /** The room's log without what is too old. */
  private @Nullable MemoryLog existing(String room) {
    MemoryLog log = logs.get(room);
    if (log == null) {
      return empty.get(room);
    }
    long before = log.bytes();
    log.expire(time.millis());
    bytes.addAndGet(log.bytes() - before);
    return log;
  }

  private void forget(String room) {
    MemoryLog log = logs.remove(room);
    bytes.addAndGet(log == null ? 0 : -log.bytes());
    empty.remove(room);
  }

  private void makeRoom() {
    while (bytes.get() > mostBytes && logs.size() > 1) {
      MemoryLog oldest = logs.remove(logs.keySet().iterator().next());
      bytes.addAndGet(oldest == null ? 0 : -oldest.bytes());
    }
    MemoryLog last = bytes.get() > mostBytes ? logs.values().iterator().next() : null;
    if (last != null) {
      long before = last.bytes();
      last.shrink(before - (bytes.get() - mostBytes));
      bytes.addAndGet(last.bytes() - before);
    }
  }
}
