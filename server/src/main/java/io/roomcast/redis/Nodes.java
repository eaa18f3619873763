package io.roomcast.redis;

import io.roomcast.protocol.RoomName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which nodes are alive. Each says so every {@value #BEAT_MILLIS} ms in one field of one hash, and
 * looks at the others'. Who has said nothing new for {@value #SILENT_BEATS} beats of another node
 * is dead for that one, which takes over and takes back what it has stated: about {@value
 * #BEAT_MILLIS} ms times {@value #SILENT_BEATS} after the death, and one beat more at most. No
 * clock is compared with any other; and while Redis is away, or this node stands still, nobody is
 * counted as silent.
 *
 * <pre>
 *   n17  alive, and this is its 17th beat      it alone changes that
 *   x3   ended; to be cleaned up after in 3 beats
 *   cID:5  dead; the node ID cleans up after it, and may die meanwhile too
 * </pre>
 *
 * <p>A node that others took for dead never goes on under the same name: it takes a new one and
 * states everything again, so that what is taken back can only be what nobody stands for. Belongs
 * to the owner's thread.
 */
final class Nodes {
  static final long BEAT_MILLIS = 2_000;
  static final int SILENT_BEATS = 4;
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

  private final PresenceCommands commands;
  private final Owner owner;
  private final Runnable begun;
  private final Map<String, Seen> seen = new HashMap<>();

  private String id = UUID.randomUUID().toString();
  private long number;
  private boolean registered;
  private boolean asking;
  private boolean ended;

  /** What another node said last, and for how many of our beats it has said nothing else. */
  private record Seen(String said, int silent) {}

  /**
   * Has said nothing yet.
   *
   * @param begun called whenever this node is there under a new name
   */
  Nodes(PresenceCommands commands, Owner owner, Runnable begun) {
    this.commands = commands;
    this.owner = owner;
    this.begun = begun;
  }

  /** The present name of this node. */
  String id() {
    return id;
  }

  /** Whether others can know that it is there. */
  boolean registered() {
    return registered;
  }

  /** Says that this node is alive. */
  void beat() {
    if (asking || ended) {
      return;
    }
    asking = true;
    number++;
    String name = id;
    commands.say(
        name,
        "n" + number,
        registered ? "alive" : "new",
        answer -> owner.execute(() -> answered(name, answer)));
  }

  private void answered(String name, @Nullable List<byte[]> answer) {
    asking = false;
    if (answer == null || ended) {
      return;
    }
    if (!name.equals(id)) {
      beat();
      return;
    }
    if (answer.isEmpty()) {
      // Redis has lost it, or others took it for dead.
      renew();
      beat();
      return;
    }
    observe(answer);
    if (!registered) {
      registered = true;
      begun.run();
    }
  }

  /** Takes a new name: what was stated under the old one is taken back by whoever notices first. */
  void renew() {
    id = UUID.randomUUID().toString();
    registered = false;
  }

  private void observe(List<byte[]> answer) {
    Map<String, String> now = new HashMap<>();
    for (int i = 0; i + 1 < answer.size(); i += 2) {
      now.put(PresenceCommands.text(answer.get(i)), PresenceCommands.text(answer.get(i + 1)));
    }
    now.remove(id);
    seen.keySet().retainAll(now.keySet());
    now.forEach(this::observe);
  }

  private void observe(String node, String said) {
    Seen before = seen.get(node);
    int silent = before == null || !before.said().equals(said) ? 0 : before.silent() + 1;
    seen.put(node, new Seen(said, silent));
    if (silent >= patience(said)) {
      seen.put(node, new Seen(said, 0));
      LOG.info("a node is gone ({}): taking back who was in rooms by it", said);
      commands.say(
          node,
          "c" + id + ":" + number,
          said,
          answer ->
              owner.execute(
                  () -> {
                    if (answer != null && !answer.isEmpty()) {
                      new Sweep(node).next();
                    }
                  }));
    }
  }

  private static int patience(String said) {
    return said.matches("x[0-9]{1,3}") ? Integer.parseInt(said.substring(1)) : SILENT_BEATS;
  }

  /** Says nothing more, and that others may clean up after so many beats. */
  void end(int beats, Runnable done) {
    ended = true;
    if (registered) {
      commands.say(id, "x" + beats, "alive", answer -> done.run());
    } else {
      done.run();
    }
  }

  /** Takes back what a node that is gone has stated, a step at a time. */
  private final class Sweep {
    private final String node;
    private final ArrayDeque<String> rooms = new ArrayDeque<>();

    Sweep(String node) {
      this.node = node;
    }

    /** When a step fails nothing more is done, and somebody will notice. */
    void next() {
      String room = rooms.peek();
      if (room == null) {
        commands.someRooms(node, names -> owner.execute(() -> found(names)));
      } else {
        commands.sweep(node, room, left -> owner.execute(() -> swept(room, left)));
      }
    }

    private void found(@Nullable List<byte[]> names) {
      if (names == null) {
        return;
      }
      for (byte[] name : names) {
        String room = PresenceCommands.text(name);
        if (RoomName.flaw(room).isEmpty()) {
          rooms.add(room);
        }
      }
      if (rooms.isEmpty()) {
        commands.forget(node);
      } else {
        next();
      }
    }

    private void swept(String room, @Nullable List<byte[]> left) {
      if (left == null) {
        return;
      }
      if (PresenceCommands.number(left, 0) == 0) {
        rooms.remove(room);
        commands.removeRoom(node, room, done -> {});
      }
      next();
    }
  }
}
