package io.roomcast.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.testing.Browser;
import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.FaultProxy.Way;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.Tab;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** permessage-deflate as a browser has it; what goes over the wire is counted on its way. */
final class DeflateBrowserIT {
  private static final int MESSAGES = 20;
  private static final int CHARS = 3000;

  /** Has each message answered before the next, so that none is joined to another. */
  private static final String TALK =
      """
      window.heard = [];
      window.sent = Array.from({length: %d}, (none, i) => `${i} é `.repeat(%d).slice(0, %d));
      window.socket = new WebSocket(`ws://${location.host}/ws`);
      const say = () => socket.send(JSON.stringify(
          {type: "sendMessage", room: "r", message: sent[heard.length]}));
      socket.onopen = () => socket.send(JSON.stringify({type: "SUBSCRIBE", id: 1, room: "r"}));
      socket.onmessage = (event) => {
        const said = JSON.parse(event.data);
        if (said.type === "message") {
          heard.push(said.message);
        }
        if (["subscribed", "message"].includes(said.type) && heard.length < sent.length) {
          say();
        }
      };
      """
          .formatted(MESSAGES, CHARS, CHARS);

  @Test
  void chromiumIsSentCompressedFramesAndSendsThem() throws IOException {
    try (Roomcast server =
            Roomcast.builder().port(0).compression(true).drain(Duration.ofMillis(100)).start();
        FaultProxy network = FaultProxy.before(server.port());
        Browser browser = Browser.start();
        Tab tab = browser.newTab();
        RawWebSocket plain = RawWebSocket.open(server.port())) {
      plain.join("r");
      tab.open("http://127.0.0.1:" + network.port() + "/");
      tab.await("document.querySelector('#state').dataset.phase === 'connected'");
      long toServer = network.passed(Way.TO_SERVER);
      long toClient = network.passed(Way.TO_CLIENT);
      tab.evaluate(TALK);
      tab.await("heard.length === sent.length");
      assertThat(tab.evaluate("socket.extensions"))
          .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
      assertThat(tab.evaluate("JSON.stringify(heard) === JSON.stringify(sent)")).isEqualTo(true);
      long whole = (long) MESSAGES * CHARS;
      assertThat(network.passed(Way.TO_SERVER) - toServer).isBetween(1L, whole / 5);
      assertThat(network.passed(Way.TO_CLIENT) - toClient).isBetween(1L, whole / 5);
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(plain.hear()).contains((i + " é ").repeat(100));
      }
    }
  }
}
