package io.roomcast.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy's configuration, run before the page's server: it must pass on all that is offered. */
final class Proxies {
  private static final Pattern NGINX_LISTEN = Pattern.compile("listen (\\d+)");
  private static final Pattern HAPROXY_BIND = Pattern.compile("bind :(\\d+)");

  private Proxies() {}

  static void nginx(Workshop workshop, String text) throws IOException, InterruptedException {
    int port = listen(workshop, NGINX_LISTEN, text);
    String own = NGINX_LISTEN.matcher(workshop.here(text)).replaceAll("listen 127.0.0.1:" + port);
    Path directory = workshop.directory();
    Path file = directory.resolve("nginx.conf");
    Files.writeString(
        file,
        """
        pid nginx.pid;
        error_log stderr;
        events {}
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
        %s}
        """
            .formatted(own));
    workshop.start(
        port, "nginx", "-p", directory.toString(), "-c", file.toString(), "-g", "daemon off;");
    passesAll(workshop, port);
  }

  static void haproxy(Workshop workshop, String text) throws IOException, InterruptedException {
    int port = listen(workshop, HAPROXY_BIND, text);
    String own = HAPROXY_BIND.matcher(workshop.here(text)).replaceAll("bind 127.0.0.1:" + port);
    Path file = workshop.directory().resolve("haproxy.cfg");
    Files.writeString(file, own);
    workshop.start(port, "haproxy", "-db", "-f", file.toString());
    passesAll(workshop, port);
  }

  private static int listen(Workshop workshop, Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as("a port to listen on").isTrue();
    return workshop.listen(Integer.parseInt(matcher.group(1)));
  }

  private static void passesAll(Workshop workshop, int port)
      throws IOException, InterruptedException {
    new Talk(port)
        .play(
            """
            → {"type":"SUBSCRIBE","id":1,"room":"a/b"}
            ← {"type":"subscribed","id":1,"room":"a/b"}
            → {"type":"sendMessage","room":"a/b","message":"through"}
            ← {"type":"message","room":"a/b","message":"through"}
            """);
    // The room of the stream: its first bytes come at once, or the proxy holds them back.
    try (RawWebSocket sender = RawWebSocket.open(port)) {
      String heard =
          workshop.execute(
              """
              mkfifo stream.%1$d
              curl -sN http://127.0.0.1:%1$d/v1/rooms/a%%2Fb/events > stream.%1$d &
              curl=$!
              exec 3< stream.%1$d
              read -r retry <&3
              curl -sf -d hi http://127.0.0.1:%1$d/v1/rooms/a%%2Fb/messages
              while read -r line <&3; do case $line in data:*) echo "$line"; break;; esac; done
              kill $curl
              """
                  .formatted(port));
      assertThat(heard)
          .contains("data: {\"type\":\"message\",\"room\":\"a/b\",\"message\":\"hi\"}");
      assertThat(sender.ask("{\"type\":\"ping\",\"id\":1}")).contains("pong");
    }
  }
}
