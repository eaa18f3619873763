package io.roomcast.load;

/** What the server under load speaks. */
public enum Protocol {
  /** Roomcast's own: every command with an {@code id} is answered. */
  ROOMCAST {
    @Override
    Wire wire() {
      return new JsonWire(true);
    }
  },
  /** The same commands, never answered. */
  BARE {
    @Override
    Wire wire() {
      return new JsonWire(false);
    }
  },
  /** Socket.IO 4 over a pure WebSocket. */
  SOCKETIO {
    @Override
    Wire wire() {
      return new SocketIoWire();
    }
  },
  /** nginx with nchan: a room is a URL, publishing is an HTTP POST. */
  NCHAN {
    @Override
    Wire wire() {
      return new NchanWire();
    }
  };

  abstract Wire wire();
}
