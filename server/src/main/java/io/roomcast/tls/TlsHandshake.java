package io.roomcast.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps a handshake from what stands behind it, for which nothing has come yet, and leaves when the
 * handshake is done. One that fails ends its connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the close.
final class TlsHandshake extends ChannelInboundHandlerAdapter {
  private final LongAdder failed;

  TlsHandshake(LongAdder failed) {
    this.failed = failed;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Not passed on: it would look like the first bytes of a request.
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent end) {
      if (end.isSuccess()) {
        ctx.pipeline().remove(this);
      } else {
        failed.increment();
        ctx.channel().close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Whatever it is, a client makes it happen at will: counted, and not logged.
    ctx.channel().close();
  }
}
