package io.roomcast.client;

import io.roomcast.protocol.WireLimits;
import java.nio.charset.StandardCharsets;

/**
 * How a message is sent.
 *
 * @param key names the publish in its room, at most 128 bytes: a repeat with the same key is the
 *     same message. When it is empty the client makes one
 * @param echo whether this client gets it too, when it is a member
 * @param keep whether it is kept until it can be sent, and tried again; otherwise it is sent at
 *     once or fails at once, without a key of the client's making and in no order with what is kept
 */
public record SendOptions(String key, boolean echo, boolean keep) {
  /** A key of the client's making; to the sender too; kept. */
  public static final SendOptions DEFAULT = new SendOptions("", true, true);

  /** Refuses a key that is too long. */
  public SendOptions {
    if (key.getBytes(StandardCharsets.UTF_8).length > WireLimits.NAME_BYTES) {
      throw new IllegalArgumentException(
          "key must have at most " + WireLimits.NAME_BYTES + " bytes");
    }
  }

  /** With a key of the application's own. */
  public SendOptions withKey(String own) {
    return new SendOptions(own, echo, keep);
  }

  /** Not to the sender itself. */
  public SendOptions withoutEcho() {
    return new SendOptions(key, false, keep);
  }

  /** Now or never: for what is worthless soon, such as the place of a cursor. */
  public SendOptions withoutKeeping() {
    return new SendOptions(key, echo, false);
  }
}
