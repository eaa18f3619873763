package io.roomcast.clientjs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.testing.Browser;
import io.roomcast.testing.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JavaScript client in a real browser, in a page of the server, under the page's policy. */
final class BrowserIT {
  private static Browser browser;

  private Roomcast server;
  private Tab tab;

  @BeforeAll
  static void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
  }

  @BeforeEach
  void open() throws IOException {
    server = serverAt(0);
    tab = browser.newTab();
    tab.open("http://127.0.0.1:" + server.port() + "/");
  }

  @AfterEach
  void close() {
    tab.close();
    server.close();
  }

  private static Roomcast serverAt(int port) throws IOException {
    return Roomcast.builder()
        .port(port)
        .drain(Duration.ofMillis(100))
        .rules(List.of("kept:* log=100/1h"))
        .start();
  }

  /** Has the page connect, and join a room; what it hears is in {@code heard}. */
  private void joined(String options, String room) {
    tab.evaluate(
        """
        import("/roomcast.js").then(async ({ connect }) => {
          window.client = connect(undefined, %s);
          window.room = client.room(%s);
          window.heard = [];
          window.gaps = [];
          room.on("message", (event) => heard.push(event.message));
          room.on("gap", (event) => gaps.push(event));
          await room.join();
        })
        """
            .formatted(options, Tab.quote(room)));
  }

  private void heard(String json) {
    tab.await("JSON.stringify(heard) === " + Tab.quote(json));
  }

  @Test
  void itTalksByWebSocket() {
    joined("{}", "room 1/ä");
    tab.evaluate("room.send({ text: 'hi' })");
    heard("[{\"text\":\"hi\"}]");
    assertThat(tab.evaluate("client.transport + ' ' + client.state"))
        .isEqualTo("websocket connected");
    assertThat(tab.problems()).isEmpty();
  }

  @Test
  void itTalksByHttp() {
    joined("{ transport: 'http' }", "kept:room 1/ä");
    tab.evaluate("room.send(1).then(() => room.send(2))");
    heard("[1,2]");
    assertThat(tab.evaluate("room.offset")).isEqualTo(2L);
    assertThat(tab.evaluate("room.leave().then(() => room.state)")).isEqualTo("left");
    assertThat(tab.problems()).isEmpty();
  }

  @Test
  void itGoesOverToHttpWhereWebSocketsAreBlocked() {
    joined("{ WebSocket: class { constructor() { throw new Error('blocked'); } } }", "room1");
    assertThat(tab.evaluate("client.transport")).isEqualTo("http");
    tab.evaluate("room.send('through')");
    heard("[\"through\"]");
  }

  @Test
  void itComesBackWhenTheServerDoes() throws IOException {
    joined("{}", "room1");
    int port = server.port();
    server.close();
    tab.await("client.state === 'waiting'");
    // Kept until there is a connection.
    tab.evaluate("void room.send('kept').then(() => (window.sent = true))");
    server = serverAt(port);
    tab.await("window.sent");
    heard("[\"kept\"]");
    assertThat(tab.evaluate("gaps.map((gap) => gap.reason).join()")).isEqualTo("connection");
  }

  /** What a page's script is shown to be, in the documents. */
  private static List<String> scripts(String document) throws IOException {
    String text = Files.readString(Path.of("..", document));
    return Pattern.compile("(?s)```(?:html\n<script type=\"module\">|js)\n(.*?)(?:</script>\n)?```")
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(script -> script.contains("from \"/roomcast.js\""))
        .toList();
  }

  @Test
  void theScriptsInTheDocumentsTalk() throws IOException {
    for (String document : List.of("README.md", "client-js/README.md")) {
      List<String> scripts = scripts(document);
      assertThat(scripts).as(document).hasSize(1);
      tab.evaluate(
          "console.log = (...args) => (window.logged = args.at(-1)), delete window.logged");
      // Only a module may import otherwise, and the page's policy lets in no other script.
      String body =
          scripts
              .getFirst()
              .replaceFirst("import (.*?) from (.*?);", "const $1 = await import($2);");
      tab.evaluate("(async () => {" + body + "})()");
      tab.await("window.logged === 'hi'");
    }
    assertThat(tab.problems()).isEmpty();
  }

  @Test
  void itDoesNotWaitWhenTheNetworkIsBack() throws IOException {
    joined("{}", "room1");
    int port = server.port();
    server.close();
    tab.await("client.state === 'waiting'");
    server = serverAt(port);
    tab.evaluate("client.on('state', ({ state }) => (window.next ??= state))");
    tab.evaluate("window.dispatchEvent(new Event('online'))");
    assertThat(tab.evaluate("window.next")).isEqualTo("connecting");
    tab.await("room.state === 'joined'");
  }
}
