package io.roomcast.redis;

import io.roomcast.redis.Channel.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The reconciler: knows which rooms are wanted and what Redis has confirmed on the present
 * connection, and says what to ask Redis for to make the two equal. No I/O.
 *
 * <pre>
 *            wanted                 confirmed
 *   NONE ------------> SUBSCRIBING ----------> SUBSCRIBED
 *    ^                       ^                   |    |
 *    |             wanted    +-------------------+    | not wanted
 *    |             anew, not yet answered             v
 *    +------------------------------------- UNSUBSCRIBING
 *                        confirmed
 * </pre>
 *
 * A channel has at most one command under way, and a wish is answered only by the confirmation of a
 * SUBSCRIBE while nothing else is under way: so no answer is ever given for a channel that an
 * UNSUBSCRIBE is about to take away. A wish that finds its channel subscribed still (somebody left
 * and somebody came) is answered by asking once more, which Redis confirms without subscribing
 * twice.
 *
 * <p>Thread-safe by one monitor, held for a few field accesses, and for at most {@value #BATCH}
 * channels by the owner. The end of a connection costs no more, however many rooms there are: what
 * a channel knows counts only together with its {@link Epoch}.
 */
final class Subscriptions {
  /** Channels in one command. */
  static final int BATCH = 512;

  private final Map<Name, Channel> channels = new ConcurrentHashMap<>();
  private final String prefix;
  private final Runnable wake;

  private final ArrayDeque<Channel> queue = new ArrayDeque<>();

  /** What is left of the channels that a new connection found. */
  private Iterator<Channel> rest = Collections.emptyIterator();

  private @Nullable Epoch epoch;
  private int underWay;
  private boolean woken;
  private long confirmations;

  /** What to ask Redis for. */
  record Batch(List<Channel> subscribe, List<Channel> unsubscribe) {}

  /** A wish that is fulfilled; {@code gapSince} is 0 when nothing is missing. */
  record Answer(long ticket, long gapSince) {}

  /**
   * Knows of no room.
   *
   * @param prefix of a channel's name
   * @param wake called when {@link #next} has something to say
   */
  Subscriptions(String prefix, Runnable wake) {
    this.prefix = prefix;
    this.wake = wake;
  }

  /** All channels by name; read by the I/O thread. */
  Map<Name, Channel> channels() {
    return channels;
  }

  private Name name(String room) {
    return new Name((prefix + room).getBytes(StandardCharsets.UTF_8));
  }

  /** A room is wanted. */
  void want(String room, long ticket) {
    Name name = name(room);
    boolean due;
    synchronized (this) {
      Channel channel = channels.get(name);
      if (channel == null) {
        channel = new Channel(name, room);
        channels.put(name, channel);
      }
      channel.wanted = true;
      channel.ticket = ticket;
      channel.answered = false;
      due = enqueue(channel);
    }
    wakeIf(due);
  }

  /** A room is not wanted any more. */
  void drop(String room) {
    Name name = name(room);
    boolean due = false;
    synchronized (this) {
      Channel channel = channels.get(name);
      if (channel == null) {
        return;
      }
      channel.wanted = false;
      channel.gapSince = 0;
      channel.open = false;
      if (state(channel) == State.NONE) {
        channels.remove(name);
      } else {
        due = enqueue(channel);
      }
    }
    wakeIf(due);
  }

  /** A connection is up: everything wanted is to be subscribed on it. */
  void begin(Epoch now) {
    boolean due;
    synchronized (this) {
      end();
      epoch = now;
      rest = channels.values().iterator();
      due = due();
    }
    wakeIf(due);
  }

  /** The connection is gone, and what was confirmed with it. */
  synchronized void end() {
    epoch = null;
    queue.clear();
    rest = Collections.emptyIterator();
    underWay = 0;
    woken = false;
  }

  /** What to ask for now; empty while something is under way. Called by the owner. */
  synchronized Batch next() {
    Batch batch = new Batch(new ArrayList<>(), new ArrayList<>());
    woken = false;
    if (epoch == null || underWay > 0) {
      return batch;
    }
    Channel channel;
    while (batch.subscribe.size() < BATCH
        && batch.unsubscribe.size() < BATCH
        && (channel = poll()) != null) {
      decide(channel, batch);
    }
    underWay = batch.subscribe.size() + batch.unsubscribe.size();
    return batch;
  }

  private @Nullable Channel poll() {
    Channel channel = queue.poll();
    if (channel != null) {
      channel.queued = null;
      return channel;
    }
    return rest.hasNext() ? rest.next() : null;
  }

  private void decide(Channel channel, Batch batch) {
    settle(channel);
    switch (channel.state) {
      case NONE -> {
        if (channel.wanted) {
          channel.state = State.SUBSCRIBING;
          batch.subscribe.add(channel);
        } else {
          channels.remove(channel.name, channel);
        }
      }
      case SUBSCRIBED -> {
        if (!channel.wanted) {
          channel.state = State.UNSUBSCRIBING;
          batch.unsubscribe.add(channel);
        } else if (!channel.answered) {
          channel.state = State.SUBSCRIBING;
          batch.subscribe.add(channel);
        }
      }
      case SUBSCRIBING, UNSUBSCRIBING -> {
        // Looked at again when Redis has confirmed.
      }
    }
  }

  /** Brings a channel to the present connection: what an earlier one confirmed is a gap now. */
  private void settle(Channel channel) {
    Epoch before = channel.epoch;
    if (before == epoch) {
      return;
    }
    if (channel.open && before != null) {
      channel.gapSince = before.lastProof();
    }
    channel.open = false;
    channel.answered = false;
    channel.state = State.NONE;
    channel.epoch = epoch;
  }

  /** Redis has confirmed a SUBSCRIBE. The answer, when a wish is fulfilled by it. */
  @Nullable Answer subscribed(Channel channel, Epoch on) {
    Answer answer = null;
    boolean due;
    synchronized (this) {
      if (on != epoch || channel.epoch != on || channel.state != State.SUBSCRIBING) {
        return null;
      }
      channel.state = State.SUBSCRIBED;
      if (channel.wanted) {
        answer = new Answer(channel.ticket, channel.gapSince);
        channel.gapSince = 0;
        channel.answered = true;
        channel.open = true;
      } else {
        enqueue(channel);
      }
      due = confirmed();
    }
    wakeIf(due);
    return answer;
  }

  /** Redis has confirmed an UNSUBSCRIBE. */
  void unsubscribed(Channel channel, Epoch on) {
    boolean due;
    synchronized (this) {
      if (on != epoch || channel.epoch != on || channel.state != State.UNSUBSCRIBING) {
        return;
      }
      channel.state = State.NONE;
      if (channel.wanted) {
        enqueue(channel);
      } else {
        channels.remove(channel.name, channel);
      }
      due = confirmed();
    }
    wakeIf(due);
  }

  private boolean confirmed() {
    confirmations++;
    underWay--;
    return due();
  }

  /** Whether Redis still owes confirmations. */
  synchronized boolean waiting() {
    return underWay > 0;
  }

  /** How many confirmations there have been. */
  synchronized long confirmations() {
    return confirmations;
  }

  private State state(Channel channel) {
    return epoch != null && channel.epoch == epoch ? channel.state : State.NONE;
  }

  private boolean enqueue(Channel channel) {
    if (epoch != null && channel.queued != epoch) {
      channel.queued = epoch;
      queue.add(channel);
    }
    return due();
  }

  /** Whether to wake the owner: once, until it comes. */
  private boolean due() {
    if (woken || epoch == null || underWay > 0 || (queue.isEmpty() && !rest.hasNext())) {
      return false;
    }
    woken = true;
    return true;
  }

  private void wakeIf(boolean due) {
    if (due) {
      wake.run();
    }
  }
}
