package io.roomcast.clientjs;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.Browser;
import io.roomcast.testing.NodeJs;
import io.roomcast.testing.Tab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example, by its one command, and what two people do with it. */
final class ExamplesIT {
  private static final int WAIT_SECONDS = 60;

  private static Browser browser;

  @TempDir private Path directory;

  private Tab one;
  private Tab other;

  @BeforeAll
  static void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
  }

  @BeforeEach
  void open() {
    one = browser.newTab();
    other = browser.newTab();
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  /** Starts an example; the launcher would build, so the server is run without it. */
  private NodeJs run(String example) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String script =
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -cp '%s' io.roomcast.Main \"$@\"\n"
            .formatted(java, System.getProperty("java.class.path"));
    Path roomcast = Files.writeString(directory.resolve("roomcast"), script);
    Files.setPosixFilePermissions(roomcast, PosixFilePermissions.fromString("rwxr-xr-x"));
    return NodeJs.start(
        "../examples/run",
        example,
        "--port",
        "0",
        "--server-port",
        String.valueOf(freePort()),
        "--roomcast",
        roomcast.toString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** Opens the page, when it says where, in both tabs. */
  private String inBoth(NodeJs example) throws InterruptedException {
    String url = example.line("open http", WAIT_SECONDS).replaceAll("open | in two windows", "");
    for (Tab tab : new Tab[] {one, other}) {
      tab.open(url);
      isConnected(tab);
    }
    return url;
  }

  private static void isConnected(Tab tab) {
    tab.await("document.querySelector('#state').innerText.endsWith(', connected')");
  }

  private static void sees(Tab tab, String text) {
    tab.await("document.body.innerText.includes(" + Tab.quote(text) + ")");
  }

  @Test
  void aChatShowsWhatIsSaidAndWasSaid() throws Exception {
    try (NodeJs example = run("chat")) {
      String url = inBoth(example);
      String members = "document.querySelector('#members').innerText.split(',').length";
      one.await(members + " === 2");
      other.await(members + " === 2");
      for (int i = 1; i <= 25; i++) {
        one.fill("#text", "message " + i + ".");
        one.press("Enter");
      }
      sees(other, "message 25.");
      other.open(url);
      sees(other, "message 25.");
      assertThat(other.evaluate("document.querySelectorAll('#messages li:not(.gap)').length"))
          .isEqualTo(20L);
      other.click("#earlier");
      sees(other, "message 1.");
      assertThat(other.evaluate("document.querySelectorAll('#messages li:not(.gap)').length"))
          .isEqualTo(25L);
      assertThat(one.evaluate("document.querySelectorAll('#messages .own').length")).isEqualTo(25L);
      assertThat(one.problems()).isEmpty();
      assertThat(other.problems()).isEmpty();
    }
  }

  @Test
  void cursorsAreSeenLive() throws Exception {
    try (NodeJs example = run("cursors")) {
      inBoth(example);
      one.click("#field");
      other.await("document.querySelectorAll('.cursor').length === 1");
      String name = "document.querySelector('#state').innerText.split(',')[0]";
      assertThat(other.evaluate("document.querySelector('.cursor').dataset.name"))
          .isEqualTo(one.evaluate(name));
      assertThat(one.evaluate("document.querySelectorAll('.cursor').length")).isEqualTo(0L);
    }
  }

  @Test
  void aTextIsSharedAndFoundAgain() throws Exception {
    try (NodeJs example = run("yjs")) {
      String url = inBoth(example);
      one.fill("#text", "one wrote");
      other.await("document.querySelector('#text').value === 'one wrote'");
      other.evaluate("document.querySelector('#text').setSelectionRange(0, 0)");
      other.evaluate("document.querySelector('#text').focus()");
      other.type("another and ");
      one.await("document.querySelector('#text').value === 'another and one wrote'");
      other.open(url);
      other.await("document.querySelector('#text').value === 'another and one wrote'");
      assertThat(one.problems()).isEmpty();
      assertThat(other.problems()).isEmpty();
    }
  }
}
