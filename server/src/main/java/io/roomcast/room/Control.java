package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.LeaveCode;
import io.roomcast.protocol.Reply;
import io.roomcast.room.ClusterAnswer.SessionInfo;
import io.roomcast.room.ClusterCommand.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators and backends do to this node's sessions: looks for whom they mean on every lane,
 * since a session is known to its lane alone, and does it there.
 *
 * <p>Thread-safe. Blocks, so never called from a lane.
 */
public final class Control implements Cluster.Local {
  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  /** Names of rooms, in characters, that sessions are listed with before the list is cut. */
  private static final int MOST_NAMES = 256 * 1024;

  private final Node node;
  private final Ruling ruling;
  private final String version;
  private final long started;

  /**
   * Makes it.
   *
   * @param ruling which rules hold on the node
   * @param version what is running, for people
   */
  public Control(Node node, Ruling ruling, String version) {
    this.node = node;
    this.ruling = ruling;
    this.version = version;
    this.started = node.time().millis();
  }

  @Override
  public ClusterAnswer carryOut(ClusterCommand command) {
    return switch (command) {
      case ClusterCommand.Status status -> status();
      case ClusterCommand.Rooms rooms ->
          new ClusterAnswer.Rooms(
              node.name(), node.rooms(rooms.prefix(), rooms.after(), rooms.limit()));
      case ClusterCommand.Sessions sessions -> sessions(sessions);
      case ClusterCommand.Disconnect disconnect -> done(onEachLane(disconnect, all(disconnect)));
      case ClusterCommand.Join join -> join(join);
      case ClusterCommand.Leave leave -> done(onEachLane(leave, all(leave)));
      case ClusterCommand.Revoke revoke -> revoke(revoke);
      case ClusterCommand.RulesHeld held -> rules("");
      case ClusterCommand.CheckRules check -> rules(flaw(() -> ruling.check(check.lines())));
      case ClusterCommand.ChangeRules change -> change(change.change());
    };
  }

  private ClusterAnswer status() {
    Broker.Health health = node.health();
    return new ClusterAnswer.Status(
        node.name(),
        version,
        (node.time().millis() - started) / 1000,
        node.hub().size(),
        health.ready() && !node.draining(),
        health.name(),
        health.lagMillis());
  }

  private ClusterAnswer rules(String flaw) {
    Ruling.Held held = ruling.held();
    return new ClusterAnswer.RulesHeld(
        node.name(), held.given(), held.version(), held.digest(), flaw);
  }

  private ClusterAnswer change(RuleChange change) {
    String flaw = flaw(() -> ruling.take(change));
    if (!flaw.isEmpty()) {
      LOG.error(
          LogEvent.COMMAND_FAILED.marker(),
          "The rules that the server API gave to all nodes cannot hold here: {}",
          flaw);
    }
    return rules(flaw);
  }

  private static String flaw(Runnable reading) {
    try {
      reading.run();
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private ClusterAnswer sessions(ClusterCommand.Sessions sessions) {
    List<List<SessionInfo>> lanes =
        onEachLane(
            sessions,
            lane ->
                matching(lane, sessions.who(), sessions.limit()).stream().map(this::info).toList());
    List<SessionInfo> all = new ArrayList<>();
    int names = 0;
    boolean more = false;
    for (List<SessionInfo> lane : lanes) {
      for (SessionInfo info : lane) {
        names += info.rooms().stream().mapToInt(String::length).sum();
        if (all.size() == sessions.limit() || names > MOST_NAMES) {
          more = true;
          break;
        }
        all.add(info);
      }
    }
    return new ClusterAnswer.Sessions(node.name(), all, more);
  }

  private SessionInfo info(Session session) {
    return new SessionInfo(
        session.id(), user(session), session.transport().encoding().wire(), session.roomNames());
  }

  private Function<Lane, Integer> all(ClusterCommand.Disconnect disconnect) {
    return lane -> {
      List<Session> sessions = matching(lane, disconnect.who(), Integer.MAX_VALUE);
      sessions.forEach(session -> session.close(disconnect.code(), disconnect.text(), 0));
      return sessions.size();
    };
  }

  /** Remembered first: nobody comes back by it while others are being closed. */
  private ClusterAnswer revoke(ClusterCommand.Revoke revoke) {
    if (!node.admission().revoke(revoke.revocation())) {
      return new ClusterAnswer.Done(node.name(), 0, 0);
    }
    return done(
        onEachLane(
            revoke,
            lane -> {
              List<Session> gone = new ArrayList<>();
              lane.sessions()
                  .forLast(
                      Integer.MAX_VALUE,
                      session -> {
                        if (node.admission().revoked(session)) {
                          gone.add(session);
                        }
                      });
              gone.forEach(
                  session -> session.close(CloseCode.INVALID_TOKEN, "it has been revoked", 0));
              return gone.size();
            }));
  }

  private Function<Lane, Integer> all(ClusterCommand.Leave leave) {
    return lane -> {
      Room room = lane.find(leave.room());
      if (room == null) {
        return 0;
      }
      int left = 0;
      lane.settle();
      for (Session session : matching(lane, leave.who(), Integer.MAX_VALUE)) {
        if (session.placeIn(room) != Session.NONE) {
          left++;
          takeOut(session, room, LeaveCode.REMOVED);
        }
      }
      return left;
    };
  }

  /** A stream is made for one room, and ends with it. */
  static void takeOut(Session session, Room room, LeaveCode code) {
    if (streams(session)) {
      session.close(CloseCode.DISCONNECTED, code.text(), 0);
    } else {
      room.leave(session);
      session.send(Reply.unsubscribed(room.name(), code));
    }
  }

  private ClusterAnswer join(ClusterCommand.Join join) {
    List<List<CompletableFuture<Boolean>>> lanes =
        onEachLane(
            join,
            lane ->
                matching(lane, join.who(), Integer.MAX_VALUE).stream()
                    .filter(session -> !streams(session))
                    .map(session -> join(session, join.room()))
                    .toList());
    int joined = 0;
    int failed = 0;
    for (List<CompletableFuture<Boolean>> lane : lanes) {
      for (CompletableFuture<Boolean> one : lane) {
        if (await(one, join)) {
          joined++;
        } else {
          failed++;
        }
      }
    }
    return new ClusterAnswer.Done(node.name(), joined, failed);
  }

  private CompletableFuture<Boolean> join(Session session, String name) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Room room = session.lane().find(name);
    if (room != null && session.placeIn(room) >= 0) {
      done.complete(true);
      return done;
    }
    node.join(
        session,
        name,
        JoinFrom.NOW,
        (outcome, start) -> {
          boolean in = outcome == JoinOutcome.JOINED;
          if (in) {
            session.send(Reply.subscribed("", name, start.position()));
          }
          done.complete(in);
        });
    return done;
  }

  private ClusterAnswer done(List<Integer> lanes) {
    return new ClusterAnswer.Done(node.name(), lanes.stream().mapToInt(n -> n).sum(), 0);
  }

  private List<Session> matching(Lane lane, Who who, int most) {
    List<Session> found = new ArrayList<>();
    lane.sessions()
        .forLast(
            Integer.MAX_VALUE,
            session -> {
              boolean meant =
                  who.user() ? who.value().equals(user(session)) : session.named(who.value());
              if (meant && found.size() <= most) {
                found.add(session);
              }
            });
    return found;
  }

  /** Who it is for certain; a name that a client gave itself counts only where all names do. */
  private String user(Session session) {
    if (node.authenticator().open()) {
      return session.from();
    }
    Authenticator.Identity identity = session.identity();
    return identity == null ? "" : identity.user();
  }

  private static boolean streams(Session session) {
    return !session.transport().encoding().wire().equals("websocket");
  }

  /** Does something on every lane, and waits until it has been done on all. */
  private <T> List<T> onEachLane(ClusterCommand command, Function<Lane, T> work) {
    List<CompletableFuture<T>> parts = new ArrayList<>();
    for (Lane lane : node.hub().lanes()) {
      CompletableFuture<T> part = new CompletableFuture<>();
      parts.add(part);
      lane.execute(
          () -> {
            try {
              part.complete(work.apply(lane));
            } catch (RuntimeException e) {
              part.completeExceptionally(e);
            }
          });
    }
    return parts.stream().map(part -> await(part, command)).toList();
  }

  private static <T> T await(CompletableFuture<T> part, ClusterCommand command) {
    try {
      return part.get(command.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a lane did not carry it out", e);
    }
  }
}
