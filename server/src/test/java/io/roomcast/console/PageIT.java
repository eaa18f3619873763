package io.roomcast.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.auth.TokenMaker;
import io.roomcast.room.Time;
import io.roomcast.testing.Browser;
import io.roomcast.testing.Tab;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person does on the page, in a real browser against a real server. */
final class PageIT {
  private static Browser browser;

  private Roomcast server;
  private String url;
  private Person ada;
  private Person grace;

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
    url = "http://127.0.0.1:" + server.port() + "/";
    ada = new Person(browser);
    grace = new Person(browser);
  }

  @AfterEach
  void close() {
    Stream.of(ada, grace).forEach(Person::close);
    server.close();
  }

  private static Roomcast serverAt(int port) throws IOException {
    return Roomcast.builder().port(port).drain(Duration.ofMillis(100)).start();
  }

  private void nothingWentWrong() {
    assertThat(ada.tab().problems()).isEmpty();
    assertThat(grace.tab().problems()).isEmpty();
  }

  @Test
  void twoPeopleTalk() {
    ada.at(url).joins("room1").isCalled("Ada");
    grace.at(url + "#room1").seesRoom("room1");
    ada.says("Is anybody here?");
    grace.sees("Is anybody here?");
    grace.sees("Ada");
    grace.says("Yes.\nI am.");
    ada.sees("Yes.\nI am.");
    ada.sees("You");
    assertThat(ada.tab().evaluate("document.querySelectorAll('.own').length")).isEqualTo(1L);
    assertThat(ada.tab().evaluate("document.querySelectorAll('.message').length")).isEqualTo(2L);
    assertThat(ada.tab().evaluate("document.querySelector('#text').value")).isEqualTo("");
    nothingWentWrong();
  }

  @Test
  void jsonIsSentAndShownAsJson() {
    ada.at(url).joins("room1");
    grace.at(url).joins("room1");
    ada.tab().fill("#text", "{\"x\":1,\"y\":[true]}");
    ada.sees("Sends as JSON");
    ada.tab().press("Enter");
    grace.sees("{\n  \"x\": 1,\n  \"y\": [\n    true\n  ]\n}");
    nothingWentWrong();
  }

  @Test
  void whatLooksLikeMarkupIsText() {
    ada.at(url).joins("<b>room</b>");
    grace.at(url).joins("<b>room</b>").isCalled("<i>Grace</i>");
    grace.says("<img src=x onerror=alert(1)>");
    ada.sees("<img src=x onerror=alert(1)>");
    ada.sees("<i>Grace</i>");
    assertThat(ada.tab().evaluate("document.querySelectorAll('main img, b, i').length"))
        .isEqualTo(0L);
    nothingWentWrong();
  }

  @Test
  void aRoomNotShownCountsWhatIsUnread() {
    ada.at(url).joins("room1").joins("room2");
    grace.at(url).joins("room1");
    grace.says("one");
    grace.says("two");
    ada.seesUnread("room1", "2");
    ada.tab().await("document.title === '(2) room2 · Roomcast'");
    ada.opens("room1");
    ada.sees("two");
    ada.seesUnread("room1", "");
    nothingWentWrong();
  }

  @Test
  void whoLeftGetsNothingMore() {
    ada.at(url).joins("room1").joins("room2");
    grace.at(url).joins("room1");
    ada.leaves("room1");
    grace.says("unheard");
    grace.sees("unheard");
    ada.joins("room1");
    grace.says("heard");
    ada.sees("heard");
    assertThat(ada.doesNotSee("unheard")).isTrue();
    nothingWentWrong();
  }

  @Test
  void anErrorIsShownInWords() {
    ada.at(url);
    ada.tab().fill("#join-room", "x".repeat(201));
    ada.tab().press("Enter");
    ada.sees("Not joined: room must be at most 200 bytes of UTF-8");
    ada.sees("Trying the same again will not help.");
    nothingWentWrong();
  }

  @Test
  void itComesBackWhenTheServerDoes() throws IOException {
    ada.at(url).joins("room1").joins("room2");
    grace.at(url).joins("room2");
    int port = server.port();
    server.close();
    ada.seesState("waiting");
    ada.says("too early");
    ada.sees("This is sent when the connection is back");
    server = serverAt(port);
    ada.seesState("connected");
    grace.seesState("connected");
    ada.sees("may be missing");
    grace.sees("may be missing");
    // Sent by itself; Grace may not have been back by then, as she was told.
    ada.tab().await("document.querySelectorAll('.own').length === 1");
    ada.says("in time");
    grace.sees("in time");
  }

  @Test
  void roomsAndNameAreRemembered() {
    ada.at(url).joins("room1").joins("room 2/ä").isCalled("Ada");
    ada.at(url);
    ada.seesRoom("room 2/ä");
    ada.opens("room1");
    ada.says("back");
    ada.sees("back");
    assertThat(ada.tab().evaluate("document.querySelector('#name').value")).isEqualTo("Ada");
    nothingWentWrong();
  }

  @Test
  void itAsksForATokenWhereOneIsNeeded() throws IOException {
    server.close();
    String secret = "a secret that is long enough for it";
    server = Roomcast.builder().port(0).drain(Duration.ZERO).tokenSecret(secret).start();
    ada.tab().open("http://127.0.0.1:" + server.port() + "/#room1");
    ada.seesState("unauthorized");
    ada.tab().fill("#token-value", "nonsense");
    ada.tab().press("Enter");
    ada.sees("Not a signed JSON Web Token");
    ada.tab()
        .fill(
            "#token-value",
            TokenMaker.withSecret(secret, Time.SYSTEM)
                .make(new TokenMaker.Draft("ada", Duration.ofMinutes(1))));
    ada.tab().press("Enter");
    ada.seesRoom("room1");
    ada.says("let in");
    ada.sees("let in");
    assertThat(ada.tab().evaluate("JSON.stringify(localStorage).includes('eyJ')")).isEqualTo(false);
    nothingWentWrong();
  }

  @Test
  void theKeyboardIsEnough() {
    ada.at(url);
    ada.tab().press("Tab");
    ada.tab().type("room1");
    ada.tab().press("Enter");
    ada.seesRoom("room1");
    ada.tab().type("first line");
    ada.tab().pressWithShift("Enter");
    ada.tab().type("second line");
    ada.tab().press("Enter");
    ada.sees("first line\nsecond line");
    nothingWentWrong();
  }

  @Test
  void aNewcomerIsShownWhatToDo() throws Exception {
    ada.at(url);
    ada.tab().click("#welcome-actions a");
    ada.seesRoom("room1");
    ada.sees("npx wscat -c ws://127.0.0.1:" + server.port() + "/ws");
    ada.sees("./roomcast sub --url ws://127.0.0.1:" + server.port() + "/ws room1");
    String curl = url + "v1/rooms/room1/messages";
    ada.sees("curl -d 'hi' " + curl);
    ada.tab().click(".copy");
    ada.sees("Copied");
    assertThat(post(curl, "hi from a terminal")).isBetween(200, 299);
    ada.sees("hi from a terminal");
    nothingWentWrong();
  }

  private static int post(String address, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void aPhoneNeverScrollsSideways() {
    Tab phone = ada.tab();
    phone.viewport(360, 640, true);
    ada.at(url).canScrollOnlyUpAndDown();
    Stream.of("room1", "a-room-with-a-name-that-is-longer-than-any-phone-is-wide", "r3", "r4")
        .forEach(ada::joins);
    ada.canScrollOnlyUpAndDown();
    ada.says("w".repeat(300));
    ada.says("{\"" + "k".repeat(200) + "\":\"" + "v".repeat(200) + "\"}");
    phone.await("document.querySelectorAll('.message').length === 2");
    ada.canScrollOnlyUpAndDown();
    nothingWentWrong();
  }

  @Test
  void aBusyRoomKeepsTheNewest() {
    ada.at(url).joins("room1");
    for (int i = 1; i <= 620; i++) {
      server.publish("room1", "\"message " + i + "\"").toCompletableFuture().join();
    }
    ada.sees("message 620");
    ada.tab().await("document.querySelectorAll('.message').length === 500");
    assertThat(ada.doesNotSee("message 120\n")).isTrue();
    nothingWentWrong();
  }
}
