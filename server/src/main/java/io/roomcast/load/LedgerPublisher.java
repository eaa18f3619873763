package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Publishes to its rooms in turn, and writes down what the server says that it has. What is not
 * answered is sent again with the same key where keys are used, and otherwise given up.
 */
final class LedgerPublisher extends Returning {
  /** Messages without an answer beyond which no more are sent. */
  private static final int MOST_WAITING = 4096;

  private static final long FIRST_MILLIS = 50;
  private static final long LAST_MILLIS = 1000;
  private static final int DOUBLINGS = 5;

  private record Target(Place place, int flow, Issued issued) {}

  private record Waiting(Target target, int sequence, String key, byte[] payload, int tries) {
    Waiting again() {
      return new Waiting(target, sequence, key, payload, tries + 1);
    }
  }

  private final List<Target> targets = new ArrayList<>();

  /** By the id of the command. */
  private final TreeMap<Long, Waiting> waiting = new TreeMap<>();

  private final String name;
  private long id;
  private int turn;

  LedgerPublisher(LedgerLoad load, List<URI> urls, int turn, String name) {
    super(load, urls, turn);
    this.name = name;
  }

  void publishTo(Place place) {
    int flow = load.ledger.flows(place.number());
    targets.add(new Target(place, flow, load.ledger.publisher(place.number())));
  }

  int waiting() {
    return waiting.size();
  }

  /** Sends one message to the next room; false when there is no connection, or too much waits. */
  boolean publish() {
    if (!isOpen() || waiting.size() >= MOST_WAITING) {
      return false;
    }
    Target target = targets.get(turn);
    turn = (turn + 1) % targets.size();
    int sequence = target.issued.send(load.micros());
    int size = load.options().bytes();
    byte[] payload = Payload.blank(size, target.flow, target.place.number());
    Payload.stamp(payload, 0, sequence, System.nanoTime());
    Payload.seal(payload);
    String key = target.place.keyed() ? name + "-" + id : "";
    send(new Waiting(target, sequence, key, payload, 0));
    return true;
  }

  private void send(Waiting message) {
    waiting.put(++id, message);
    String key = message.key.isEmpty() ? "" : ",\"key\":\"" + message.key + "\"";
    String room = message.target.place.name();
    String content = Frames.string(message.payload);
    link()
        .send(
            Frames.text(
                "{\"type\":\"sendMessage\",\"id\":%d,\"room\":\"%s\",\"message\":\"%s\"%s}"
                    .formatted(id, room, content, key)));
  }

  @Override
  void opened() {
    settled();
    List<Waiting> again = new ArrayList<>(waiting.values());
    waiting.clear();
    again.forEach(this::send);
  }

  @Override
  void lost() {
    for (Waiting message : waiting.values()) {
      message.target.issued.adrift(message.sequence);
    }
    int before = waiting.size();
    waiting.values().removeIf(message -> message.key.isEmpty());
    load.unanswered(before - waiting.size());
  }

  @Override
  void heard(String text) {
    boolean sent = Texts.is(text, "sent");
    if (!sent && !Texts.is(text, "error")) {
      return;
    }
    Waiting message = waiting.remove(Texts.number(text, "id", -1));
    if (message == null) {
      return;
    }
    if (sent) {
      message.target.issued.held(message.sequence, load.micros());
      load.held();
    } else {
      // It may have been sent all the same, whenever.
      message.target.issued.adrift(message.sequence);
      load.failed(text);
      if (!message.key.isEmpty() && text.contains("\"temporary\":true")) {
        later(message.again());
      }
    }
  }

  /** Sends again after a pause with jitter that doubles; a new connection need not wait for it. */
  private void later(Waiting message) {
    long number = ++id;
    waiting.put(number, message);
    long most = Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(message.tries, DOUBLINGS));
    load.later(
        () -> {
          if (isOpen() && waiting.remove(number, message)) {
            send(message);
          }
        },
        load.random.nextLong(most / 2, most));
  }

  @Override
  public void message(ByteBuf in, int at, long now) {
    throw new IllegalStateException("a publisher that joined no room got a message");
  }
}
