package io.roomcast.load;

/**
 * The commands {@code SUBSCRIBE}, {@code UNSUBSCRIBE} and {@code sendMessage} as JSON text frames.
 * Publishes carry no {@code id}, so they are answered only when they fail.
 */
record JsonWire(boolean answers) implements Wire {
  private static final long TYPE = Frames.eight("{\"type\":");
  private static final long SUBSCRIBED = Frames.eight("\"subscri");
  private static final long UNSUBSCRIBED = Frames.eight("\"unsubsc");
  private static final long ERROR = Frames.eight("\"error\",");
  private static final long DISCONNECT = Frames.eight("\"disconn");

  @Override
  public String path(String base, String room) {
    return base;
  }

  @Override
  public boolean publishesByWebSocket() {
    return true;
  }

  @Override
  public byte[] greeting() {
    return Frames.NONE;
  }

  @Override
  public byte[] join(String room) {
    return command("SUBSCRIBE", room);
  }

  @Override
  public byte[] leave(String room) {
    return command("UNSUBSCRIBE", room);
  }

  private byte[] command(String type, String room) {
    String id = answers ? ",\"id\":1" : "";
    return Frames.text("{\"type\":\"" + type + "\"" + id + ",\"room\":\"" + room + "\"}");
  }

  @Override
  public byte[] publish(String room, byte[] payload, boolean member) {
    String message = Frames.string(payload);
    return Frames.text(
        "{\"type\":\"sendMessage\",\"room\":\"" + room + "\",\"message\":\"" + message + "\"}");
  }

  @Override
  public byte[] pong() {
    return Frames.NONE;
  }

  @Override
  public Kind kind(long head, long next) {
    if (head != TYPE) {
      return Kind.OTHER;
    }
    if (next == SUBSCRIBED || next == UNSUBSCRIBED) {
      return Kind.REPLY;
    }
    return next == ERROR || next == DISCONNECT ? Kind.ERROR : Kind.OTHER;
  }
}
