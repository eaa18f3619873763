package io.roomcast.load;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A room server with a thread for each connection, that can be told to do wrong. */
final class FakeServer implements AutoCloseable {
  private static final Pattern COMMAND =
      Pattern.compile("\\{\"type\":\"(\\w+)\"(,\"id\":\\d+)?,\"room\":\"([^\"]+)\"(.*)}");

  private final ServerSocket listener;
  private final Map<String, List<Socket>> rooms = new ConcurrentHashMap<>();

  /** Turns what a room's members should get, in order, into what they do get. */
  private final UnaryOperator<List<String>> wrong;

  private final int together;
  private final Map<String, List<String>> waiting = new ConcurrentHashMap<>();

  /**
   * Starts to listen.
   *
   * @param together messages of a room that are gathered and then sent in one write
   */
  FakeServer(int together, UnaryOperator<List<String>> wrong) throws IOException {
    this.together = together;
    this.wrong = wrong;
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/ws");
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      String accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
      socket.getOutputStream().write(accepted.getBytes(StandardCharsets.US_ASCII));
      while (frame(socket, in)) {}
    } catch (IOException e) {
      rooms.values().forEach(members -> members.remove(socket));
    }
  }

  private boolean frame(Socket socket, DataInputStream in) throws IOException {
    int opcode = in.readUnsignedByte() & 0x0f;
    int length = in.readUnsignedByte() & 0x7f;
    length = length == 126 ? in.readUnsignedShort() : length;
    in.skipNBytes(4);
    byte[] content = in.readNBytes(length);
    switch (opcode) {
      case Frames.TEXT -> command(socket, new String(content, StandardCharsets.UTF_8));
      case Frames.PING -> send(socket, frame(Frames.PONG, content));
      default -> {
        send(socket, frame(Frames.CLOSE, content));
        return false;
      }
    }
    return true;
  }

  private void command(Socket socket, String text) throws IOException {
    Matcher command = COMMAND.matcher(text);
    if (!command.matches()) {
      return;
    }
    String room = command.group(3);
    List<Socket> members = rooms.computeIfAbsent(room, r -> new CopyOnWriteArrayList<>());
    switch (command.group(1)) {
      case "SUBSCRIBE" -> members.add(socket);
      case "UNSUBSCRIBE" -> members.remove(socket);
      default -> publish(room, members, command.group(4));
    }
    if (command.group(2) != null) {
      String type =
          switch (command.group(1)) {
            case "SUBSCRIBE" -> "subscribed";
            case "UNSUBSCRIBE" -> "unsubscribed";
            default -> "sent";
          };
      String reply = "{\"type\":\"" + type + "\"" + command.group(2) + "}";
      send(socket, frame(Frames.TEXT, bytes(reply)));
    }
  }

  private synchronized void publish(String room, List<Socket> members, String message) {
    List<String> gathered = waiting.computeIfAbsent(room, r -> new CopyOnWriteArrayList<>());
    gathered.add("{\"type\":\"message\",\"room\":\"" + room + "\"" + message + "}");
    if (gathered.size() < together) {
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    wrong.apply(gathered).forEach(text -> out.writeBytes(frame(Frames.TEXT, bytes(text))));
    gathered.clear();
    members.forEach(member -> send(member, out.toByteArray()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] frame(int opcode, byte[] content) {
    byte[] masked = Frames.frame(opcode, content);
    int header = content.length < 126 ? 2 : 4;
    byte[] out = new byte[header + content.length];
    System.arraycopy(masked, 0, out, 0, header);
    out[1] &= 0x7f;
    System.arraycopy(content, 0, out, header, content.length);
    return out;
  }

  private static void send(Socket socket, byte[] bytes) {
    synchronized (socket) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
