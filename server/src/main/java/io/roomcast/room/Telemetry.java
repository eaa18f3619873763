package io.roomcast.room;

import io.roomcast.protocol.ErrorCode;

/**
 * Counts what happens. Called from any thread, often; never blocks, never throws, and allocates
 * nothing.
 */
public interface Telemetry {
  /** A session began. */
  void opened();

  /** A session ended, with the code its client was given or gave; 1006 when there was none. */
  void closed(int code);

  /** A client's or an API caller's message was taken for publishing. */
  void received();

  /** Publications were written to members: publications times receivers. */
  void delivered(long count);

  /** Something was not passed on. */
  void dropped(DropReason reason, long count);

  /** A command was refused. */
  void refused(ErrorCode code);

  /** Counts nothing. */
  Telemetry NONE =
      new Telemetry() {
        @Override
        public void opened() {}

        @Override
        public void closed(int code) {}

        @Override
        public void received() {}

        @Override
        public void delivered(long count) {}

        @Override
        public void dropped(DropReason reason, long count) {}

        @Override
        public void refused(ErrorCode code) {}
      };
}
