package io.roomcast.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that says and hears whole commands and events, and answers pings. For one thread. */
final class Caller implements AutoCloseable {
  private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":(\\d+)");
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]*)\"");

  private final RawWebSocket socket;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  private Caller(RawWebSocket socket) {
    this.socket = socket;
  }

  static Caller at(ServerNode node) throws IOException {
    return new Caller(RawWebSocket.open(node.port()));
  }

  /** Adds a message whose content is a number; {@code key} may be empty. */
  void publish(String room, long id, long content, String key) {
    String keyed = key.isEmpty() ? "" : ",\"key\":\"" + key + "\"";
    pending.writeBytes(
        Frames.text(
            "{\"type\":\"sendMessage\",\"id\":%d,\"room\":\"%s\",\"message\":%d%s}"
                .formatted(id, room, content, keyed)));
  }

  /** Sends what was added. */
  void flush() throws IOException {
    socket.send(pending.toByteArray());
    pending.reset();
  }

  void say(String text) throws IOException {
    socket.say(text);
  }

  /** Joins, and gives the answer; {@code since} is empty or a field. */
  void join(String room, String since) throws IOException {
    say("{\"type\":\"SUBSCRIBE\",\"id\":0,\"room\":\"" + room + "\"" + since + "}");
  }

  /** The next text. */
  String hear() throws IOException {
    while (true) {
      RawWebSocket.Frame frame = socket.frame();
      if (frame.opcode() == Frames.TEXT) {
        return new String(frame.payload(), UTF_8);
      }
      if (frame.opcode() != Frames.PING) {
        throw new IOException("opcode " + frame.opcode());
      }
      socket.send(Frames.frame(Frames.FIN | Frames.PONG, frame.payload()));
    }
  }

  /** Whether everything that was said has been answered, and nothing else comes before that. */
  boolean isQuiet() throws IOException {
    say("{\"type\":\"ping\",\"id\":1}");
    return hear().startsWith("{\"type\":\"pong\"");
  }

  /** A number of a text; -1 when it has none of this name. */
  static long number(String text, String name) {
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return Long.parseLong(matcher.group(2));
      }
    }
    return -1;
  }

  /** The epoch of a text, or empty. */
  static String epoch(String text) {
    Matcher matcher = EPOCH.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Vanishes. */
  @Override
  public void close() throws IOException {
    socket.reset();
  }
}
