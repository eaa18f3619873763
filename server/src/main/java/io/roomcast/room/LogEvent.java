package io.roomcast.room;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * What is written to the log, each with a code that stays when its words change. The closed list:
 * docs/operations.md repeats it, and a test keeps both equal. No entry has a message, a token or a
 * key in it.
 */
public enum LogEvent {
  /** A connection to Redis is there. */
  REDIS_CONNECTED("redis.connected"),
  /** A connection to Redis could not be made; said once, and not at each attempt. */
  REDIS_UNREACHABLE("redis.unreachable"),
  /** A connection to Redis was lost. */
  REDIS_LOST("redis.lost"),
  /** What another node or the server API asked for could not be done here in time. */
  COMMAND_FAILED("cluster.command_failed"),
  /** Another node asked, and could not be answered. */
  ANSWER_FAILED("cluster.answer_failed"),
  /** A client's connection ended by a fault of the server's own. */
  CONNECTION_FAILED("connection.failed"),
  /** A request could not be answered by a fault of the server's own. */
  REQUEST_FAILED("request.failed"),
  /** A user, an address or the node is at a limit; said at most once in ten seconds. */
  LIMIT_REACHED("limit.reached"),
  /** A certificate is served, from the start or in place of an earlier one. */
  TLS_CERTIFICATE("tls.certificate"),
  /** The certificate's files have changed and cannot be served; the earlier one stays. */
  TLS_REFUSED("tls.refused"),
  /** The certificate has expired, or is not good yet. */
  TLS_EXPIRED("tls.expired"),
  /** Something that should not happen: a fault of the server's own. */
  FAULT("fault");

  private final String code;

  LogEvent(String code) {
    this.code = code;
  }

  /** What stands in the log. */
  public String code() {
    return code;
  }

  /** What an entry is marked with. */
  public Marker marker() {
    return MarkerFactory.getMarker(code);
  }
}
