package io.roomcast.websocket;

import io.roomcast.protocol.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Keeps what a reader says, one line an event. Closes at the events after which nothing follows.
 */
final class RecordingSink implements FrameReader.Sink {
  private final List<String> events = new ArrayList<>();
  private boolean open = true;

  /** What came, in order. */
  List<String> events() {
    return events;
  }

  /** From now on nothing more is wanted. */
  void shut() {
    open = false;
  }

  @Override
  public boolean open() {
    return open;
  }

  private void add(String event) {
    if (!open) {
      throw new AssertionError("after the end: " + event);
    }
    events.add(event);
  }

  @Override
  public void onMessage(boolean textual, byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    add((textual ? "text " : "binary ") + (length <= 64 ? text : length + "#" + text.hashCode()));
  }

  @Override
  public void onPing(byte[] bytes, int length) {
    add("ping " + HexFormat.of().formatHex(bytes, 0, length));
  }

  @Override
  public void onPong() {
    add("pong");
  }

  @Override
  public void onClose(int code) {
    add("close " + code);
    open = false;
  }

  @Override
  public void onViolation(CloseCode code, String text) {
    if (text.length() > 123 || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new AssertionError("not a reason for a close frame: " + text);
    }
    add("violation " + code.code());
    open = false;
  }
}
