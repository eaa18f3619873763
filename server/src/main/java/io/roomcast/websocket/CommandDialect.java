package io.roomcast.websocket;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.CommandReader;
import io.roomcast.room.Node;

/** The native protocol: each message is a command, or an array of them. */
record CommandDialect(Node node) implements Dialect {

  @Override
  public boolean binary() {
    return false;
  }

  @Override
  public void take(WebSocketConnection from, boolean text, byte[] bytes, int length) {
    for (Command command : CommandReader.read(bytes, 0, length)) {
      node.handle(from.session(), command);
    }
  }
}
