package io.roomcast.cli;

import io.roomcast.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code roomcast pub}: sends to a room, and ends when the server has it. */
@Command(
    name = "pub",
    description = {
      "Send to a room.",
      "Without a message, or with -, each line of standard input is one."
    },
    mixinStandardHelpOptions = true)
final class PubCommand implements Callable<Integer> {
  private static final String STDIN = "-";

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

  @Override
  public Integer call() throws IOException {
    try (Link link = server.connect()) {
      if (!message.equals(STDIN)) {
        send(link, message);
        return 0;
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        send(link, line);
      }
      return 0;
    }
  }

  private void send(Link link, String text) throws LinkException {
    byte[] bytes = json ? text.getBytes(StandardCharsets.UTF_8) : Json.quote(text);
    if (json && !Json.isPayload(bytes, 0, bytes.length)) {
      throw new LinkException("not one JSON value: " + text);
    }
    String value = new String(bytes, StandardCharsets.UTF_8);
    link.requestRaw(
        "sendMessage",
        ",\"room\":"
            + new String(Json.quote(room), StandardCharsets.UTF_8)
            + ",\"message\":"
            + value);
  }
}
