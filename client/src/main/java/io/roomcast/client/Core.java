package io.roomcast.client;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's parts, put together. Its methods belong to the loop, but for those that say so. */
final class Core implements Link.Owner {
  private final Loop loop;
  private final Executor executor;
  private final Deliveries deliveries;
  private final Link link;
  private final Sends sends;
  private final Consumer<ClientState.Change> changes;

  /** Told of a room that the server has let this client join. */
  private final Consumer<Incoming> unasked;

  /** In the order of the joins. */
  private final Map<String, Membership> memberships = new LinkedHashMap<>();

  Core(
      URI uri,
      ClientOptions options,
      Loop loop,
      Wire.Dialer dialer,
      Executor executor,
      Consumer<ClientState.Change> changes,
      Consumer<Incoming> unasked) {
    String session = UUID.randomUUID().toString();
    this.loop = loop;
    this.executor = executor;
    this.changes = changes;
    this.unasked = unasked;
    this.link = new Link(uri, options, session, loop, dialer, credentials(options.tokens()), this);
    this.deliveries = new Deliveries(executor, loop, options.readAhead(), link::pause);
    this.sends = new Sends(loop, link, options, session.substring(0, 8) + "-");
  }

  Loop loop() {
    return loop;
  }

  Link link() {
    return link;
  }

  Sends sends() {
    return sends;
  }

  /** On any thread. */
  Deliveries deliveries() {
    return deliveries;
  }

  /** On any thread. */
  Credentials credentials(TokenSource source) {
    return new Credentials(source, executor, loop);
  }

  /** Makes one; it is told of what comes from its first join on. On any thread. */
  Membership membership(String name, Membership.Told told) {
    return new Membership(name, loop, link, credentials(TokenSource.NONE), told);
  }

  /** Brings what comes for a room to whoever is its membership now. */
  void route(String name, Membership membership) {
    memberships.remove(name);
    memberships.put(name, membership);
  }

  void unroute(String name, Membership membership) {
    if (!membership.wanted()) {
      memberships.remove(name, membership);
    }
  }

  /** Settles a future on the executor, so that what hangs on it does not run on the loop. */
  <T> void settle(
      CompletableFuture<T> future, @Nullable T value, @Nullable RoomcastException failure) {
    Runnable settling =
        () -> {
          if (failure != null) {
            future.completeExceptionally(failure);
          } else {
            future.complete(value);
          }
        };
    try {
      executor.execute(settling);
    } catch (RejectedExecutionException e) {
      settling.run();
    }
  }

  @Override
  public void changed(ClientState.Change change) {
    changes.accept(change);
  }

  @Override
  public void connected() {
    List.copyOf(memberships.values()).forEach(Membership::resume);
    sends.resume();
  }

  @Override
  public void refreshed() {
    connected();
  }

  @Override
  public void lost(long heardAt) {
    long wall = System.currentTimeMillis() - (loop.millis() - heardAt);
    memberships.values().forEach(one -> one.lost(wall));
    sends.lost();
  }

  @Override
  public void event(Incoming event) {
    Membership of = memberships.get(event.room());
    if (event.type().equals("subscribed") && !event.room().isEmpty()) {
      unasked.accept(event);
      return;
    }
    if (of == null) {
      return;
    }
    switch (event.type()) {
      case "message" -> of.message(event);
      case "gap" -> of.gap(event);
      case "joined", "left" -> of.presence(event);
      case "unsubscribed" -> {
        of.unsubscribed((int) event.number("code"), event.text("text"));
        unroute(event.room(), of);
      }
      default -> {
        // A later version of the protocol may say more; what is not known is not needed.
      }
    }
  }

  @Override
  public void ended(RoomcastException why) {
    for (Membership one : List.copyOf(memberships.values())) {
      if (why.code() == 0) {
        one.closed(why);
      } else {
        one.removed(why.code(), String.valueOf(why.getMessage()));
      }
    }
    memberships.clear();
    sends.end(why);
  }
}
