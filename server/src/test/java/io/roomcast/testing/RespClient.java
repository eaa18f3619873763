package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain Redis client over one socket: writes a command, reads a reply. Replies are {@code
 * String}, {@code Long} or a {@code List} of these; nil is an empty string. Not thread-safe.
 */
public final class RespClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /** Connects to a Redis on this machine. */
  public RespClient(int port) {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      in = new BufferedInputStream(socket.getInputStream());
      out = new BufferedOutputStream(socket.getOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a command and reads its reply. An error reply is thrown. */
  public Object call(String... words) {
    send(words);
    return read();
  }

  /** Sends a command. */
  public void send(String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(UTF_8);
    }
    send(bytes);
  }

  /** Sends a command of any bytes. */
  public void send(byte[]... words) {
    try {
      out.write(("*" + words.length + "\r\n").getBytes(UTF_8));
      for (byte[] word : words) {
        out.write(("$" + word.length + "\r\n").getBytes(UTF_8));
        out.write(word);
        out.write("\r\n".getBytes(UTF_8));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes, and tells how many received it. */
  public long publish(String channel, byte[] payload) {
    send("PUBLISH".getBytes(UTF_8), channel.getBytes(UTF_8), payload);
    return (Long) read();
  }

  /** Reads a reply, or what a subscription brings; waits ten seconds for it. */
  public Object read() {
    try {
      int kind = in.read();
      String line = line();
      return switch (kind) {
        case '+' -> line;
        case '-' -> throw new IllegalStateException(line);
        case ':' -> Long.valueOf(line);
        case '$' -> bulk(Integer.parseInt(line));
        case '*' -> list(Integer.parseInt(line));
        default -> throw new EOFException("not a reply: " + kind + " " + line);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder();
    int c;
    while ((c = in.read()) != '\r') {
      if (c < 0) {
        throw new EOFException("connection closed");
      }
      text.append((char) c);
    }
    in.read();
    return text.toString();
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length);
    in.skipNBytes(2);
    return new String(bytes, UTF_8);
  }

  private List<Object> list(int length) {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      all.add(read());
    }
    return all;
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
