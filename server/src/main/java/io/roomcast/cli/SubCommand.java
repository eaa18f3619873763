package io.roomcast.cli;

import io.roomcast.client.ClientState;
import io.roomcast.client.JoinFrom;
import io.roomcast.client.Joined;
import io.roomcast.client.Message;
import io.roomcast.client.Room;
import io.roomcast.client.RoomEvent;
import io.roomcast.client.RoomcastClient;
import io.roomcast.protocol.Position;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code roomcast sub}: joins rooms and prints what is sent to them. */
@Command(
    name = "sub",
    description = {
      "Join rooms and print what is sent to them.",
      "On a terminal: time, room, sender and message. Otherwise: each event as a line of JSON, for jq and"
          + " for roomcast pub. Comes back by itself when the connection is lost."
    },
    footer = {
      "",
      "Exit code: 0 when --count is reached, or whoever reads the output has ended; 1 when the server",
      "cannot be reached at first, refuses, or ends it for good, with the reason; 2 when the command line",
      "is not understood.",
      "",
      "  roomcast sub room1 | jq -c .message | roomcast pub --json room2"
    },
    mixinStandardHelpOptions = true)
final class SubCommand implements Callable<Integer> {
  private static final long NOTE_MILLIS = 500;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec spec;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Lines of JSON also on a terminal.")
  private boolean json;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "0",
      description = "Begin with so many of the newest messages, up to 1000, in rooms with a log.")
  private int last;

  @Option(
      names = "--since",
      paramLabel = "EPOCH:OFFSET",
      defaultValue = "",
      description = "Begin after this position of the room's log; with one room.")
  private String since = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "0",
      description = "End after so many messages; 0 for never.")
  private long count;

  @Parameters(arity = "1..*", paramLabel = "ROOM", description = "Rooms to join.")
  private List<String> rooms = List.of();

  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final AtomicLong messages = new AtomicLong();
  private final List<CompletableFuture<Joined>> noted = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    JoinFrom from = from();
    Screen screen = Screen.of(spec.commandLine().getOut(), json);
    PrintWriter notes = spec.commandLine().getErr();
    try (RoomcastClient client = server.connect()) {
      client.onState(change -> noted(change, notes));
      for (String name : rooms) {
        Room room = client.room(name);
        room.events().subscribe(new Printing(screen));
        noted.add(
            room.join(from)
                .whenComplete(
                    (joined, failure) -> {
                      if (failure != null) {
                        exit.completeExceptionally(failure);
                      } else {
                        note(name, joined, screen, notes);
                      }
                    }));
      }
      int code = exit.join();
      awaitNotes();
      return code;
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** What is said of the joins goes out too; one that is still under way is not waited for. */
  private void awaitNotes() {
    for (CompletableFuture<Joined> one : noted) {
      var unused =
          one.copy()
              .orTimeout(NOTE_MILLIS, TimeUnit.MILLISECONDS)
              .handle((joined, late) -> true)
              .join();
    }
  }

  private JoinFrom from() {
    if (last < 0 || last > 1000) {
      throw new ParameterException(spec.commandLine(), "--last must be 0 to 1000, not " + last);
    }
    if (count < 0) {
      throw new ParameterException(spec.commandLine(), "--count must be 0 or more, not " + count);
    }
    if (since.isEmpty()) {
      return last == 0 ? JoinFrom.NOW : JoinFrom.last(last);
    }
    Position position = Position.parse(since);
    if (!position.known()) {
      throw new ParameterException(
          spec.commandLine(), "--since must be a position such as 6a1f09c2:41, not " + since);
    }
    if (last > 0 || rooms.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--since goes with one room, and not with --last");
    }
    return JoinFrom.since(position);
  }

  /** Where it may go on another time; for a person also that it is there. */
  private static void note(String room, Joined joined, Screen screen, PrintWriter notes) {
    Position position = joined.position();
    String where = position.known() ? " at " + position.text() : "";
    if (screen.forPerson() || position.known()) {
      notes.println("roomcast: joined " + Screen.printable(room) + where);
      notes.flush();
    }
  }

  private void noted(ClientState.Change change, PrintWriter notes) {
    if (change.state() == ClientState.WAITING) {
      notes.println("roomcast: " + change.reason() + "; coming back");
      notes.flush();
    } else if (change.state() == ClientState.CLOSED) {
      exit.completeExceptionally(new IOException(change.reason()));
    }
  }

  /** Prints what one room tells, no faster than it is read. */
  private final class Printing implements Flow.Subscriber<RoomEvent> {
    private final Screen screen;
    private Flow.Subscription subscription = new Nothing();

    Printing(Screen screen) {
      this.screen = screen;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      subscription.request(1);
    }

    @Override
    public void onNext(RoomEvent event) {
      if (exit.isDone()) {
        return;
      }
      // Whoever reads it may have had enough, as head does.
      boolean enough = !screen.print(event);
      if (event instanceof Message && messages.incrementAndGet() == count) {
        enough = true;
      }
      if (enough) {
        exit.complete(0);
      } else {
        subscription.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      exit.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      // Only when this command itself ends.
    }
  }

  /** Before there is a subscription. */
  private static final class Nothing implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
