package io.roomcast.room;

import io.roomcast.room.Authenticator.Identity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The revocations that a node knows, each until its time is over; at most {@value #MOST}.
 * Thread-safe.
 */
final class Revocations {
  static final int MOST = 100_000;

  private final Map<Key, Revocation> all = new ConcurrentHashMap<>();
  private final Time time;

  private record Key(Revocation.Kind kind, String value) {}

  Revocations(Time time) {
    this.time = time;
  }

  /**
   * Remembers one; of two for the same, the later.
   *
   * @return whether it says more than what is known
   * @throws IllegalStateException when that is too many
   */
  boolean add(Revocation revocation) {
    long now = time.wallMillis();
    if (revocation.untilMillis() <= now) {
      return false;
    }
    if (all.size() >= MOST) {
      all.values().removeIf(old -> old.untilMillis() <= now);
      if (all.size() >= MOST) {
        throw new IllegalStateException("too many revocations are remembered");
      }
    }
    Key key = new Key(revocation.kind(), revocation.value());
    Revocation before = all.get(key);
    Revocation kept =
        all.merge(key, revocation, (old, fresh) -> fresh.atMillis() > old.atMillis() ? fresh : old);
    return !kept.equals(before);
  }

  /** Whether a session of that name is not taken. */
  boolean coverSession(String session) {
    return !all.isEmpty() && covered(Revocation.Kind.SESSION, session);
  }

  /** Whether a token has been revoked, by its id or with its user's others. */
  boolean cover(Identity identity) {
    return !all.isEmpty() && tokenCovered(identity);
  }

  private boolean tokenCovered(Identity identity) {
    if (covered(Revocation.Kind.TOKEN, identity.tokenId())) {
      return true;
    }
    Revocation user = find(Revocation.Kind.USER, identity.user());
    // Times in tokens are whole seconds: one of the same second is taken to be from before.
    return user != null && identity.issuedMillis() <= user.atMillis();
  }

  private boolean covered(Revocation.Kind kind, String value) {
    return find(kind, value) != null;
  }

  private @Nullable Revocation find(Revocation.Kind kind, String value) {
    if (value.isEmpty()) {
      return null;
    }
    Revocation found = all.get(new Key(kind, value));
    return found == null || found.untilMillis() <= time.wallMillis() ? null : found;
  }
}
