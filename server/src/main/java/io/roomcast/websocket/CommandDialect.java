package io.roomcast.websocket;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.CommandReader;
import io.roomcast.room.Denial;
import io.roomcast.room.Node;

/** The native protocol: each message is a command, or an array of them. */
record CommandDialect(Node node) implements Dialect {

  @Override
  public boolean binary() {
    return false;
  }

  @Override
  public void take(WebSocketConnection from, boolean text, byte[] bytes, int length) {
    // Read in any case: who asked with an id is answered with it.
    Denial denial = node.pay(from.session(), length);
    for (Command command : CommandReader.read(bytes, 0, length)) {
      if (denial == null) {
        node.handle(from.session(), command);
      } else {
        node.refuse(from.session(), command, denial);
      }
    }
  }
}
