package io.roomcast.room;

import io.roomcast.protocol.ErrorCode;
import java.util.function.Consumer;

/** Decides who a client is from the token it shows. Thread-safe. */
public interface Authenticator {

  /** Whether commands are taken from clients that showed no token. */
  boolean open();

  /** Whether a token may be shown in a request's URL, where others may come to see it. */
  default boolean inUrl() {
    return false;
  }

  /**
   * Checks a token. Returns at once; the verdict is given exactly once, within the call where that
   * costs an event loop next to nothing, or later on any thread.
   */
  void check(String token, Consumer<Verdict> verdict);

  /** What came of it. */
  sealed interface Verdict permits Identity, Refused {}

  /** What kind of caller somebody is. */
  enum Kind {
    /** Showed no token. */
    ANONYMOUS,
    /** Showed one that is good. */
    USER,
    /** The operator's own program, by a key for the server API. */
    SERVER
  }

  /**
   * Who a token speaks for.
   *
   * @param user the public id, shown to others as a message's {@code from}; or empty
   * @param expiresMillis when the token ends, ms since the epoch; {@link Long#MAX_VALUE} for never
   * @param issuedMillis when it was made, ms since the epoch; 0 when it does not say
   * @param tokenId names the token among all, or empty
   * @param info what others may know of the user, one JSON value; or empty
   * @param grants what it allows in rooms that it names
   */
  record Identity(
      Kind kind,
      String user,
      long expiresMillis,
      long issuedMillis,
      String tokenId,
      String info,
      Grants grants)
      implements Verdict {
    /** Nobody in particular. */
    public static final Identity ANONYMOUS =
        new Identity(Kind.ANONYMOUS, "", Long.MAX_VALUE, 0, "", "", Grants.NONE);

    /** The operator's own program. */
    public static final Identity SERVER =
        new Identity(Kind.SERVER, "", Long.MAX_VALUE, 0, "", "", Grants.NONE);

    /** A user whose token says no more. */
    public Identity(String user, long expiresMillis) {
      this(Kind.USER, user, expiresMillis, 0, "", "", Grants.NONE);
    }

    /** Whether it showed a token. */
    public boolean signedIn() {
      return kind != Kind.ANONYMOUS;
    }

    /** Whether it is one of the operator's own programs, which may do everything in every room. */
    public boolean server() {
      return kind == Kind.SERVER;
    }
  }

  /** The token is not good, or could not be looked at. */
  final class Refused extends Exception implements Verdict {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * Makes it.
     *
     * @param reason may be told to the client: says nothing about keys, and repeats no part of the
     *     token
     */
    public Refused(String reason) {
      this(ErrorCode.UNAUTHORIZED, reason);
    }

    /** The same with another error: a temporary one when the token may be shown again later. */
    public Refused(ErrorCode code, String reason) {
      super(reason, null, false, false);
      this.code = code;
    }

    /** The error that tells a client. */
    public ErrorCode code() {
      return code;
    }

    /** The same in words. */
    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** Takes everybody, and ignores tokens: for a server that is open. */
  Authenticator OPEN =
      new Authenticator() {
        @Override
        public boolean open() {
          return true;
        }

        @Override
        public void check(String token, Consumer<Verdict> verdict) {
          verdict.accept(Identity.ANONYMOUS);
        }
      };
}
