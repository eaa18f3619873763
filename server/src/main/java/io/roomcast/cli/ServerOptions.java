package io.roomcast.cli;

import java.net.URI;
import picocli.CommandLine.Option;

/** Which server a client command speaks to, and as whom. */
final class ServerOptions {
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

  /** Connects, and says who it is when there is anything to say. */
  Link connect() throws LinkException {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new LinkException("not a URL: " + url);
    }
    if (!"ws".equals(uri.getScheme()) && !"wss".equals(uri.getScheme())) {
      throw new LinkException("the URL must begin with ws:// or wss://, not " + url);
    }
    Link link = Link.open(uri);
    if (!token.isEmpty() || !name.isEmpty()) {
      link.request("connect", "token", token, "name", name);
    }
    return link;
  }
}
