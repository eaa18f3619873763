package io.roomcast.http;

import io.roomcast.memory.MemoryBroker;
import io.roomcast.protocol.Position;
import io.roomcast.room.Broker;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A memory broker that keeps what it was given, and fails when told to. */
final class RecordingBroker implements Broker {
  final List<Publication> published = new CopyOnWriteArrayList<>();
  volatile PublishOutcome outcome = PublishOutcome.SENT;
  volatile boolean ready = true;

  /** Whether publishing ends on another thread, as with a broker that is elsewhere. */
  volatile boolean elsewhere;

  private final MemoryBroker inner = new MemoryBroker(Rulebook.EMPTY, Time.SYSTEM);

  @Override
  public void start(Events events) {
    inner.start(events);
  }

  @Override
  public void subscribe(String room, long ticket) {
    if (ready) {
      inner.subscribe(room, ticket);
    }
  }

  @Override
  public void unsubscribe(String room) {
    inner.unsubscribe(room);
  }

  @Override
  public void publish(Publication publication, String key, PublishCallback callback) {
    if (outcome == PublishOutcome.SENT) {
      published.add(publication);
      Runnable work = () -> inner.publish(publication, key, callback);
      if (elsewhere) {
        Thread.ofVirtual().start(work);
      } else {
        work.run();
      }
    } else {
      callback.done(outcome, Position.NONE);
    }
  }

  @Override
  public void read(String room, LogQuery query, LogCallback callback) {
    inner.read(room, query, callback);
  }

  /** The JSON of the last publication. */
  String last() {
    return new String(published.getLast().json(), StandardCharsets.UTF_8);
  }

  /** The room of the last publication. */
  String room() {
    return published.getLast().room();
  }

  @Override
  public Health health() {
    return new Health("fake", ready, "a \"fake\"");
  }

  @Override
  public void close() {
    inner.close();
  }
}
