package io.roomcast.websocket;

import io.roomcast.room.Lane;
import io.roomcast.room.Node;

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

  /** Called once for each lane, while the server starts. */
  public WebSocketLane(Node node, Lane lane) {
    this.node = node;
    this.lane = lane;
    this.scratch = new byte[Math.max(node.limits().messageBytes(), LEAST_SCRATCH)];
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
