package io.roomcast.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.room.Lane;
import io.roomcast.room.LogEvent;
import io.roomcast.room.Wheel;
import io.roomcast.tls.EndOfOutput;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection, behind an {@link HttpServerCodec}. Answers one request at a time, in
 * order: the next one is taken when the answer to the last has left for the socket, and while
 * requests wait nothing more is read, so that what a client costs is bounded whatever it sends.
 *
 * <pre>
 *   HEAD --a request begins--> BODY --it is whole--> ANSWERING --written--> HEAD
 *     |                         |                       |  '--handOver--> removed
 *     '-------- refused, or a deadline passed ----------'
 *                               v
 *                            CLOSING --the client has closed, or 2 s--> closed
 * </pre>
 *
 * <p>Lives on its lane.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here ends the channel by itself.
public final class HttpConnection extends ChannelInboundHandlerAdapter implements Wheel.Entry {
  /** From the connection, or a later request's first byte, to the request's last one. */
  private static final int REQUEST_SECONDS = 10;

  /** Between requests; and for an answer to be taken by the client. */
  private static final int IDLE_SECONDS = 60;

  /** For the client to read the last answer and close: closing first could take it away again. */
  private static final int CLOSING_SECONDS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private enum State {
    HEAD,
    BODY,
    ANSWERING,
    CLOSING
  }

  private final Lane lane;
  private final HttpRoutes routes;
  private final ArrayDeque<HttpObject> queue = new ArrayDeque<>(2);
  private @Nullable ChannelHandlerContext ctx;
  private State state = State.HEAD;
  private @Nullable Incoming incoming;

  /** The request being answered, as far as its answer depends on it. */
  private boolean keepAlive;

  private boolean oldVersion;

  /** Within {@link #work}. */
  private boolean working;

  /** Whether the present read brought something whole. */
  private boolean heard;

  /** In {@link State#HEAD}: whether the first bytes of a request are there. */
  private boolean begun;

  /** In {@link State#HEAD}: whether a request has been answered before. */
  private boolean idle;

  private int place = -1;

  /** Made for a new connection, on its lane. */
  public HttpConnection(Lane lane, HttpRoutes routes) {
    this.lane = lane;
    this.routes = routes;
  }

  Lane lane() {
    return lane;
  }

  /** The other end; null when it has gone. */
  @Nullable SocketAddress peer() {
    return ctx == null ? null : ctx.channel().remoteAddress();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    lane.wheel().set(this, REQUEST_SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ctx = null;
    lane.wheel().clear(this);
    queue.forEach(ReferenceCountUtil::release);
    queue.clear();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    heard = true;
    if (state == State.CLOSING || !(message instanceof HttpObject object)) {
      ReferenceCountUtil.release(message);
      return;
    }
    queue.add(object);
    work();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (state == State.HEAD && !heard) {
      begun = true;
      if (idle) {
        idle = false;
        lane.wheel().set(this, REQUEST_SECONDS);
      }
    }
    heard = false;
    context.fireChannelReadComplete();
  }

  /** Takes what waits for as long as it may be taken. Answers given meanwhile come back here. */
  private void work() {
    if (working) {
      return;
    }
    working = true;
    HttpObject object;
    while (state != State.ANSWERING && (object = queue.poll()) != null) {
      try {
        take(object);
      } catch (Problem e) {
        refuse(e);
      } finally {
        ReferenceCountUtil.release(object);
      }
    }
    working = false;
    if (ctx != null) {
      ctx.channel().config().setAutoRead(queue.isEmpty());
    }
  }

  private void take(HttpObject object) throws Problem {
    if (state == State.CLOSING) {
      return;
    }
    if (object.decoderResult().isFailure()) {
      throw Problem.ofDecoder(object.decoderResult().cause());
    }
    if (object instanceof HttpRequest request) {
      begin(request);
    }
    Incoming current = incoming;
    if (object instanceof HttpContent content && current != null) {
      current.append(content.content());
      if (content instanceof LastHttpContent) {
        complete(current);
      }
    }
  }

  private void begin(HttpRequest request) throws Problem {
    state = State.BODY;
    keepAlive = HttpUtil.isKeepAlive(request);
    oldVersion = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (idle) {
      idle = false;
      lane.wheel().set(this, REQUEST_SECONDS);
    }
    Incoming current = Incoming.begin(request, routes.bodyBytes(request.uri()));
    if (current.isContinueExpected() && ctx != null) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
    incoming = current;
  }

  private void complete(Incoming current) {
    state = State.ANSWERING;
    incoming = null;
    lane.wheel().clear(this);
    try {
      routes.handle(current.complete(this));
    } catch (Problem e) {
      fail(e);
    } catch (RuntimeException e) {
      LOG.error(LogEvent.REQUEST_FAILED.marker(), "Cannot answer", e);
      fail(Problem.internal());
    }
  }

  /** Answers what cannot be read to its end: nothing after it can be told apart. */
  private void refuse(Problem problem) {
    state = State.ANSWERING;
    incoming = null;
    keepAlive = false;
    fail(problem);
  }

  void fail(Problem problem) {
    ErrorCode code = problem.code();
    if (code != null) {
      routes.node().telemetry().refused(code);
    }
    answer(problem.answer());
  }

  /** Answers the present request. Without effect when that has happened, or the client has gone. */
  void answer(Answer answer) {
    assert lane.owned();
    ChannelHandlerContext to = ctx;
    if (to == null || state != State.ANSWERING) {
      return;
    }
    FullHttpResponse response = answer.toResponse();
    response.headers().set(HttpHeaderNames.DATE, routes.date());
    keepAlive &= !routes.node().draining();
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (oldVersion) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    lane.wheel().set(this, IDLE_SECONDS);
    ChannelFuture written = to.writeAndFlush(response);
    written.addListener(done -> answered(written));
  }

  private void answered(ChannelFuture written) {
    ChannelHandlerContext from = ctx;
    if (from == null) {
      return;
    }
    if (!written.isSuccess()) {
      from.close();
    } else if (keepAlive) {
      state = State.HEAD;
      idle = true;
      begun = false;
      work();
    } else {
      linger(from.channel());
    }
  }

  /** Says that nothing more comes, and drops what still does until the client has read it. */
  private void linger(Channel channel) {
    state = State.CLOSING;
    lane.wheel().set(this, CLOSING_SECONDS);
    work();
    if (!EndOfOutput.on(channel)) {
      channel.close();
    }
  }

  /** Puts a stream behind this; it hears when the client goes. */
  void attach(EventStream stream) {
    if (ctx != null) {
      ctx.pipeline().addLast(stream);
    }
  }

  /**
   * Leaves the connection to the handlers behind this. HTTP has nothing to do on it after the head,
   * the body ends with the connection: so events go out as they are, without a chunk's frame around
   * each.
   */
  void handOver(Answer head) {
    ChannelHandlerContext from = ctx;
    if (from == null) {
      return;
    }
    DefaultHttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, head.status(), head.headers().copy());
    response.headers().set(HttpHeaderNames.DATE, routes.date());
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    from.write(response);
    from.channel().config().setAutoRead(true);
    from.pipeline().remove(this);
    from.pipeline().remove(HttpServerCodec.class);
  }

  @Override
  public void onDeadline() {
    if (state == State.BODY || (state == State.HEAD && begun)) {
      refuse(
          Problem.of(
              HttpResponseStatus.REQUEST_TIMEOUT,
              "a request must be whole within " + REQUEST_SECONDS + " s"));
    } else if (ctx != null) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
      LOG.error(LogEvent.CONNECTION_FAILED.marker(), "Connection failed", cause);
    }
    context.close();
  }

  @Override
  public int place() {
    return place;
  }

  @Override
  public void place(int value) {
    place = value;
  }
}
