package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.roomcast.protocol.RoomName;
import io.roomcast.room.Lane;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Quotas;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that is there as a whole, and the way to answer it. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /** W3C Trace Context, version 00; what is not so is left out, as the recommendation asks. */
  private static final Pattern TRACE =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final HttpConnection connection;
  private final HttpRequest request;
  private final Target target;
  private final byte[] body;

  Exchange(HttpConnection connection, HttpRequest request, Target target, byte[] body) {
    this.connection = connection;
    this.request = request;
    this.target = target;
    this.body = body;
  }

  String method() {
    return request.method().name();
  }

  /** Whether the answer's headers alone are wanted. */
  boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  Target target() {
    return target;
  }

  HttpHeaders headers() {
    return request.headers();
  }

  /** A header's value, or empty. */
  String header(CharSequence name) {
    return request.headers().get(name, "");
  }

  /** The trace that the request belongs to; empty when it names none that is well-formed. */
  String trace() {
    String trace = header("traceparent");
    return TRACE.matcher(trace).matches() ? trace : "";
  }

  /** Where it comes from. */
  String address(Quotas quotas) {
    return quotas.address(connection.peer(), request.headers().getAll("x-forwarded-for"));
  }

  byte[] body() {
    return body;
  }

  /** The room that the path <code>/v1/rooms/{room}/…</code> names. */
  String room() throws Problem {
    return room(2);
  }

  /** The room that this part of the path names. */
  String room(int part) throws Problem {
    String room = target.path().get(part);
    String flaw = RoomName.flaw(room);
    if (!flaw.isEmpty()) {
      throw Problem.invalidField("room " + flaw);
    }
    return room;
  }

  /** The lane on which it must be answered. */
  Lane lane() {
    return connection.lane();
  }

  /** Answers. On the lane. */
  void answer(Answer answer) {
    connection.answer(answer);
  }

  /** Refuses. On the lane. */
  void fail(Problem problem) {
    connection.fail(problem);
  }

  /** Does something on the lane, now where this is the lane. From any thread. */
  void onLane(Runnable answer) {
    if (lane().owned()) {
      answer.run();
    } else {
      lane().execute(answer);
    }
  }

  /** Answers with what takes a while to make, and does not keep the lane waiting for it. */
  void answerLater(Callable<Answer> source) {
    Thread.ofVirtual().name("roomcast-http").start(() -> make(source));
  }

  private void make(Callable<Answer> source) {
    Answer answer;
    try {
      answer = source.call();
    } catch (Exception e) {
      LOG.error(
          LogEvent.REQUEST_FAILED.marker(), "Cannot answer {} {}", method(), target.path(), e);
      answer = Problem.internal().answer();
    }
    Answer made = answer;
    try {
      lane().execute(() -> answer(made));
    } catch (RejectedExecutionException e) {
      LOG.debug("The lane has ended, and the connection with it", e);
    }
  }

  /** Puts a stream behind the connection; it hears when the client goes. */
  void attach(EventStream stream) {
    connection.attach(stream);
  }

  /** Leaves the connection to the stream, which writes what it likes from now on. */
  void handOver(Answer head) {
    connection.handOver(head);
  }
}
