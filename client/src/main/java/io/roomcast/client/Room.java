package io.roomcast.client;

import io.roomcast.protocol.Json;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.WireLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A room, by {@link RoomcastClient#room}. Thread-safe; nothing blocks.
 *
 * <p>Listeners may be added at any time; what comes is told to those that are there then. They, and
 * subscribers, are called one at a time for the whole client, in the order in which things came, on
 * the client's executor. A listener may wait for a future of this client; but while it waits
 * nothing else is told, and when more than {@link ClientOptions#readAhead} messages have come
 * meanwhile the answer is not read.
 */
public final class Room {
  private final String name;
  private final Core core;
  private final Membership membership;
  private final List<Consumer<RoomEvent>> listeners = new CopyOnWriteArrayList<>();
  private final List<Feed<?>> feeds = new CopyOnWriteArrayList<>();

  Room(String name, Core core) {
    this.name = name;
    this.core = core;
    this.membership = core.membership(name, new Telling());
  }

  /** Gives what comes to listeners and subscribers. */
  private final class Telling implements Membership.Told {
    @Override
    public void event(RoomEvent event) {
      feeds.forEach(feed -> feed.offer(event));
      Deliveries deliveries = core.deliveries();
      deliveries.taken(event);
      deliveries.add(() -> tell(event));
    }

    private void tell(RoomEvent event) {
      try {
        listeners.forEach(listener -> listener.accept(event));
      } finally {
        core.deliveries().given(event);
      }
    }

    @Override
    public void over(@Nullable RoomcastException why) {
      feeds.forEach(feed -> feed.end(why));
    }
  }

  /** The server has let this client join, unasked. On the loop. */
  void adopt(Position where) {
    if (!membership.wanted()) {
      core.route(name, membership);
      membership.adopt(where);
    }
  }

  /** The room's name. */
  public String name() {
    return name;
  }

  /**
   * The place in the room's log of the last message that was handed on, to begin there another
   * time; {@link Position#NONE} in a room without a log, and while it is not known.
   */
  public Position position() {
    return membership.position();
  }

  /** Joins, beginning with what is sent from now on. See {@link #join(JoinFrom)}. */
  public CompletableFuture<Joined> join() {
    return join(JoinFrom.NOW);
  }

  /**
   * Joins, and stays joined until {@link #leave}: after every interruption the client comes back by
   * itself, and gets what it missed, or tells a {@link Gap}. When it is joined already, nothing
   * changes.
   *
   * @return done once the server has confirmed it, however long that takes: {@code orTimeout} where
   *     that matters. Fails with {@link RoomcastException} when the server refuses, when the room
   *     is left, or the client ends
   */
  public CompletableFuture<Joined> join(JoinFrom from) {
    return join(from, TokenSource.NONE);
  }

  /**
   * The same, where the room needs a token of its own.
   *
   * @param tokens is asked for each join, and again when the server says that the token is over
   */
  public CompletableFuture<Joined> join(JoinFrom from, TokenSource tokens) {
    Credentials credentials = core.credentials(tokens);
    CompletableFuture<Joined> future = new CompletableFuture<>();
    core.loop()
        .execute(
            () -> {
              if (core.link().closed()) {
                core.settle(future, null, over());
                return;
              }
              if (!membership.wanted()) {
                core.route(name, membership);
              }
              membership.join(
                  from,
                  credentials,
                  (joined, failure) -> {
                    core.settle(future, joined, failure);
                    core.unroute(name, membership);
                  });
            });
    return future;
  }

  /**
   * Leaves: nothing more is told from now on. Not being in the room is no failure.
   *
   * @return done when the server knows, or there is no connection that it could know of
   */
  public CompletableFuture<Void> leave() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    core.loop()
        .execute(
            () -> {
              membership.leave(() -> core.settle(future, null, null));
              core.unroute(name, membership);
            });
    return future;
  }

  /** Sends a JSON value. See {@link #send(String, SendOptions)}. */
  public CompletableFuture<Sent> send(String json) {
    return send(json, SendOptions.DEFAULT);
  }

  /** Sends a text, as a JSON string. See {@link #send(String, SendOptions)}. */
  public CompletableFuture<Sent> sendText(String text) {
    StringBuilder json = new StringBuilder(text.length() + 16);
    Json.quote(text, json);
    return send(json.toString());
  }

  /**
   * Sends; membership is not needed unless the room's rules say so. Without a connection, and after
   * a temporary error, it is kept and tried again with the same key, so that it arrives once. What
   * is sent to one room arrives in the order of the calls.
   *
   * @param json exactly one JSON value, delivered as it is written
   * @return done when the broker has it. Fails with {@link RoomcastException}: code 0 when {@link
   *     ClientOptions#queue} or {@link ClientOptions#giveUp} is exceeded or the client ends, 1413
   *     when it is larger than {@link ClientOptions#messageBytes}, otherwise what the server says;
   *     the text tells whether it may have been sent all the same
   * @throws IllegalArgumentException when it is not one JSON value
   */
  public CompletableFuture<Sent> send(String json, SendOptions how) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    if (!Json.isPayload(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException(
          "not one JSON value: " + json.substring(0, Math.min(80, json.length())));
    }
    CompletableFuture<Sent> future = new CompletableFuture<>();
    core.loop()
        .execute(
            () -> {
              if (core.link().closed()) {
                core.settle(future, null, over());
              } else {
                core.sends()
                    .add(name, json, how, (sent, failure) -> core.settle(future, sent, failure));
              }
            });
    return future;
  }

  /**
   * Reads the room's log; membership is not needed.
   *
   * @return fails with {@link RoomcastException}: 1501 when the room keeps no log, 0 without a
   *     connection or an answer for 10 s
   */
  public CompletableFuture<HistoryPage> history(HistoryQuery query) {
    String fields = Requests.field("room", name) + ",\"limit\":" + query.limit();
    if (query.since().known()) {
      fields += Requests.since(query.since());
    } else if (query.before() > 0) {
      fields += ",\"before\":" + query.before();
    }
    return ask("history", fields, Room::page);
  }

  /** Who is here, the first 100. See {@link #presence(String, int)}. */
  public CompletableFuture<PresencePage> presence() {
    return presence("", WireLimits.SHORT_PAGE);
  }

  /**
   * Who is here, over all nodes; membership is not needed. For a member the answer is never older
   * than what {@link #onPresence} told before it; who it has may be told once more right after it.
   *
   * @param after users whose names come after this one; empty for the first
   * @param limit at most so many, 1 to 1,000
   * @return fails with {@link RoomcastException}: 1501 when the room has no presence, 0 without a
   *     connection or an answer for 10 s
   */
  public CompletableFuture<PresencePage> presence(String after, int limit) {
    if (limit < 1 || limit > WireLimits.PAGE) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + WireLimits.PAGE + ", not " + limit);
    }
    String fields =
        Requests.field("room", name) + Requests.field("after", after) + ",\"limit\":" + limit;
    return ask("presence", fields, Room::users);
  }

  /** How many are here, which suits rooms with very many. Fails as {@link #presence} does. */
  public CompletableFuture<PresenceCounts> presenceCounts() {
    return ask(
        "presence",
        Requests.field("room", name) + ",\"counts\":true",
        reply -> new PresenceCounts(reply.number("count"), reply.number("sessions")));
  }

  private static PresencePage users(Incoming reply) throws IOException {
    return new PresencePage(
        reply.texts("users"), reply.raws("infos"), reply.flag("more"), reply.number("count"));
  }

  /** Reads the answer to a command. */
  private interface Reading<T> {
    T of(Incoming reply) throws IOException;
  }

  private <T> CompletableFuture<T> ask(String type, String fields, Reading<T> reading) {
    CompletableFuture<T> future = new CompletableFuture<>();
    core.loop()
        .execute(
            () -> {
              if (core.link().closed()) {
                core.settle(future, null, over());
                return;
              }
              core.link()
                  .askPatiently(
                      type,
                      fields,
                      (reply, failure) -> {
                        try {
                          core.settle(future, reply == null ? null : reading.of(reply), failure);
                        } catch (IOException e) {
                          core.settle(future, null, new RoomcastException(0, false, e.toString()));
                        }
                      });
            });
    return future;
  }

  private static HistoryPage page(Incoming reply) throws IOException {
    Position newest = reply.position();
    List<Message> messages =
        reply.objects("messages").stream().map(one -> one.message(newest.epoch())).toList();
    boolean complete = !reply.raw("recovered").equals("false");
    return new HistoryPage(messages, newest, reply.flag("more"), complete);
  }

  private static RoomcastException over() {
    return new RoomcastException(0, false, "the client is closed");
  }

  /** Tells each message. */
  public Listening onMessage(Consumer<Message> listener) {
    return on(Message.class, listener);
  }

  /** Tells where messages may be missing. */
  public Listening onGap(Consumer<Gap> listener) {
    return on(Gap.class, listener);
  }

  /** Tells who comes and goes, in a room with presence. */
  public Listening onPresence(Consumer<PresenceChange> listener) {
    return on(PresenceChange.class, listener);
  }

  /** Tells that the server ended the membership. */
  public Listening onRemoved(Consumer<Removed> listener) {
    return on(Removed.class, listener);
  }

  private <T extends RoomEvent> Listening on(Class<T> type, Consumer<T> listener) {
    Consumer<RoomEvent> one =
        event -> {
          if (type.isInstance(event)) {
            listener.accept(type.cast(event));
          }
        };
    listeners.add(one);
    return () -> listeners.remove(one);
  }

  /** The messages alone. See {@link #events}. */
  public Flow.Publisher<Message> messages() {
    return publisher(Message.class);
  }

  /**
   * Everything that comes, in order: messages, gaps between them, who comes and goes, the end. To
   * be subscribed to before joining; a subscription ends with the membership, by {@code onComplete}
   * after {@link #leave} and at the client's close, by {@code onError} when the server ended it.
   *
   * <p><b>Slow subscribers.</b> Nothing is dropped. When {@link ClientOptions#readAhead} events of
   * the whole client are waiting (or 4,096 characters for each of them), it reads no more from the
   * server, until half of them have been taken: other rooms and answers wait with it. A server then
   * does with the room what its rule for slow readers says, and closes a client that does not read
   * for long (10 s by default); the client comes back when it reads again, and gets what it missed,
   * or tells a {@link Gap}.
   */
  public Flow.Publisher<RoomEvent> events() {
    return publisher(RoomEvent.class);
  }

  private <T extends RoomEvent> Flow.Publisher<T> publisher(Class<T> type) {
    return subscriber -> {
      Feed<T> feed = new Feed<>(type, subscriber, core.deliveries(), feeds::remove);
      feeds.add(feed);
      subscriber.onSubscribe(feed);
    };
  }
}
