package io.roomcast.room;

import java.util.function.Consumer;

/** Decides where a room's rules leave it to a program of the operator's. Thread-safe. */
@FunctionalInterface
public interface Gate {
  /**
   * Asks. Returns at once; the answer is given exactly once, within the call or later on any
   * thread: {@link Permission#GRANTED}, {@link Permission#DENIED}, or a temporary {@link
   * Permission#UNDECIDED} or {@link Permission#BUSY}.
   */
  void ask(Question question, Consumer<Permission> answer);

  /**
   * What is to be decided.
   *
   * @param session the name of the session that asks; empty for a request over HTTP
   * @param message of {@link Action#SEND}, one JSON value; otherwise empty
   */
  record Question(
      Action action,
      String room,
      Authenticator.Identity identity,
      String session,
      byte[] message) {}

  /** There is no such program. */
  Gate NONE = (question, answer) -> answer.accept(Permission.UNDECIDED);
}
