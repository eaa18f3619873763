package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.Time;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Publishes a number to a channel of this node's own every two seconds and expects it back by the
 * subscribing connection: connected is not delivering. While nothing can be published, nothing
 * shows that the subscribing connection still works, and it is given up too. Belongs to the owner's
 * thread, but for what says otherwise.
 */
final class Probe {
  /** Between probes, in ticks. */
  private static final int EVERY_TICKS = 10;

  /** Until one that has not come back means that delivery is broken, in ticks. */
  private static final int LOST_TICKS = 20;

  private static final byte[] NOTHING = {};

  private final Channel channel;
  private final Time time;
  private final Sender sender;
  private final Consumer<String> broken;

  private boolean subscribed;
  private boolean connected;
  private int ticks;
  private long number;

  /** When the expected one was sent, wall time; written before it is expected. */
  private volatile long sentAt;

  private volatile byte[] expected = NOTHING;
  private volatile boolean proven;

  /**
   * When the expected one was sent, by a clock that never goes back; written before it is expected.
   */
  private volatile long sentMillis;

  private volatile long lagMillis = -1;

  /** Written by the owner alone. */
  private volatile long lost;

  /** Publishes. */
  interface Sender {
    void send(byte[] channel, byte[] payload, io.roomcast.room.Broker.PublishCallback outcome);
  }

  /**
   * Is idle until both connections are there.
   *
   * @param prefix of rooms' channels; the probe's is none of them
   * @param broken called with the reason when a probe was lost
   */
  Probe(String prefix, Time time, Sender sender, Consumer<String> broken) {
    String first = "roomcast:probe:";
    String base = first.startsWith(prefix) ? "probe:roomcast:" : first;
    this.channel = new Channel(new Name((base + UUID.randomUUID()).getBytes(UTF_8)), "");
    this.time = time;
    this.sender = sender;
    this.broken = broken;
  }

  /** The channel. From any thread. */
  Channel channel() {
    return channel;
  }

  /** Whether the present connections have shown that they deliver. From any thread. */
  boolean proven() {
    return proven;
  }

  /** How long the last one took to come back; negative when none has. From any thread. */
  long lagMillis() {
    return lagMillis;
  }

  /** How many did not come back. From any thread. */
  long lost() {
    return lost;
  }

  /** The subscribing connection has the probe's channel, or is gone. */
  void subscribed(boolean now) {
    subscribed = now;
    ticks = 0;
    restart();
  }

  /** There is another publishing connection, or none. */
  void connected(boolean now) {
    connected = now;
    restart();
  }

  private void restart() {
    proven = false;
    if (subscribed && connected) {
      send();
    }
  }

  private void send() {
    byte[] payload = Long.toString(++number).getBytes(UTF_8);
    sentAt = time.wallMillis();
    sentMillis = time.millis();
    expected = payload;
    ticks = 0;
    sender.send(channel.name.bytes(), payload, (outcome, position) -> sent(outcome));
  }

  /** One that Redis did not take says nothing of the subscribing connection: no echo is due. */
  private void sent(PublishOutcome outcome) {
    if (outcome != PublishOutcome.SENT) {
      expected = NOTHING;
      proven = false;
    }
  }

  /**
   * Something came by the probe's channel. Called by the I/O thread.
   *
   * @return when the probe was sent, if it is the awaited one: what was published before that has
   *     come, since a connection keeps its order. When the echo came says less: what was published
   *     meanwhile may still be on its way, for seconds when the node is behind
   */
  OptionalLong echoed(Envelope envelope) {
    byte[] awaited = expected;
    long sent = sentAt;
    if (envelope instanceof Envelope.Foreign foreign && Arrays.equals(foreign.value(), awaited)) {
      expected = NOTHING;
      proven = true;
      lagMillis = time.millis() - sentMillis;
      return OptionalLong.of(sent);
    }
    return OptionalLong.empty();
  }

  /** Called by the owner, at each tick. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the owner writes it.
  void tick() {
    if (!subscribed) {
      return;
    }
    ticks++;
    boolean back = connected && expected.length == 0;
    if (back && ticks >= EVERY_TICKS) {
      send();
    } else if (!back && ticks >= LOST_TICKS) {
      proven = false;
      ticks = 0;
      lost++;
      broken.accept("a message to ourselves did not come back");
    }
  }
}
