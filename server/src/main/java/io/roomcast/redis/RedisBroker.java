package io.roomcast.redis;

import io.roomcast.room.Broker;
import io.roomcast.room.DropReason;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import io.roomcast.room.Time;

/**
 * Carries publications between nodes by Redis Pub/Sub: one channel a room, subscribed while this
 * node wants the room.
 *
 * <p>Starts without Redis too, and keeps trying. While Redis is away a publish is answered {@link
 * Broker.PublishOutcome#UNAVAILABLE} at once, and nothing is kept for later. A publish that Redis
 * had received and could not answer any more is answered so too: whether it was delivered is then
 * not known.
 *
 * <p>Ready means that a message of its own, published a few seconds ago, came back.
 */
public final class RedisBroker implements Broker {
  /** Between looks at what is overdue. */
  private static final long TICK_MILLIS = 200;

  private final String prefix;
  private final Client client;
  private final Owner owner = new Owner();
  private final Forward forward = new Forward();
  private final Publisher publisher;
  private final Subscriber subscriber;
  private final Probe probe;

  /** Makes a broker; {@link #start} connects. */
  public RedisBroker(RedisConfig config, Time time) {
    prefix = config.prefix();
    client = new Client(config);
    publisher = new Publisher(client, owner, time, this::publisherChanged);
    probe = new Probe(prefix, publisher::publish, this::deliveryBroken);
    subscriber = new Subscriber(client, config, owner, time, forward, probe);
  }

  private void publisherChanged() {
    probe.connected(publisher.up());
  }

  private void deliveryBroken(String reason) {
    subscriber.link().replace(reason);
  }

  @Override
  public void start(Events events) {
    forward.to = events;
    owner.execute(
        () -> {
          publisher.link().start();
          subscriber.link().start();
        });
    owner.every(TICK_MILLIS, this::tick);
  }

  private void tick() {
    publisher.tick();
    subscriber.tick();
    probe.tick();
  }

  @Override
  public void subscribe(String room, long ticket) {
    subscriber.subscriptions().want(room, ticket);
  }

  @Override
  public void unsubscribe(String room) {
    subscriber.subscriptions().drop(room);
  }

  @Override
  public void publish(Publication publication, PublishCallback outcome) {
    publisher.publish(
        Publisher.channel(prefix, publication.room()), Envelope.write(publication), outcome);
  }

  @Override
  public Health health() {
    String trouble = publisher.link().trouble();
    if (trouble.isEmpty()) {
      trouble = subscriber.link().trouble();
    }
    boolean ready = trouble.isEmpty() && probe.proven();
    return new Health("redis", ready, detail(trouble, ready));
  }

  private String detail(String trouble, boolean ready) {
    if (!trouble.isEmpty()) {
      return "reconnecting to " + client.address() + ": " + trouble;
    }
    if (ready) {
      return "connected to " + client.address();
    }
    String refusal = publisher.refusal();
    return refusal.isEmpty()
        ? "connected to " + client.address() + ", waiting for a message to ourselves to come back"
        : "connected to " + client.address() + ", which refuses to publish: " + refusal;
  }

  @Override
  public void close() {
    forward.to = Forward.NOBODY;
    subscriber.link().close();
    owner.close();
    publisher.close();
    client.close();
  }

  /** Passes events on until the broker is closed. */
  private static final class Forward implements Events {
    private static final Events NOBODY =
        new Events() {
          @Override
          public void onEvent(RoomEvent event) {}

          @Override
          public void onInterrupted() {}

          @Override
          public void onDropped(DropReason reason) {}
        };

    private volatile Events to = NOBODY;

    @Override
    public void onEvent(RoomEvent event) {
      to.onEvent(event);
    }

    @Override
    public void onInterrupted() {
      to.onInterrupted();
    }

    @Override
    public void onDropped(DropReason reason) {
      to.onDropped(reason);
    }
  }
}
