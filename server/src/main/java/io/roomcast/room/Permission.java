package io.roomcast.room;

import io.roomcast.protocol.ErrorCode;

/** Whether somebody may do something in a room, and if not, what it would take. */
public enum Permission {
  /** It may be done. */
  GRANTED(ErrorCode.INTERNAL, ""),
  /** By somebody who has shown a token. */
  NEEDS_USER(ErrorCode.UNAUTHORIZED, "a valid token is needed"),
  /** By somebody whose token allows it in this very room. */
  NEEDS_GRANT(ErrorCode.FORBIDDEN, "a token that allows it in this room is needed"),
  /** By the server API alone. */
  SERVER_ONLY(ErrorCode.FORBIDDEN, "only the server API may"),
  /** It is to be asked: see {@link Gate}. Never an answer of that. */
  ASK(ErrorCode.UNAVAILABLE, "it is still to be decided"),
  /** The operator's program said no. */
  DENIED(ErrorCode.FORBIDDEN, "refused by the operator's own program"),
  /** The operator's program gave no answer in time. */
  UNDECIDED(ErrorCode.UNAVAILABLE, "it could not be decided now; try again"),
  /** Too many wait for a decision. */
  BUSY(ErrorCode.OVERLOADED, "too many wait for a decision; try again");

  private final ErrorCode error;
  private final String need;

  Permission(ErrorCode error, String need) {
    this.error = error;
    this.need = need;
  }

  /** What tells a client of it, unless it was {@link #GRANTED}. */
  public ErrorCode error() {
    return error;
  }

  /** The same in words. */
  public String text(Action action) {
    return "the room's rules for " + action.word() + " do not allow it: " + need;
  }

  /**
   * Decides. Allocates nothing.
   *
   * @param identity who asks, {@link Authenticator.Identity#ANONYMOUS} also when the token is over
   * @param granted what a token for this one room allows beside that, a sum of {@link Action#bit}
   * @param open whether the server asks nobody for a token
   */
  static Permission of(
      WhoMay whoMay,
      Action action,
      String room,
      Authenticator.Identity identity,
      int granted,
      boolean open) {
    if (identity.server()) {
      return GRANTED;
    }
    return switch (whoMay.of(action)) {
      case ADMITTED -> open || identity.signedIn() ? GRANTED : NEEDS_USER;
      case ANYONE -> GRANTED;
      case USER -> identity.signedIn() ? GRANTED : NEEDS_USER;
      case TOKEN ->
          (granted & action.bit()) != 0 || identity.grants().allow(action, room)
              ? GRANTED
              : NEEDS_GRANT;
      case SERVER -> SERVER_ONLY;
      case WEBHOOK -> open || identity.signedIn() ? ASK : NEEDS_USER;
    };
  }
}
