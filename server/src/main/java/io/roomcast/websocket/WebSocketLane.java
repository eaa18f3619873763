package io.roomcast.websocket;

import io.netty.channel.EventLoop;
import io.roomcast.room.Lane;
import io.roomcast.room.Node;
import org.jspecify.annotations.Nullable;

/**
 * What the WebSocket connections of one lane share: most of all the buffer that a message is
 * unmasked into, so that no connection needs one of its own. Belongs to the lane's thread.
 */
public final class WebSocketLane {
  /** A control frame's payload must fit, however low the limit. */
  private static final int LEAST_SCRATCH = 125;

  private final Node node;
  private final Lane lane;
  private final byte[] scratch;
  private final boolean compression;
  private final Dialect dialect;
  private final @Nullable RingSender ring;

  /** Made when the first client with compression comes. */
  private @Nullable Inflation inflation;

  /** Called once for each lane, while the server starts. Without compression. */
  public WebSocketLane(Node node, Lane lane) {
    this(node, lane, false, null, new CommandDialect(node));
  }

  /**
   * Called once for each lane, while the server starts.
   *
   * @param compression whether clients that ask for permessage-deflate get it
   * @param loop the lane's
   */
  public WebSocketLane(Node node, Lane lane, boolean compression, EventLoop loop) {
    this(node, lane, compression, loop, new CommandDialect(node));
  }

  WebSocketLane(
      Node node, Lane lane, boolean compression, @Nullable EventLoop loop, Dialect dialect) {
    this.node = node;
    this.lane = lane;
    this.scratch = new byte[Math.max(node.limits().messageBytes(), LEAST_SCRATCH)];
    this.compression = compression;
    this.dialect = dialect;
    this.ring = loop == null ? null : RingSender.of(loop);
  }

  /** Whether clients that ask for permessage-deflate get it. */
  boolean compression() {
    return compression;
  }

  /** The short way to many sockets, where there is one. */
  @Nullable RingSender ring() {
    return ring;
  }

  Dialect dialect() {
    return dialect;
  }

  /** What makes compressed messages large again. */
  Inflation inflation() {
    assert lane.owned();
    Inflation made = inflation;
    if (made == null) {
      made = new Inflation(node.limits().messageBytes());
      inflation = made;
    }
    return made;
  }

  Node node() {
    return node;
  }

  Lane lane() {
    return lane;
  }

  byte[] scratch() {
    return scratch;
  }
}
