package io.roomcast.room;

import io.roomcast.protocol.Command;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Position;
import io.roomcast.protocol.Reply;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client's question for earlier messages, until it is answered. */
final class HistoryAnswer implements Turns.Turn {
  /** Questions of one session that may wait for their answers, or their turn. */
  static final int MOST = 16;

  private final Session session;
  private final Command.History history;
  private final Limits limits;
  private final Refusals refusals;
  private final LogReader log;

  HistoryAnswer(
      Session session, Command.History history, Limits limits, Refusals refusals, LogReader log) {
    this.session = session;
    this.history = history;
    this.limits = limits;
    this.refusals = refusals;
    this.log = log;
  }

  /** Asks the log, if there is one, when it is its turn; the answer goes to the client. */
  void ask(Rulebook rulebook) {
    if (!rulebook.of(history.room()).log()) {
      refusals.refuse(session, history.id(), ErrorCode.NOT_SUPPORTED, "this room keeps no log");
    } else if (history.id().isEmpty()) {
      // Nobody could tell which question an answer without an id belongs to.
      refusals.refuse(session, "", ErrorCode.INVALID_FIELD, "history needs an id");
    } else if (session.turns().questions() >= MOST) {
      refusals.refuse(
          session,
          history.id(),
          ErrorCode.OVERLOADED,
          MOST + " questions for history wait for their answers already");
    } else {
      session.turns().add(this);
    }
  }

  @Override
  public void extend(long now) {
    // However long it takes to answer those before.
  }

  @Override
  public void begin() {
    read(
        log,
        history,
        limits,
        reply ->
            session
                .lane()
                .execute(
                    () -> {
                      answer(reply);
                      session.turns().done(this);
                    }));
  }

  private void answer(byte @Nullable [] reply) {
    if (reply == null) {
      refusals.refuse(
          session,
          history.id(),
          ErrorCode.UNAVAILABLE,
          "the log was not read: the broker cannot be reached; try again");
    } else {
      session.send(reply);
    }
  }

  /** Asks the log; the answer is null when that was not possible. */
  static void read(
      LogReader log, Command.History history, Limits limits, Consumer<byte @Nullable []> answer) {
    int bytes = limits.pageBytes();
    LogQuery query =
        history.since().known()
            ? LogQuery.after(history.since().offset(), history.limit(), bytes)
            : LogQuery.before(history.before(), history.limit(), bytes);
    log.read(
        history.room(), query, part -> answer.accept(part == null ? null : reply(history, part)));
  }

  private static byte[] reply(Command.History history, LogPart part) {
    Position since = history.since();
    if (since.known() && !part.reachesBackTo(since)) {
      // What is there is not what follows on the position that was named.
      return Reply.historyLost(history.id(), history.room(), part.top());
    }
    List<Publication> publications = part.publications();
    boolean more =
        since.known()
            ? !publications.isEmpty()
                && publications.getLast().position().offset() < part.top().offset()
            : !publications.isEmpty()
                && publications.getFirst().position().offset() > part.oldest();
    return Reply.history(
        history.id(),
        history.room(),
        part.top(),
        publications.stream().map(Publication::json).toList(),
        more);
  }
}
