package io.roomcast.room;

import java.util.Set;

/** The API keys that this server knows. Thread-safe; fast enough for an event loop. */
public interface Keyring {
  /** What every key begins with, so that it is told from a token, and found where it leaked. */
  String PREFIX = "rck_";

  /** Whether there are none. */
  boolean isEmpty();

  /**
   * Checks a key. Takes the same time whatever is wrong with it, and whichever key it is.
   *
   * @throws Authenticator.Refused when it is none of these
   */
  Grant check(String key) throws Authenticator.Refused;

  /**
   * What a key is good for.
   *
   * @param name tells the keys apart, for people; no secret
   */
  record Grant(String name, Set<Scope> scopes) {
    /** Makes it. */
    public Grant {
      scopes = Set.copyOf(scopes);
    }
  }

  /** No keys: refuses all. */
  Keyring NONE =
      new Keyring() {
        @Override
        public boolean isEmpty() {
          return true;
        }

        @Override
        public Grant check(String key) throws Authenticator.Refused {
          throw new Authenticator.Refused("this server has no API keys");
        }
      };
}
