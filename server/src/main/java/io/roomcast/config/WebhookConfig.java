package io.roomcast.config;

import java.time.Duration;
import java.util.List;

/**
 * A program of the operator's that decides and is told. Text that is not set is empty.
 *
 * @param url where it is; empty for none
 * @param secret signs what is sent to it
 * @param connect whether it says who tokens speak for, in place of keys
 * @param events what it is told: {@code rooms} that fill and empty, {@code members} who join and
 *     leave
 * @param within how long an answer may take
 */
public record WebhookConfig(
    String url, String secret, boolean connect, List<String> events, Duration within) {
  /** Rooms that get their first member on a node, and lose their last. */
  public static final String ROOMS = "rooms";

  /** Who joins and leaves. */
  public static final String MEMBERS = "members";

  /** How long an answer may take when nothing else is said. */
  public static final Duration WITHIN = Duration.ofSeconds(1);

  /** There is none. */
  public static final WebhookConfig NONE = new WebhookConfig("", "", false, List.of(), WITHIN);

  /** Characters that the secret needs at least. */
  private static final int SECRET_CHARS = 32;

  /** Makes it; see {@link #check}. */
  public WebhookConfig {
    events = List.copyOf(events);
  }

  /** Whether there is one. */
  public boolean any() {
    return !url.isEmpty();
  }

  /**
   * Refuses what cannot work.
   *
   * @throws IllegalArgumentException saying what
   */
  void check() {
    require(
        any() || (!connect && events.isEmpty() && secret.isEmpty()),
        "webhook-secret, webhook-connect and webhook-events mean nothing without a webhook");
    require(
        !any() || secret.length() >= SECRET_CHARS,
        "a webhook needs a webhook-secret of at least " + SECRET_CHARS + " characters");
    for (String event : events) {
      require(
          event.equals(ROOMS) || event.equals(MEMBERS),
          "webhook-events may be rooms and members, not \"" + event + "\"");
    }
    require(within.isPositive(), "webhook-timeout must be more than 0");
  }

  /** Without the secret, and without what may be one in the address. */
  @Override
  public String toString() {
    return "WebhookConfig[any=%s, connect=%s, events=%s]".formatted(any(), connect, events);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
