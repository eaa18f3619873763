package io.roomcast.websocket;

/** What the messages of a WebSocket mean. One for all connections of a lane; called on the lane. */
interface Dialect {

  /** Whether binary messages are taken; otherwise a connection that sends one is closed. */
  boolean binary();

  /**
   * Takes a whole message.
   *
   * @param text whether it is a text message, and so valid UTF-8
   * @param bytes a buffer that is reused after the call
   */
  void take(WebSocketConnection from, boolean text, byte[] bytes, int length);
}
