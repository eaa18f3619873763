package io.roomcast.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.roomcast.protocol.PresenceEvent;
import io.roomcast.room.Broker.Events;
import io.roomcast.room.DropReason;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Time;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The subscribing connection: asks Redis for what {@link Subscriptions} says, and turns what comes
 * into events of rooms, on the one I/O thread that reads the connection.
 */
final class Subscriber implements Link.Peer<StatefulRedisPubSubConnection<Channel, Envelope>> {
  /** Ticks without any confirmation of a command after which the connection is given up. */
  private static final int SILENT_TICKS = 20;

  private final Subscriptions subscriptions;
  private final Link<StatefulRedisPubSubConnection<Channel, Envelope>> link;
  private final Stall stall = new Stall(SILENT_TICKS);
  private final Owner owner;
  private final Time time;
  private final Events events;
  private final Probe probe;
  private final Predicate<String> own;
  private final Rulebook rulebook;

  private @Nullable StatefulRedisPubSubConnection<Channel, Envelope> connection;
  private boolean begun;

  /**
   * Is not started yet.
   *
   * @param sender publishes the probes
   * @param own says whether a room is this connection's
   */
  Subscriber(
      Client client,
      RedisConfig config,
      Owner owner,
      Time time,
      Events events,
      Probe.Sender sender,
      Predicate<String> own,
      Rulebook rulebook) {
    this.rulebook = rulebook;
    this.owner = owner;
    this.time = time;
    this.events = events;
    this.own = own;
    this.probe = new Probe(config.prefix(), time, sender, reason -> link().replace(reason));
    this.subscriptions = new Subscriptions(config.prefix(), () -> owner.execute(this::ask));
    this.link =
        new Link<>(
            "Redis at " + client.address() + ", subscribing",
            () ->
                client.connectPubSub(
                    new ChannelCodec(
                        subscriptions.channels(), probe.channel(), config.messageBytes())),
            owner,
            time,
            this);
  }

  /** Whether a message to ourselves has come back by the present connection. From any thread. */
  boolean proven() {
    return probe.proven();
  }

  /** See {@link Probe#lagMillis}. */
  long lagMillis() {
    return probe.lagMillis();
  }

  /** See {@link Probe#lost}. */
  long lost() {
    return probe.lost();
  }

  /** There is a connection to publish by, or none. */
  void publishing(boolean now) {
    probe.connected(now);
  }

  Link<?> link() {
    return link;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  @Override
  public void up(StatefulRedisPubSubConnection<Channel, Envelope> opened) {
    connection = opened;
    stall.reset();
    opened.addListener(new Listener(new Epoch(time.wallMillis())));
    watch(opened.async().subscribe(probe.channel()));
  }

  /** Redis takes subscriptions, and the probe has its channel. */
  private void begin(Epoch epoch) {
    if (connection != null && !begun) {
      begun = true;
      subscriptions.begin(epoch);
      probe.subscribed(true);
    }
  }

  @Override
  public void down() {
    connection = null;
    subscriptions.end();
    if (begun) {
      begun = false;
      probe.subscribed(false);
      events.onInterrupted(own);
    }
  }

  /** Asks Redis for what is to be asked now. */
  private void ask() {
    StatefulRedisPubSubConnection<Channel, Envelope> to = connection;
    if (to == null) {
      return;
    }
    Subscriptions.Batch batch = subscriptions.next();
    if (!batch.subscribe().isEmpty()) {
      watch(to.async().subscribe(array(batch.subscribe())));
    }
    if (!batch.unsubscribe().isEmpty()) {
      watch(to.async().unsubscribe(array(batch.unsubscribe())));
    }
  }

  private static Channel[] array(List<Channel> channels) {
    return channels.toArray(new Channel[0]);
  }

  private void watch(CompletionStage<Void> command) {
    command.whenCompleteAsync(
        (done, error) -> {
          if (error != null) {
            link.replace(Reason.of(error));
          }
        },
        owner);
  }

  /** Called by the owner, at each tick. */
  void tick() {
    probe.tick();
    if (stall.tick(subscriptions.waiting(), subscriptions.confirmations())) {
      stall.reset();
      link.replace("a subscription is not confirmed");
    }
  }

  /** What one connection brings. Called by its I/O thread. */
  private final class Listener extends RedisPubSubAdapter<Channel, Envelope> {
    private final Epoch epoch;

    Listener(Epoch epoch) {
      this.epoch = epoch;
    }

    @Override
    public void message(Channel channel, Envelope envelope) {
      if (channel == probe.channel()) {
        probe.echoed(envelope).ifPresent(epoch::proven);
      } else if (channel.open) {
        pass(channel, envelope);
      }
    }

    private void pass(Channel channel, Envelope envelope) {
      switch (envelope) {
        case Envelope.Own own when channel.owns(own.json()) ->
            events.onEvent(
                new Publication(channel.room, own.json(), own.exclude(), own.position()));
        case Envelope.Own own -> passPresence(channel.room, own.json());
        case Envelope.Foreign foreign ->
            events.onEvent(new Publication(channel.room, channel.message(foreign.value()), ""));
        case Envelope.Flawed flawed -> events.onDropped(flawed.reason());
      }
    }

    private void passPresence(String room, byte[] json) {
      PresenceEvent event = rulebook.of(room).presence() ? PresenceEvent.read(json, room) : null;
      if (event == null) {
        events.onDropped(DropReason.BROKER_MALFORMED);
      } else {
        events.onEvent(new RoomEvent.Present(room, event));
      }
    }

    @Override
    public void subscribed(Channel channel, long count) {
      if (channel == probe.channel()) {
        owner.execute(() -> begin(epoch));
        return;
      }
      Subscriptions.Answer answer = subscriptions.subscribed(channel, epoch);
      if (answer == null) {
        return;
      }
      // A room with a log compares itself with it, and fetches what is missing.
      if (answer.gapSince() != 0 && !rulebook.of(channel.room).log()) {
        long now = time.wallMillis();
        events.onEvent(Publication.gap(channel.room, answer.gapSince(), now, "broker"));
      }
      events.onEvent(new RoomEvent.Subscribed(channel.room, answer.ticket()));
    }

    @Override
    public void unsubscribed(Channel channel, long count) {
      subscriptions.unsubscribed(channel, epoch);
    }
  }
}
