package io.roomcast.console;

import static io.roomcast.testing.Tab.quote;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.Browser;
import io.roomcast.testing.Tab;

/** Somebody who has the page open, with browser storage of their own. */
final class Person implements AutoCloseable {
  private final Tab tab;

  Person(Browser browser) {
    this.tab = browser.newTab();
  }

  Tab tab() {
    return tab;
  }

  /** Opens the page and waits until it is connected. */
  Person at(String url) {
    tab.open(url);
    seesState("connected");
    return this;
  }

  /** Enters a room's name and waits until it is joined. */
  Person joins(String room) {
    tab.fill("#join-room", room);
    tab.press("Enter");
    seesRoom(room);
    return this;
  }

  /** Waits until a room is shown and joined. */
  void seesRoom(String room) {
    tab.await("document.querySelector('#room-name').textContent === " + quote(room));
    tab.await("document.querySelector('#room-status').textContent === ''");
  }

  Person isCalled(String name) {
    tab.fill("#name", name);
    tab.press("Tab");
    return this;
  }

  void says(String text) {
    tab.fill("#text", text);
    tab.press("Enter");
  }

  void opens(String room) {
    tab.click(link(room));
    seesRoom(room);
  }

  void leaves(String room) {
    tab.click("[aria-label=" + quote("Leave " + room) + "]");
    tab.await("document.querySelector(" + quote(link(room)) + ") === null");
  }

  /** Waits until a text stands somewhere on the page. */
  void sees(String text) {
    tab.await("document.body.innerText.includes(" + quote(text) + ")");
  }

  boolean doesNotSee(String text) {
    return Boolean.FALSE.equals(
        tab.evaluate("document.body.innerText.includes(" + quote(text) + ")"));
  }

  void seesUnread(String room, String count) {
    String badge = "document.querySelector(" + quote(link(room) + " .unread") + ")";
    tab.await(badge + ".textContent === " + quote(count));
  }

  void seesState(String phase) {
    tab.await("document.querySelector('#state').dataset.phase === " + quote(phase));
  }

  /** Nothing may lie beyond the right edge. */
  void canScrollOnlyUpAndDown() {
    assertThat(tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  private static String link(String room) {
    return ".room-link[title=" + quote(room) + "]";
  }

  @Override
  public void close() {
    tab.close();
  }
}
