package io.roomcast.redis;

import io.roomcast.room.Broker;
import io.roomcast.room.Census;
import io.roomcast.room.Cluster;
import io.roomcast.room.DropReason;
import io.roomcast.room.LogPart;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Occupancy;
import io.roomcast.room.Presence;
import io.roomcast.room.Publication;
import io.roomcast.room.RoomEvent;
import io.roomcast.room.Rulebook;
import io.roomcast.room.Rules;
import io.roomcast.room.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;

/**
 * Carries publications between nodes by Redis Pub/Sub: one channel a room, subscribed while this
 * node wants the room.
 *
 * <p>Starts without Redis too, and keeps trying. While Redis is away a publish is answered {@link
 * Broker.PublishOutcome#UNAVAILABLE} at once, and nothing is kept for later. A publish that was
 * given to Redis and got no answer is {@link Broker.PublishOutcome#UNCONFIRMED}.
 *
 * <p>Ready means that a message of its own, published a few seconds ago, came back by each
 * subscribing connection.
 */
public final class RedisBroker implements Broker {
  /** Between looks at what is overdue. */
  private static final long TICK_MILLIS = 200;

  private final String prefix;
  private final Rulebook rulebook;
  private final int messageBytes;
  private final Client client;
  private final Owner owner;
  private final Forward forward = new Forward();
  private final Publisher publisher;
  private final RedisPresence presence;
  private final RedisCensus census;
  private final RedisOccupancy occupancy;
  private final RedisCluster cluster;

  /** Rooms are spread over them by name, so that each room keeps its order. */
  private final List<Subscriber> subscribers = new ArrayList<>();

  /** Makes a broker with threads of its own; {@link #start} connects. */
  public RedisBroker(RedisConfig config, Rulebook rulebook, Time time) {
    this(config, rulebook, time, Optional.empty());
  }

  /**
   * Makes a broker; {@link #start} connects.
   *
   * @param loop an event loop for which {@link #sharesLoops} holds, which the broker then uses in
   *     place of any thread of its own; ended by its owner, after the broker
   */
  public RedisBroker(
      RedisConfig config, Rulebook rulebook, Time time, Optional<ScheduledExecutorService> loop) {
    owner = loop.map(Owner::new).orElseGet(Owner::new);
    this.rulebook = rulebook;
    messageBytes = config.messageBytes();
    prefix = config.prefix();
    client = new Client(config, loop);
    Scripts scripts = new Scripts(config.prefix(), config.messageBytes());
    publisher = new Publisher(client, owner, time, scripts, this::publisherChanged);
    presence =
        new RedisPresence(
            new PresenceCommands(publisher, scripts, config.prefix()), owner, rulebook);
    census = new RedisCensus(publisher, scripts, owner, config.prefix());
    occupancy = new RedisOccupancy(publisher, scripts, owner, config.prefix());
    cluster = new RedisCluster(client, prefix, owner, time, publisher, forward::onDropped);
    for (int i = 0; i < config.subscribers(); i++) {
      int own = i;
      subscribers.add(
          new Subscriber(
              client,
              config,
              owner,
              time,
              forward,
              publisher::publish,
              room -> share(room) == own,
              rulebook));
    }
  }

  /**
   * Whether a broker can be, and had better be, on the loop that a server's own connections live
   * on: on few processors the hand-over between threads is most of what Redis costs a node.
   *
   * @param socketChannel of which class connections on that loop are
   */
  public static boolean sharesLoops(Class<?> socketChannel) {
    return Client.fewProcessors() && LentLoop.fits(socketChannel);
  }

  /**
   * Has connections with Redis take io_uring, wherever this process makes any: for a process that
   * is the server's alone, before its first broker.
   */
  public static void preferIoUring() {
    LentLoop.preferIoUring();
  }

  /**
   * The nodes that are joined by this Redis, and have the same prefix. Started after the broker,
   * and closed before it.
   */
  public Cluster cluster() {
    return cluster;
  }

  private int share(String room) {
    int hash = room.hashCode();
    return Math.floorMod(hash ^ hash >>> 16, subscribers.size());
  }

  private Subscriptions subscriptions(String room) {
    return subscribers.get(share(room)).subscriptions();
  }

  private void publisherChanged() {
    subscribers.forEach(subscriber -> subscriber.publishing(publisher.up()));
    if (publisher.up()) {
      presence.connected();
      census.connected();
      occupancy.connected();
    }
    cluster.publishing(publisher.up());
  }

  @Override
  public void start(Events events) {
    forward.to = events;
    owner.execute(
        () -> {
          publisher.link().start();
          subscribers.forEach(subscriber -> subscriber.link().start());
        });
    owner.every(TICK_MILLIS, this::tick);
  }

  private void tick() {
    publisher.tick();
    presence.flush();
    subscribers.forEach(Subscriber::tick);
    cluster.tick();
  }

  /** Who is in rooms, by the same connections. Started and closed by its user. */
  public Presence presence() {
    return presence;
  }

  /** What users have on all nodes, by the same connections. */
  public Census census() {
    return census;
  }

  /** Which rooms have members on any node, by the same connections. Closed before the broker. */
  public Occupancy occupancy() {
    return occupancy;
  }

  @Override
  public void subscribe(String room, long ticket) {
    subscriptions(room).want(room, ticket);
  }

  @Override
  public void unsubscribe(String room) {
    subscriptions(room).drop(room);
  }

  @Override
  public void publish(Publication publication, String key, PublishCallback outcome) {
    byte[] channel = Publisher.channel(prefix, publication.room());
    Rules rules = rulebook.of(publication.room());
    if (rules.log() || !key.isEmpty()) {
      publisher.publishLogged(publication, channel, key, rules, outcome);
    } else {
      publisher.publish(channel, Envelope.write(publication), outcome);
    }
  }

  @Override
  public void read(String room, LogQuery query, LogCallback callback) {
    Rules rules = rulebook.of(room);
    if (!rules.log()) {
      callback.done(LogPart.NONE);
      return;
    }
    publisher.read(
        room,
        query,
        rules,
        answer -> callback.done(LogReply.part(answer, room, messageBytes, query.newest())));
  }

  @Override
  public Health health() {
    String trouble = publisher.link().trouble();
    boolean proven = true;
    long lag = -1;
    long lost = 0;
    for (Subscriber subscriber : subscribers) {
      trouble = trouble.isEmpty() ? subscriber.link().trouble() : trouble;
      proven &= subscriber.proven();
      lag = Math.max(lag, subscriber.lagMillis());
      lost += subscriber.lost();
    }
    boolean ready = trouble.isEmpty() && proven;
    return new Health("redis", ready, detail(trouble, ready), lag, lost);
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
    cluster.close();
    subscribers.forEach(subscriber -> subscriber.link().close());
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
          public void onInterrupted(Predicate<String> stopped) {}

          @Override
          public void onDropped(DropReason reason) {}
        };

    private volatile Events to = NOBODY;

    @Override
    public void onEvent(RoomEvent event) {
      to.onEvent(event);
    }

    @Override
    public void onInterrupted(Predicate<String> stopped) {
      to.onInterrupted(stopped);
    }

    @Override
    public void onDropped(DropReason reason) {
      to.onDropped(reason);
    }
  }
}
