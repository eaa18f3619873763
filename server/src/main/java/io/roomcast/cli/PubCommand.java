package io.roomcast.cli;

import io.roomcast.client.Room;
import io.roomcast.client.RoomcastClient;
import io.roomcast.client.Sent;
import io.roomcast.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roomcast pub}: sends to a room, and ends when the server has it. */
@Command(
    name = "pub",
    description = {
      "Send to a room.",
      "Without a message, or with -, each line of standard input is one. What cannot be sent is tried"
          + " again for a minute, and arrives once."
    },
    footer = {
      "",
      "Exit code: 0 when the server has everything; 1 when something could not be sent, with the reason;",
      "2 when the command line is not understood."
    },
    mixinStandardHelpOptions = true)
final class PubCommand implements Callable<Integer> {
  private static final String STDIN = "-";

  /** Lines that may be read ahead of what the server has. */
  private static final int AHEAD = 100;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--json", description = "Messages are JSON values; otherwise they are text.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "ROOM", description = "The room to send to.")
  private String room = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MESSAGE",
      defaultValue = STDIN,
      description = "What to send.")
  private String message = "";

  private final Queue<CompletableFuture<Sent>> open = new ArrayDeque<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (RoomcastClient client = server.connect()) {
      Room to = client.room(room);
      if (!message.equals(STDIN)) {
        send(to, message);
      } else {
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          send(to, line);
        }
      }
      await(0);
      return 0;
    }
  }

  private void send(Room to, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (json && !Json.isPayload(bytes, 0, bytes.length)) {
      // What came before it is right, and is waited for.
      await(0);
      throw new IOException("not one JSON value: " + text);
    }
    open.add(json ? to.send(text) : to.sendText(text));
    await(AHEAD);
  }

  /** Waits until no more than so many are open; the first failure ends it. */
  private void await(int most) throws IOException {
    while (open.size() > most || (!open.isEmpty() && open.element().isDone())) {
      try {
        open.remove().join();
      } catch (CompletionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw new IOException(cause.getMessage(), e);
      }
    }
  }
}
