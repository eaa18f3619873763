package io.roomcast.auth;

import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Keyring;
import java.util.List;

/** The API keys of a server that may get others while it runs. Thread-safe. */
public final class LiveKeys implements Keyring {
  private volatile ApiKeys now;

  /**
   * Begins with these.
   *
   * @throws IllegalArgumentException as {@link ApiKeys#of}
   */
  public LiveKeys(List<String> lines) {
    now = ApiKeys.of(lines);
  }

  /**
   * Knows these from now on, and no others.
   *
   * @throws IllegalArgumentException as {@link ApiKeys#of}; the earlier ones then stay
   */
  public void become(List<String> lines) {
    now = ApiKeys.of(lines);
  }

  @Override
  public boolean isEmpty() {
    return now.isEmpty();
  }

  @Override
  public Grant check(String key) throws Refused {
    return now.check(key);
  }
}
