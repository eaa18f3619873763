package io.roomcast.load;

/**
 * Socket.IO 4 (Engine.IO 4) over a WebSocket from the start. The server is expected to join on the
 * event {@code SUBSCRIBE}, leave on {@code UNSUBSCRIBE}, acknowledging both, and to send a room
 * what comes as {@code sendMessage}.
 */
final class SocketIoWire implements Wire {
  private static final byte[] CONNECT = Frames.text("40");
  private static final byte[] PONG = Frames.text("3");

  @Override
  public String path(String base, String room) {
    return base + (base.endsWith("/") ? "" : "/") + "socket.io/?EIO=4&transport=websocket";
  }

  @Override
  public boolean publishesByWebSocket() {
    return true;
  }

  @Override
  public byte[] greeting() {
    return CONNECT;
  }

  @Override
  public byte[] join(String room) {
    return Frames.text("421[\"SUBSCRIBE\",\"" + room + "\"]");
  }

  @Override
  public byte[] leave(String room) {
    return Frames.text("421[\"UNSUBSCRIBE\",\"" + room + "\"]");
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public byte[] publish(String room, byte[] payload, boolean member) {
    return Frames.text("42[\"sendMessage\",\"" + room + "\",\"" + Frames.string(payload) + "\"]");
  }

  @Override
  public byte[] pong() {
    return PONG;
  }

  @Override
  public Kind kind(long head, long next) {
    int packet = (int) (head >>> 48);
    return switch (packet) {
      case '4' << 8 | '0' -> Kind.READY;
      case '4' << 8 | '3' -> Kind.REPLY;
      case '4' << 8 | '4', '4' << 8 | '1' -> Kind.ERROR;
      case '2' << 8 -> Kind.PING;
      default -> Kind.OTHER;
    };
  }
}
