package io.roomcast.room;

/** Decides who a client is from the token it shows. Thread-safe; fast enough for an event loop. */
public interface Authenticator {

  /** Whether commands are taken from clients that showed no token. */
  boolean open();

  /**
   * Checks a token.
   *
   * @return who the client is, when the token is good
   * @throws Refused with a reason that may be told to the client
   */
  Identity check(String token) throws Refused;

  /**
   * Who a token speaks for.
   *
   * @param user the public id, shown to others as a message's {@code from}; or empty
   * @param expiresMillis when the token ends, ms since the epoch; {@link Long#MAX_VALUE} for never
   */
  record Identity(String user, long expiresMillis) {
    /** Nobody in particular. */
    public static final Identity ANONYMOUS = new Identity("", Long.MAX_VALUE);
  }

  /** The token is not good. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reason says nothing about keys and repeats no part of the token. */
    public Refused(String reason) {
      super(reason, null, false, false);
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
        public Identity check(String token) {
          return Identity.ANONYMOUS;
        }
      };
}
