package io.roomcast.load;

import java.nio.charset.StandardCharsets;

/**
 * nchan: a member is a WebSocket on the room's own URL, which it may publish on too; others publish
 * by HTTP POST over a connection that is kept.
 */
final class NchanWire implements Wire {
  @Override
  public String path(String base, String room) {
    return base + (base.endsWith("/") ? "" : "/") + "room/" + room;
  }

  @Override
  public boolean publishesByWebSocket() {
    return false;
  }

  @Override
  public byte[] greeting() {
    return Frames.NONE;
  }

  @Override
  public byte[] join(String room) {
    return Frames.NONE;
  }

  @Override
  public byte[] leave(String room) {
    return Frames.NONE;
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public byte[] publish(String room, byte[] payload, boolean member) {
    if (member) {
      return Frames.text(Frames.string(payload));
    }
    String request =
        """
        POST /room/%s HTTP/1.1\r
        Host: localhost\r
        Content-Length: %d\r
        \r
        %s"""
            .formatted(room, payload.length, Frames.string(payload));
    return request.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] pong() {
    return Frames.NONE;
  }

  @Override
  public Kind kind(long head, long next) {
    return Kind.OTHER;
  }
}
