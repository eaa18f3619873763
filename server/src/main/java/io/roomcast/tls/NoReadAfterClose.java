package io.roomcast.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Asks for nothing more of a connection that is being closed. By io_uring (Netty 4.2.18) a close in
 * the midst of a read waits for what is being written, and the read's end then has the socket
 * polled once more: that poll holds the socket open, and the client is never told of the close. TLS
 * closes so whenever it has a last word to say.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The promise tells.
final class NoReadAfterClose extends ChannelOutboundHandlerAdapter {
  private boolean closing;

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!closing) {
      ctx.read();
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    closing = true;
    ctx.close(promise);
  }
}
