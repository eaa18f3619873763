package io.roomcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A page in a {@link Browser}, used as a person does: by real key presses and clicks. */
public final class Tab implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Map<String, Integer> KEY_CODES =
      Map.of("Enter", 13, "Tab", 9, "Escape", 27, "Backspace", 8, "Delete", 46);
  private static final int SHIFT = 8;
  private static final int CONTROL = 2;

  private final DevTools devTools;
  private final String session;
  private final String context;
  private final List<String> problems = new CopyOnWriteArrayList<>();

  /**
   * Takes over a blank page.
   *
   * @param session the link's session with the page
   * @param context the browser context that is the page's alone
   */
  Tab(DevTools devTools, String session, String context) {
    this.devTools = devTools;
    this.session = session;
    this.context = context;
    devTools.listen(this::note);
    for (String domain : List.of("Page", "Runtime", "Log")) {
      call(domain + ".enable", Map.of());
    }
    call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    viewport(1280, 800, false);
  }

  /** Goes to an address and waits until the page has loaded. */
  public void open(String url) {
    Object error = call("Page.navigate", Map.of("url", url)).get("errorText");
    if (error != null) {
      throw new IllegalStateException(url + ": " + error);
    }
    await("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /**
   * The value of a JavaScript expression: null, Boolean, Long, Double, String, List or Map. A
   * promise is waited for.
   *
   * @throws IllegalStateException when it throws
   */
  public @Nullable Object evaluate(String expression) {
    Map<String, @Nullable Object> answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.get("exceptionDetails") != null) {
      throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
    }
    return DevTools.object(answer.get("result")).get("value");
  }

  /** Waits, at most 15 seconds, until an expression is true. */
  public void await(String expression) {
    await(expression, expression);
  }

  private void await(String what, String expression) {
    try {
      Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(25))
          .ignoreExceptions() // The page may be on its way to another.
          .until(() -> Boolean.TRUE.equals(evaluate(expression)));
    } catch (ConditionTimeoutException e) {
      Object text = evaluate("document.body.innerText");
      throw new AssertionError(what + " did not come true. The page:\n" + text, e);
    }
  }

  /** Clicks into the middle of the first element that the CSS selector finds and that is shown. */
  public void click(String selector) {
    String middle = "(" + MIDDLE + ")(" + quote(selector) + ")";
    await("element to click: " + selector, middle + " !== null");
    List<?> at = (List<?>) evaluate(middle);
    if (at == null) {
      throw new IllegalStateException(selector + " is gone");
    }
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      Map<String, Object> event =
          Map.of("type", type, "x", at.get(0), "y", at.get(1), "button", "left", "clickCount", 1);
      call("Input.dispatchMouseEvent", event);
    }
  }

  /** Brings an element into view; its middle, unless something else lies over it. */
  private static final String MIDDLE =
      """
      (selector) => {
        const found = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
        if (!found) return null;
        found.scrollIntoView({ block: "nearest", inline: "nearest" });
        const { left, top, width, height } = found.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        return found.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
      }
      """;

  /** Clicks into a field, empties it, and writes. */
  public void fill(String selector, String text) {
    click(selector);
    key("a", CONTROL, "selectAll");
    press("Delete");
    type(text);
  }

  /** Writes where the focus is. */
  public void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /** Presses and releases a key: Enter, Tab, Escape, Backspace or Delete. */
  public void press(String key) {
    key(key, 0, "");
  }

  /** The same with Shift held. */
  public void pressWithShift(String key) {
    key(key, SHIFT, "");
  }

  private void key(String key, int modifiers, String editing) {
    int code = KEY_CODES.getOrDefault(key, (int) Character.toUpperCase(key.charAt(0)));
    String text = key.equals("Enter") ? "\r" : "";
    Map<String, Object> down =
        Map.of(
            "type", text.isEmpty() ? "rawKeyDown" : "keyDown",
            "key", key,
            "code", key.length() == 1 ? "Key" + key.toUpperCase(java.util.Locale.ROOT) : key,
            "windowsVirtualKeyCode", code,
            "modifiers", modifiers,
            "text", text,
            "commands", editing.isEmpty() ? List.of() : List.of(editing));
    call("Input.dispatchKeyEvent", down);
    call(
        "Input.dispatchKeyEvent",
        Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
  }

  /** Sets the size of the page in CSS pixels. */
  public void viewport(int width, int height, boolean phone) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
    call("Emulation.setTouchEmulationEnabled", Map.of("enabled", phone));
  }

  /** Says what the person prefers. */
  public void dark(boolean dark) {
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  /** Writes what the page looks like as a PNG. */
  public void screenshot(Path file) {
    Object data = JsonTree.at(call("Page.captureScreenshot", Map.of("format", "png")), "data");
    try {
      Files.write(file, Base64.getDecoder().decode(data.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What went wrong in the page so far: exceptions, errors on the console, and what the browser
   * itself complains of, such as a violation of the content security policy.
   */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  private void note(String from, String method, Map<String, @Nullable Object> params) {
    if (!from.equals(session)) {
      return;
    }
    Map<String, @Nullable Object> entry = DevTools.object(params.get("entry"));
    boolean wrong =
        switch (method) {
          case "Runtime.exceptionThrown" -> true;
          case "Runtime.consoleAPICalled" -> "error".equals(params.get("type"));
          case "Log.entryAdded" -> "error".equals(entry.get("level"));
          default -> false;
        };
    if (wrong) {
      problems.add(method + " " + params);
    }
  }

  /** Closes the tab and forgets what it stored. */
  @Override
  public void close() {
    devTools.call("", "Target.disposeBrowserContext", Map.of("browserContextId", context));
  }

  private Map<String, @Nullable Object> call(String method, Map<String, ?> params) {
    return devTools.call(session, method, params);
  }

  /** A JavaScript string literal. */
  public static String quote(String text) {
    String json = JsonTree.write(Map.of("a", text));
    return json.substring(json.indexOf(':') + 1, json.length() - 1);
  }
}
