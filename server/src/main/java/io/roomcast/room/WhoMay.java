package io.roomcast.room;

/** Who may do what in a room. */
public record WhoMay(Audience join, Audience send, Audience members, Audience history) {
  /** Whoever the server lets in may do everything. */
  public static final WhoMay DEFAULT =
      new WhoMay(Audience.ADMITTED, Audience.ADMITTED, Audience.ADMITTED, Audience.ADMITTED);

  /** Who may do this. */
  public Audience of(Action action) {
    return switch (action) {
      case JOIN -> join;
      case SEND -> send;
      case MEMBERS -> members;
      case HISTORY -> history;
    };
  }

  /** The same but for one action. */
  public WhoMay with(Action action, Audience who) {
    return new WhoMay(
        action == Action.JOIN ? who : join,
        action == Action.SEND ? who : send,
        action == Action.MEMBERS ? who : members,
        action == Action.HISTORY ? who : history);
  }

  /** Whether somebody without a token may do anything, even where the server asks for one. */
  boolean anonymous() {
    return join == Audience.ANYONE
        || send == Audience.ANYONE
        || members == Audience.ANYONE
        || history == Audience.ANYONE;
  }

  /** Whether a program of the operator's is to be asked for some of it. */
  boolean asks() {
    return join == Audience.WEBHOOK
        || send == Audience.WEBHOOK
        || members == Audience.WEBHOOK
        || history == Audience.WEBHOOK;
  }

  /** Whether some of it can be fulfilled only where there are keys to check tokens with. */
  boolean needsTokens() {
    return join.needsTokens()
        || send.needsTokens()
        || members.needsTokens()
        || history.needsTokens();
  }
}
