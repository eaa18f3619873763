package io.roomcast.client;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The other side of the wire, played by a test. */
final class ScriptedServer implements Wire.Dialer {
  private final Queue<Wire.Listener> dialled = new ArrayDeque<>();
  private @Nullable FakeWire wire;
  private int answered;

  /** What the client said, but for the pings that were answered. */
  final Queue<String> heard = new ArrayDeque<>();

  /** One connection: what is said waits until it is asked for. */
  final class FakeWire implements Wire {
    final Wire.Listener listener;
    private final Queue<String> unread = new ArrayDeque<>();
    private int requests;
    boolean over;

    FakeWire(Wire.Listener listener) {
      this.listener = listener;
    }

    @Override
    public void send(String text) {
      if (over) {
        return;
      }
      if (text.startsWith("{\"type\":\"ping\"")) {
        answered++;
        String id = text.replaceAll(".*\"id\":(\\d+).*", "$1");
        say("{\"type\":\"pong\",\"id\":" + id + "}");
      } else {
        heard.add(text);
      }
    }

    void say(String text) {
      unread.add(text);
      flow();
    }

    private void flow() {
      while (requests > 0 && !unread.isEmpty() && !over) {
        requests--;
        listener.text(unread.remove());
      }
    }

    @Override
    public void request() {
      requests++;
      flow();
    }

    @Override
    public void close() {
      over = true;
    }

    @Override
    public void abort() {
      over = true;
    }

    int unread() {
      return unread.size();
    }
  }

  @Override
  public void dial(URI uri, Wire.Listener listener) {
    dialled.add(listener);
  }

  boolean isDialled() {
    return !dialled.isEmpty();
  }

  FakeWire take() {
    Wire.Listener listener = dialled.remove();
    FakeWire taken = new FakeWire(listener);
    wire = taken;
    listener.opened(taken);
    return taken;
  }

  void refuse() {
    dialled.remove().ended(JdkWire.LOST, "refused by the test");
  }

  FakeWire wire() {
    FakeWire present = wire;
    if (present == null) {
      throw new AssertionError("no connection");
    }
    return present;
  }

  void say(String text) {
    wire().say(text);
  }

  void end(int code) {
    FakeWire ending = wire();
    ending.over = true;
    ending.listener.ended(code, "ended by the test");
  }

  /** Pings that it has answered. */
  int answered() {
    return answered;
  }

  /** The next command, by its type. */
  String hear() {
    String next = heard.poll();
    if (next == null) {
      throw new AssertionError("nothing was said");
    }
    return next;
  }

  /** Answers {@code connect}. */
  void welcome() {
    String hello = hear();
    if (!hello.contains("\"connect\"")) {
      throw new AssertionError(hello);
    }
    say("{\"type\":\"connected\",\"id\":" + id(hello) + ",\"session\":\"s\",\"node\":\"n\"}");
  }

  static String id(String command) {
    return command.replaceAll(".*\"id\":(\\d+).*", "$1");
  }

  List<String> heardNow() {
    List<String> all = new ArrayList<>(heard);
    heard.clear();
    return all;
  }
}
