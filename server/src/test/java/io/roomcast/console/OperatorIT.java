package io.roomcast.console;

import static io.roomcast.testing.Tab.quote;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.auth.ApiKeys;
import io.roomcast.room.Scope;
import io.roomcast.testing.Browser;
import io.roomcast.testing.RedisProcess;
import io.roomcast.testing.Tab;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does on the page, in a real browser against real servers. */
final class OperatorIT {
  private static Browser browser;

  private Roomcast server;
  private Tab operator;
  private Person ada;

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
    server =
        Roomcast.builder()
            .port(0)
            .nodeName("alpha")
            .drain(Duration.ofMillis(100))
            .rules(List.of("kept:* log=100/1h"))
            .start();
    operator = browser.newTab();
    ada = new Person(browser);
  }

  @AfterEach
  void close() {
    operator.close();
    ada.close();
    server.close();
  }

  private void operate() {
    operator.open(page("/console/operator.html"));
    operator.await("document.querySelector('#state').dataset.phase === 'connected'");
  }

  private String page(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private void sees(String text) {
    operator.await("document.body.innerText.includes(" + quote(text) + ")");
  }

  private String text(String selector) {
    return String.valueOf(
        operator.evaluate("document.querySelector(" + quote(selector) + ").innerText"));
  }

  private void textBecomes(String selector, String text) {
    operator.await("document.querySelector(" + quote(selector) + ").innerText === " + quote(text));
  }

  private void nothingWentWrong() {
    assertThat(operator.problems()).isEmpty();
  }

  @Test
  void theNodeAndItsRoomsAreShownAndFollowTheTimes() {
    operate();
    sees("alpha");
    sees("ready · one node, in memory");
    sees("No room has members now.");
    ada.at(page("/")).joins("room1").joins("<b>room2</b>");
    operator.await("document.querySelectorAll('#room-rows tr').length === 2");
    textBecomes("#room-rows", "<b>room2</b>\t1\t0.0\nroom1\t1\t0.0");
    sees("1 node, 1 session, 2 memberships");
    operator.await("document.querySelectorAll('#charts polyline[points*=\",\"]').length === 4");
    operator.fill("#prefix", "room");
    operator.press("Enter");
    textBecomes("#room-rows", "room1\t1\t0.0");
    ada.opens("room1");
    for (int i = 0; i < 10; i++) {
      ada.says("message " + i);
    }
    operator.await("Number(document.querySelector('#room-rows td:last-child').innerText) > 0");
    nothingWentWrong();
  }

  @Test
  void aRoomIsFollowedLiveAndPublishedTo() {
    ada.at(page("/")).joins("kept:one").isCalled("Ada");
    operate();
    operator.click("[title='Follow kept:one']");
    textBecomes("#tail-state", "live");
    ada.says("Is anybody watching?");
    operator.await("document.querySelectorAll('#tail-lines li').length === 1");
    assertThat(text("#tail-lines")).contains("#1 Ada").endsWith("Is anybody watching?");
    operator.await("Number(document.querySelector('#tail-rate').innerText) > 0");
    assertThat(text("#tail-position")).endsWith(":1");
    operator.fill("#publish-text", "{\"from\":\"above\"}");
    operator.press("Enter");
    sees("Published as number 2");
    ada.sees("\"from\": \"above\"");
    operator.click("#tail-pause");
    ada.says("unseen");
    ada.sees("unseen");
    operator.await("document.querySelector('#tail-position').innerText.endsWith(':3')");
    assertThat(text("#tail-lines")).doesNotContain("unseen");
    operator.click("#tail-pause");
    sees("unseen");
    operator.click("#tail-stop");
    operator.await("document.querySelector('#tail').hidden");
    nothingWentWrong();
  }

  @Test
  void aUsersSessionsAreFoundAndDisconnected() {
    ada.at(page("/")).joins("room1").isCalled("Ada");
    operate();
    operator.fill("#session-name", "nobody");
    operator.press("Enter");
    sees("0 sessions");
    operator.fill("#session-name", "Ada");
    operator.press("Enter");
    sees("1 session");
    assertThat(text("#session-rows")).contains("\tAda\talpha\twebsocket\troom1");
    operator.click("#session-end");
    sees("Disconnect them: sure?");
    ada.seesState("connected");
    operator.click("#session-end");
    sees("1 session disconnected");
    ada.seesState("closed");
    nothingWentWrong();
  }

  @Test
  void itAsksForAKeyWhereOneIsNeeded() throws IOException {
    server.close();
    String key = ApiKeys.generate();
    String line = ApiKeys.line("ops", Set.of(Scope.values()), key);
    server = Roomcast.builder().port(0).apiKeys(List.of(line)).start();
    operator.open(page("/console/operator.html"));
    operator.await("document.querySelector('#state').dataset.phase === 'unauthorized'");
    operator.fill("#key-value", "rck_wrong");
    operator.press("Enter");
    operator.await("document.querySelector('#state').dataset.phase === 'unauthorized'");
    operator.fill("#key-value", key);
    operator.press("Enter");
    operator.await("document.querySelector('#state').dataset.phase === 'connected'");
    assertThat(operator.evaluate("JSON.stringify(localStorage).includes('rck_')")).isEqualTo(false);
    operator.fill("#tail-room", "room1");
    operator.press("Enter");
    textBecomes("#tail-state", "live");
    operator.fill("#publish-text", "by key");
    operator.press("Enter");
    sees("by key");
  }

  @Test
  void redisIsShownWithItsLagAndWhenItIsAway() throws IOException {
    server.close();
    try (RedisProcess redis = RedisProcess.start()) {
      server = Roomcast.builder().port(0).redis(redis.uri()).nodeName("beta").start();
      operate();
      sees("ready · Redis");
      operator.await("/\\d ms/.test(document.querySelector('.node').innerText)");
      redis.kill9();
      sees("not ready · Redis");
    }
  }

  @Test
  void theKeyboardIsEnough() {
    ada.at(page("/")).joins("room1");
    operate();
    operator.await("document.querySelector('#room-rows button') !== null");
    for (int i = 0; i < 20; i++) {
      if (Boolean.TRUE.equals(
          operator.evaluate("document.activeElement.title === 'Follow room1'"))) {
        break;
      }
      operator.press("Tab");
    }
    operator.press("Enter");
    textBecomes("#tail-state", "live");
    nothingWentWrong();
  }

  @Test
  void aPhoneNeverScrollsSideways() {
    operator.viewport(360, 640, true);
    ada.at(page("/"))
        .joins("a-room-with-a-name-that-is-longer-than-any-phone-is-wide")
        .isCalled("Ada");
    operate();
    operator.await("document.querySelector('#room-rows button') !== null");
    operator.click("#room-rows button");
    textBecomes("#tail-state", "live");
    ada.says("w".repeat(300));
    operator.await("document.querySelectorAll('#tail-lines li').length === 1");
    operator.fill("#session-name", "Ada");
    operator.press("Enter");
    sees("1 session");
    assertThat(operator.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    nothingWentWrong();
  }
}
