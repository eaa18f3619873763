package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A client that does what the test says, right or wrong, on a plain socket. No wait is longer than
 * {@value #WAIT_MILLIS} ms. For one thread.
 */
public final class RawWebSocket implements AutoCloseable {
  private static final int WAIT_MILLIS = 30_000;
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  /** A proxy may write the header's name in its own way. */
  private static final Pattern ACCEPTED =
      Pattern.compile("\r\n(?i:sec-websocket-accept): s3pPLMBiTxaQ9kYGzzhZRbK\\+xOo=\r\n");

  private final Socket socket;
  private final DataInputStream in;

  /** One frame of the server. */
  public record Frame(int first, byte[] payload) {
    public int opcode() {
      return first & 0x0f;
    }

    public String text() {
      return new String(payload, UTF_8);
    }

    /** Of a close frame; 1005 when it has none. */
    public int code() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    }

    /** Of a close frame. */
    public String reason() {
      return new String(payload, 2, payload.length - 2, UTF_8);
    }
  }

  /** An HTTP response: the head as it came, and a body of the announced length. */
  public record Response(String head, String body) {
    public int status() {
      return Integer.parseInt(head.substring(9, 12));
    }
  }

  /** How a connection ended, and what came before. */
  public record Ending(List<Frame> frames, boolean reset) {
    /** The code of the only close frame, which must be the last frame; 1006 when there is none. */
    public int code() {
      return frames.isEmpty() || frames.getLast().opcode() != Frames.CLOSE
          ? 1006
          : frames.getLast().code();
    }

    public List<String> texts() {
      return frames.stream().filter(f -> f.opcode() == Frames.TEXT).map(Frame::text).toList();
    }
  }

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(WAIT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 4096));
  }

  /** A connection to this machine on which nothing has been said. */
  public static RawWebSocket connect(int port) throws IOException {
    return connect(port, 0);
  }

  /**
   * The same, with a small buffer for what comes.
   *
   * @param receiveBytes 0 for what is usual
   */
  public static RawWebSocket connect(int port, int receiveBytes) throws IOException {
    Socket socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAIT_MILLIS);
    return new RawWebSocket(socket);
  }

  /** One over a socket of the test's own, such as one with TLS. */
  public static RawWebSocket over(Socket socket) throws IOException {
    return new RawWebSocket(socket);
  }

  /** A connection that has become a WebSocket. */
  public static RawWebSocket open(int port, String... headers) throws IOException {
    return connect(port).upgrade(headers);
  }

  /** Makes it a WebSocket. */
  public RawWebSocket upgrade(String... headers) throws IOException {
    send(request(headers));
    expectUpgrade();
    return this;
  }

  /** Reads the answer to a request for an upgrade, which must be yes. */
  public void expectUpgrade() throws IOException {
    Response response = response();
    if (response.status() != 101 || !ACCEPTED.matcher(response.head()).find()) {
      throw new AssertionError("no upgrade: " + response);
    }
  }

  /** A good request for an upgrade; further headers replace those of the same name. */
  public static byte[] request(String... headers) {
    List<String> lines = new ArrayList<>(List.of("GET /ws HTTP/1.1"));
    List<String> usual =
        List.of(
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + KEY);
    for (String line : usual) {
      String name = line.substring(0, line.indexOf(':') + 1);
      if (List.of(headers).stream().noneMatch(h -> h.startsWith(name))) {
        lines.add(line);
      }
    }
    // A name alone leaves the header out.
    List.of(headers).stream().filter(h -> !h.endsWith(":")).forEach(lines::add);
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(US_ASCII);
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends a text message. */
  public void say(String text) throws IOException {
    send(Frames.text(text));
  }

  /** Reads an HTTP response. */
  public Response response() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    int at = head.toString().toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
    if (at < 0) {
      return new Response(head.toString(), "");
    }
    int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)).trim());
    return new Response(head.toString(), new String(in.readNBytes(length), UTF_8));
  }

  /** The next frame, which must be compressed (RSV1). */
  public Frame compressed() throws IOException {
    return frame(Frames.FIN | 0x40);
  }

  /** The next frame. */
  public Frame frame() throws IOException {
    return frame(Frames.FIN);
  }

  private Frame frame(int bits) throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    if ((first & 0xf0) != bits || second > 127) {
      throw new AssertionError("no frame of a server: " + first + " " + second);
    }
    int length =
        second < 126 ? second : second == 126 ? in.readUnsignedShort() : (int) in.readLong();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(first, payload);
  }

  /** The next text message; there must be no other frame before it. */
  public String hear() throws IOException {
    Frame frame = frame();
    if (frame.opcode() != Frames.TEXT) {
      throw new AssertionError("no text, but opcode " + frame.opcode() + " " + frame);
    }
    return frame.text();
  }

  /** Says something and takes the next message for its answer. */
  public String ask(String text) throws IOException {
    say(text);
    return hear();
  }

  /** Joins a room, and is answered. */
  public void join(String room) throws IOException {
    String reply = ask("{\"type\":\"SUBSCRIBE\",\"id\":0,\"room\":\"" + room + "\"}");
    if (!reply.equals("{\"type\":\"subscribed\",\"id\":0,\"room\":\"" + room + "\"}")) {
      throw new AssertionError("no join: " + reply);
    }
  }

  /** Reads until the server ends the connection. */
  public Ending end() throws IOException {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        frames.add(frame());
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection was left open", e);
    } catch (EOFException e) {
      return new Ending(frames, false);
    } catch (IOException e) {
      return new Ending(frames, true);
    }
  }

  /** Reads up to the server's close frame, answers it as a client should, and reads on. */
  public Ending endAnswering() throws IOException {
    List<Frame> frames = new ArrayList<>();
    do {
      frames.add(frame());
    } while (frames.getLast().opcode() != Frames.CLOSE);
    send(Frames.close(frames.getLast().code()));
    Ending rest = end();
    frames.addAll(rest.frames());
    return new Ending(frames, rest.reset());
  }

  /** Says that nothing more comes, and still listens. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Vanishes: the server sees a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
