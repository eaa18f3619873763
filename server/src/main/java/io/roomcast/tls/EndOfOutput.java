package io.roomcast.tls;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The end of what a server says on a connection, while it still hears its client. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here ends the channel by itself.
public final class EndOfOutput {
  private EndOfOutput() {}

  /**
   * Says that nothing more comes, to TLS and to TCP. On the connection's event loop.
   *
   * @return whether the connection has two directions that end apart; otherwise nothing was said
   */
  public static boolean on(Channel channel) {
    if (!(channel instanceof DuplexChannel duplex)) {
      return false;
    }
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutDown(duplex);
    } else {
      tls.closeOutbound().addListener(done -> shutDown(duplex));
    }
    return true;
  }

  private static void shutDown(DuplexChannel channel) {
    if (channel.isActive()) {
      channel.shutdownOutput();
    }
  }
}
