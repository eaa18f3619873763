package io.roomcast.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Time;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection up: makes a new one each time, after a pause that grows from {@value
 * #FIRST_MILLIS} ms to {@value #LAST_MILLIS} ms, a random half of it left out.
 *
 * <p>Belongs to the owner's thread, but for {@link #trouble} and {@link #close}. Says what changes
 * once, not each attempt.
 */
final class Link<C extends StatefulConnection<?, ?>> {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final long FIRST_MILLIS = 100;
  private static final long LAST_MILLIS = 2000;

  /** A connection that lasted so long was a good one: the next pause is the first again. */
  private static final long GOOD_MILLIS = 5000;

  private final String what;
  private final Supplier<CompletionStage<C>> connect;
  private final Owner owner;
  private final Time time;
  private final Peer<C> peer;

  private @Nullable C current;

  /** Whether the present connection is being closed by us. */
  private boolean closing;

  private long since;
  private long pause = FIRST_MILLIS;
  private boolean complained;
  private volatile boolean closed;
  private volatile String trouble = "not connected yet";

  /** Who uses the connection. Called by the owner. */
  interface Peer<C> {
    /** There is a new one. */
    void up(C connection);

    /** It is gone, and nothing more comes from it. */
    void down();
  }

  /**
   * Is not started yet.
   *
   * @param what it is, for people
   */
  Link(String what, Supplier<CompletionStage<C>> connect, Owner owner, Time time, Peer<C> peer) {
    this.what = what;
    this.connect = connect;
    this.owner = owner;
    this.time = time;
    this.peer = peer;
  }

  /** What keeps it from being up, in words; empty when it is up. From any thread. */
  String trouble() {
    return trouble;
  }

  /** Connects. */
  void start() {
    if (!closed) {
      stage().whenCompleteAsync(this::connected, owner);
    }
  }

  private CompletionStage<C> stage() {
    try {
      return connect.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void connected(@Nullable C connection, @Nullable Throwable error) {
    if (connection == null) {
      failed(error == null ? "no connection" : Reason.of(error));
    } else if (closed) {
      close(connection);
    } else {
      opened(connection);
    }
  }

  private void failed(String reason) {
    trouble = reason;
    if (!complained) {
      complained = true;
      LOG.warn(LogEvent.REDIS_UNREACHABLE.marker(), "{}: {}; trying again", what, reason);
    }
    again();
  }

  private void opened(C connection) {
    current = connection;
    closing = false;
    since = time.millis();
    trouble = "";
    complained = false;
    LOG.info(LogEvent.REDIS_CONNECTED.marker(), "{}: connected", what);
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {}

          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            owner.execute(() -> lost(connection, "connection closed"));
          }

          @Override
          public void onRedisExceptionCaught(
              RedisChannelHandler<?, ?> handler, @Nullable Throwable cause) {}
        });
    peer.up(connection);
    if (!connection.isOpen()) {
      lost(connection, "connection closed");
    }
  }

  private void lost(C connection, String reason) {
    if (!isCurrent(connection)) {
      return;
    }
    current = null;
    if (!closing) {
      close(connection);
      trouble = reason;
    }
    complained = true;
    LOG.warn(LogEvent.REDIS_LOST.marker(), "{}: {}; reconnecting", what, trouble);
    peer.down();
    if (time.millis() - since >= GOOD_MILLIS) {
      pause = FIRST_MILLIS;
    }
    again();
  }

  private void again() {
    if (!closed) {
      owner.later(this::start, ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
      pause = Math.min(2 * pause, LAST_MILLIS);
    }
  }

  /** Gives the present connection up for a new one. */
  void replace(String reason) {
    C connection = current;
    if (connection != null && !closing) {
      closing = true;
      trouble = reason;
      // What was read before it closed comes first: closing happens on the thread that reads.
      CompletionStage<Void> closed = connection.closeAsync();
      closed.whenCompleteAsync((done, error) -> lost(connection, reason), owner);
    }
  }

  @SuppressWarnings("ReferenceEquality") // This very connection is meant.
  private boolean isCurrent(C connection) {
    return current == connection;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Nothing depends on how it went.
  private static void close(StatefulConnection<?, ?> connection) {
    connection.closeAsync();
  }

  /** Ends. */
  void close() {
    closed = true;
    trouble = "closed";
  }
}
