package io.roomcast.cli;

import io.roomcast.client.ClientOptions;
import io.roomcast.client.ClientState;
import io.roomcast.client.Listening;
import io.roomcast.client.RoomcastClient;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** Which server a client command speaks to, and as whom. */
final class ServerOptions {
  /** For the connection, and for the answer to who this is. */
  private static final long PATIENCE_SECONDS = 25;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:ROOMCAST_URL:-ws://localhost:8080/ws}",
      description = "The server's WebSocket (ROOMCAST_URL; default ws://localhost:8080/ws).")
  private String url = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:ROOMCAST_TOKEN:-}",
      description = "A token, where the server wants one (ROOMCAST_TOKEN).")
  private String token = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "What others see as the sender.")
  private String name = "";

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      defaultValue = "${env:ROOMCAST_TLS_CA:-}",
      description = "Trust the certificates in this PEM file, for wss:// (ROOMCAST_TLS_CA).")
  private String authorities = "";

  /** Connects. What cannot be reached at first is an error; later on the client comes back. */
  RoomcastClient connect() throws IOException, InterruptedException {
    RoomcastClient client = open();
    BlockingQueue<ClientState.Change> changes = new LinkedBlockingQueue<>();
    Listening listening = client.onState(changes::add);
    ClientState.Change now = client.lastChange();
    while (now != null && now.state() == ClientState.CONNECTING) {
      now = changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    listening.close();
    if (now != null && now.state() == ClientState.CONNECTED) {
      return client;
    }
    client.close();
    throw new IOException(
        now == null ? "no answer within " + PATIENCE_SECONDS + " s" : now.reason());
  }

  private RoomcastClient open() throws IOException {
    try {
      ClientOptions options = ClientOptions.DEFAULT.withName(name);
      if (!authorities.isEmpty()) {
        options = options.withTls(Trust.of(authorities));
      }
      return RoomcastClient.connect(
          URI.create(url), token.isEmpty() ? options : options.withToken(token));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
