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
 * longest is given up first, and so are the oldest keys. Guarded by the broker's lock for the
 * share.
 */
final class MemoryLogs {
  /** Keys that are remembered at most. */
  static final int MOST_KEYS = 16 * 1024;

  private final Time time;
  private final AtomicLong bytes;
  private final long mostBytes;

  /** The one that was used last is the last. */
  private final LinkedHashMap<String, MemoryLog> logs = new LinkedHashMap<>(16, 0.75f, true);

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
    if (keys.size() > MOST_KEYS) {
      keys.remove(keys.keySet().iterator().next());
    }
  }

  /** Keeps a message. */
  Publication append(Publication publication, Rules rules) {
    MemoryLog log = log(publication.room());
    long before = log.bytes();
    long until = time.millis() + rules.logFor().toMillis();
    Publication logged = log.append(publication, rules.logSize(), until);
    bytes.addAndGet(log.bytes() - before);
    makeRoom();
    return logged;
  }

  /** A room has got a message that is in no log: its former log would have a hole. */
  void drop(String room) {
    MemoryLog log = logs.isEmpty() ? null : logs.remove(room);
    if (log != null) {
      bytes.addAndGet(-log.bytes());
    }
  }

  LogPart read(String room, LogQuery query) {
    return log(room).read(query);
  }

  /** The room's log, begun when there is none, without what is too old. */
  private MemoryLog log(String room) {
    MemoryLog log = logs.get(room);
    if (log == null) {
      log = new MemoryLog(Position.newEpoch());
      logs.put(room, log);
      bytes.addAndGet(log.bytes());
      makeRoom();
    }
    long before = log.bytes();
    log.expire(time.millis());
    bytes.addAndGet(log.bytes() - before);
    return log;
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
