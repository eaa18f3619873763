package io.roomcast;

import io.roomcast.auth.RemoteKeys;
import io.roomcast.auth.Tokens;
import io.roomcast.config.TokenConfig;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes what checks tokens, as the settings say. */
public final class Authenticators {
  private Authenticators() {}

  /**
   * As a server with these settings has it. To be closed by {@link #close}.
   *
   * @throws IllegalArgumentException when a key cannot be used or read; the message says which
   */
  public static Authenticator of(TokenConfig config, Time time) {
    if (!config.any()) {
      return Authenticator.OPEN;
    }
    RemoteKeys remote = remote(config, time);
    Tokens tokens = tokens(config, remote, time);
    if (remote != null) {
      remote.prefetch();
    }
    return tokens;
  }

  private static @Nullable RemoteKeys remote(TokenConfig config, Time time) {
    return config.keysUrl().isEmpty() ? null : new RemoteKeys(config.keysUrl(), time);
  }

  private static Tokens tokens(TokenConfig config, @Nullable RemoteKeys remote, Time time) {
    return new Tokens(
        config.secret(),
        config.keyFiles().stream().map(Authenticators::text).toList(),
        remote,
        new Tokens.Expected(config.issuer(), config.audience(), config.inUrl()),
        time);
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException("cannot read the token key " + file, e);
    }
  }

  /** Looks at the settings as {@link #of} does, and fetches nothing. */
  static void check(TokenConfig config) {
    if (config.any()) {
      tokens(config, remote(config, Time.SYSTEM), Time.SYSTEM).close();
    }
  }

  /** Ends its threads, if it has any. */
  static void close(Authenticator authenticator) {
    if (authenticator instanceof Tokens tokens) {
      tokens.close();
    }
  }
}
