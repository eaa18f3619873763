package io.roomcast.faults;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Very many rooms with one member each, in which nobody speaks: they are there to be subscribed
 * again. Counts what they are told.
 */
final class QuietRooms implements AutoCloseable {
  /** Rooms of one connection; a session may be in 128. */
  static final int EACH = 125;

  private final List<Caller> callers = new ArrayList<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lost = new AtomicInteger();
  private final int rooms;
  private volatile boolean closed;

  private QuietRooms(int rooms) {
    this.rooms = rooms;
  }

  /** Joins so many rooms, over these nodes in turn; all are joined when it returns. */
  static QuietRooms open(List<ServerNode> nodes, int rooms) throws IOException {
    QuietRooms quiet = new QuietRooms(rooms);
    for (int from = 0; from < rooms; from += EACH) {
      Caller caller = Caller.at(nodes.get(quiet.callers.size() % nodes.size()));
      quiet.callers.add(caller);
      quiet.join(caller, from, Math.min(rooms, from + EACH));
    }
    return quiet;
  }

  private void join(Caller caller, int from, int to) throws IOException {
    for (int room = from; room < to; room++) {
      caller.join("quiet-" + room, "");
    }
    for (int room = from; room < to; room++) {
      String reply = caller.hear();
      if (!reply.startsWith("{\"type\":\"subscribed\"")) {
        throw new IOException("a quiet room is not joined: " + reply);
      }
    }
    Thread.ofVirtual().start(() -> listen(caller));
  }

  private void listen(Caller caller) {
    while (!closed) {
      try {
        String text = caller.hear();
        if (text.startsWith("{\"type\":\"gap\"")) {
          told.add(
              text.substring(text.indexOf("quiet-"), text.indexOf("\",", text.indexOf("quiet-"))));
        }
      } catch (SocketTimeoutException e) {
        // It is quiet.
      } catch (IOException e) {
        lost.addAndGet(closed ? 0 : 1);
        return;
      }
    }
  }

  /** Whether all rooms were told of a gap since {@link #forget}. */
  boolean isAllTold() {
    return told.size() == rooms;
  }

  /** None has been told of anything. */
  void forget() {
    told.clear();
  }

  /** Connections that ended. */
  int lost() {
    return lost.get();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (Caller caller : callers) {
      caller.close();
    }
  }
}
