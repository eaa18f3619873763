package io.roomcast.room;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Reply;

/** Tells clients why a command was not carried out, and parts with those who go on and on. */
final class Refusals {
  private final Telemetry telemetry;
  private final Limits limits;

  Refusals(Telemetry telemetry, Limits limits) {
    this.telemetry = telemetry;
    this.limits = limits;
  }

  /** Sends an error; a client that goes on past its allowance is closed. On the session's lane. */
  void refuse(Session session, String id, ErrorCode code, String text) {
    if (session.closed()) {
      return;
    }
    refuse(session, id, code, text, 0, true);
  }

  /** The same where a limit stood in the way. What the node cannot bear is nobody's own fault. */
  void refuse(Session session, String id, Denial denial) {
    if (!session.closed()) {
      refuse(session, id, denial.code(), denial.text(), denial.afterMillis(), !denial.ofNode());
    }
  }

  private void refuse(
      Session session, String id, ErrorCode code, String text, long afterMillis, boolean counts) {
    telemetry.refused(code);
    session.send(Reply.error(id, code, text, afterMillis));
    if (counts && !session.bill().mayErr(code)) {
      session.close(
          CloseCode.TOO_MANY_ERRORS,
          "more than " + limits.errors() + " errors, and one more each second",
          0);
    }
  }

  void refuse(Session session, String id, Broker.PublishOutcome outcome) {
    refuse(session, id, outcome.error(), outcome.text());
  }
}
