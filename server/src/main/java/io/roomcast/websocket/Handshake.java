package io.roomcast.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Authenticator.Verdict;
import io.roomcast.room.Bill;
import io.roomcast.room.Denial;
import io.roomcast.room.Origins;
import io.roomcast.room.Quotas;
import io.roomcast.tls.EndOfOutput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests for {@value #PATH} out of an HTTP connection, and turns it into a WebSocket
 * when all is well. Every other request passes; so does one for {@value #PATH} that comes before
 * the last other request was answered, or after the connection's last answer: no answer may
 * overtake another, nor one get among the frames.
 *
 * <p>Stands behind the HTTP codec and before the HTTP routes; on success those three leave the
 * pipeline, and a {@link WebSocketConnection} is all that stays.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails is told to exceptionCaught.
public final class Handshake extends ChannelDuplexHandler {
  /** Where the WebSocket is. */
  public static final String PATH = "/ws";

  private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final ThreadLocal<MessageDigest> SHA1 = ThreadLocal.withInitial(Handshake::sha1);

  private final WebSocketLane shared;
  private final Origins origins;

  /** For the client to read a refusal and close: closing first could take it away again. */
  private static final int LINGER_SECONDS = 2;

  /** A request for {@link #PATH} whose end has not come. */
  private @Nullable HttpRequest request;

  /** Requests that passed and were not answered yet. */
  private int unanswered;

  /** Whether the answer that is being written is one of several to the same request. */
  private boolean informational;

  /** Whether an answer that passed was the connection's last one. */
  private boolean closing;

  /** Whether a token is being looked at; and whether something came meanwhile, too early. */
  private boolean deciding;

  private boolean early;

  /** What a connection on its way has taken; not its session's yet. */
  private @Nullable Bill bill;

  /** Whether our own answer was the last one: nothing that comes is looked at. */
  private boolean refused;

  /** One for each connection, made on its lane. */
  public Handshake(WebSocketLane shared, Origins origins) {
    this.shared = shared;
    this.origins = origins;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (refused || deciding) {
      early |= deciding;
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest next) {
      if (unanswered == 0 && !closing && next.decoderResult().isSuccess() && isOurs(next.uri())) {
        request = next;
        if (hasBody(next.headers())) {
          refuse(ctx, HttpResponseStatus.BAD_REQUEST, "an upgrade has no body", Map.of());
        }
        return;
      }
      unanswered++;
    }
    HttpRequest ours = request;
    if (ours == null) {
      ctx.fireChannelRead(message);
      return;
    }
    ReferenceCountUtil.release(message);
    if (message instanceof LastHttpContent) {
      request = null;
      answer(ctx, ours);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      closing |=
          response
              .headers()
              .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
    if (message instanceof LastHttpContent && !informational) {
      unanswered--;
    }
    ctx.write(message, promise);
  }

  private static boolean hasBody(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
  }

  private static boolean isOurs(String uri) {
    return uri.startsWith(PATH) && (uri.length() == PATH.length() || uri.charAt(3) == '?');
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest upgrade) {
    HttpHeaders headers = upgrade.headers();
    if (!upgrade.method().equals(HttpMethod.GET)
        || !upgrade.protocolVersion().equals(HttpVersion.HTTP_1_1)
        || !headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      refuse(
          ctx,
          HttpResponseStatus.UPGRADE_REQUIRED,
          "this is a WebSocket: send GET with Upgrade: websocket and Connection: Upgrade",
          Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"));
    } else if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      refuse(
          ctx,
          HttpResponseStatus.UPGRADE_REQUIRED,
          "Sec-WebSocket-Version must be 13",
          Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"));
    } else if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      refuse(
          ctx,
          HttpResponseStatus.BAD_REQUEST,
          "Sec-WebSocket-Key must be 16 bytes in Base64",
          Map.of());
    } else if (headers.getAll(HttpHeaderNames.HOST).size() != 1) {
      refuse(ctx, HttpResponseStatus.BAD_REQUEST, "expected one Host header", Map.of());
    } else if (!originAllowed(headers)) {
      refuse(ctx, HttpResponseStatus.FORBIDDEN, "this Origin is not allowed", Map.of());
    } else if (shared.node().draining()) {
      refuse(
          ctx,
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "the server is shutting down",
          Map.of("Retry-After", "1"));
    } else {
      enter(ctx, upgrade);
    }
  }

  /** Takes a place before a token is looked at, which costs more. */
  private void enter(ChannelHandlerContext ctx, HttpRequest upgrade) {
    Quotas quotas = shared.node().quotas();
    List<String> forwarded = upgrade.headers().getAll("x-forwarded-for");
    Bill entering = quotas.bill(quotas.address(ctx.channel().remoteAddress(), forwarded));
    Denial denial = entering.knock();
    bill = entering;
    if (denial == null) {
      authenticate(ctx, upgrade, entering);
    } else {
      refuse(ctx, denial);
    }
  }

  private void refuse(ChannelHandlerContext ctx, Denial denial) {
    refuse(
        ctx,
        denial.ofNode()
            ? HttpResponseStatus.SERVICE_UNAVAILABLE
            : HttpResponseStatus.TOO_MANY_REQUESTS,
        denial.text(),
        Map.of("Retry-After", denial.retryAfter()));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  /** Gives back what was taken for a connection that does not become a WebSocket. */
  private void release() {
    if (bill != null) {
      bill.end();
      bill = null;
    }
  }

  private boolean originAllowed(HttpHeaders headers) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    String host = headers.get(HttpHeaderNames.HOST);
    return headers.getAll(HttpHeaderNames.ORIGIN).size() <= 1
        && origins.allowed(origin == null ? "" : origin, host == null ? "" : host);
  }

  private void authenticate(ChannelHandlerContext ctx, HttpRequest upgrade, Bill entering) {
    HttpHeaders headers = upgrade.headers();
    ShownToken shown = ShownToken.of(upgrade, shared.node().authenticator());
    if (!shown.flaw().isEmpty()) {
      boolean token = shown.status().equals(HttpResponseStatus.UNAUTHORIZED);
      refuse(ctx, shown.status(), shown.flaw(), token ? CHALLENGE : Map.of());
    } else if (shown.token().isEmpty()) {
      upgrade(ctx, headers, shown, Identity.ANONYMOUS, entering);
    } else {
      deciding = true;
      shared
          .node()
          .admission()
          .check(
              shown.token(),
              verdict -> onLane(() -> decided(ctx, headers, shown, verdict, entering)));
    }
  }

  private void onLane(Runnable task) {
    if (shared.lane().owned()) {
      task.run();
    } else {
      shared.lane().execute(task);
    }
  }

  private void decided(
      ChannelHandlerContext ctx,
      HttpHeaders headers,
      ShownToken shown,
      Verdict verdict,
      Bill entering) {
    deciding = false;
    if (ctx.isRemoved() || !ctx.channel().isActive()) {
      return;
    }
    switch (verdict) {
      case Identity identity when early ->
          refuse(ctx, HttpResponseStatus.BAD_REQUEST, "frames came before the answer", Map.of());
      case Identity identity -> become(ctx, headers, shown, identity, entering);
      case Refused no when no.code().temporary() ->
          refuse(
              ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, no.reason(), Map.of("Retry-After", "1"));
      case Refused no -> refuse(ctx, HttpResponseStatus.UNAUTHORIZED, no.reason(), CHALLENGE);
    }
  }

  private void become(
      ChannelHandlerContext ctx,
      HttpHeaders headers,
      ShownToken shown,
      Identity identity,
      Bill entering) {
    Denial denial = entering.become(identity.user());
    if (denial == null) {
      upgrade(ctx, headers, shown, identity, entering);
    } else {
      refuse(ctx, denial);
    }
  }

  private void upgrade(
      ChannelHandlerContext ctx,
      HttpHeaders headers,
      ShownToken shown,
      Identity identity,
      Bill entering) {
    String key = String.valueOf(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY));
    boolean deflate =
        shared.compression()
            && Extensions.deflate(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    ByteBuf response =
        Unpooled.copiedBuffer(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept(key)
                + (shown.protocol() ? "\r\nSec-WebSocket-Protocol: " + ShownToken.PROTOCOL : "")
                + (deflate ? "\r\nSec-WebSocket-Extensions: " + Extensions.ACCEPTED : "")
                + "\r\n\r\n",
            StandardCharsets.US_ASCII);
    ChannelPipeline pipeline = ctx.pipeline();
    // From the codec's own place, since the codec would not let bare bytes pass.
    pipeline.context(HttpServerCodec.class).writeAndFlush(response, ctx.voidPromise());
    while (pipeline.last() != this) {
      pipeline.removeLast();
    }
    // From here on it is the session's to end.
    bill = null;
    pipeline.addLast(new WebSocketConnection(shared, entering, identity, deflate));
    // Frames that came with the request leave the codec now, and pass this handler on their way.
    pipeline.remove(HttpServerCodec.class);
    pipeline.remove(this);
  }

  private void refuse(
      ChannelHandlerContext ctx,
      HttpResponseStatus status,
      String detail,
      Map<String, String> more) {
    String body =
        "{\"type\":\"about:blank\",\"title\":\""
            + status.reasonPhrase()
            + "\",\"status\":"
            + status.code()
            + ",\"detail\":\""
            + detail
            + "\"}";
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    more.forEach((name, value) -> response.headers().set(name, value));
    refused = true;
    release();
    ctx.writeAndFlush(response).addListener(done -> linger(ctx.channel()));
  }

  private static void linger(Channel channel) {
    if (channel.isActive() && EndOfOutput.on(channel)) {
      channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    } else {
      channel.close();
    }
  }

  private static boolean isKey(@Nullable String key) {
    try {
      return key != null && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What proves to the client that its request was understood. */
  static String accept(String key) {
    MessageDigest sha1 = SHA1.get();
    sha1.reset();
    return Base64.getEncoder()
        .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
