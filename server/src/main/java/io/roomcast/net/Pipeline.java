package io.roomcast.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.roomcast.room.Lane;
import io.roomcast.room.Origins;
import io.roomcast.websocket.Handshake;
import io.roomcast.websocket.WebSocketLane;
import java.util.function.Function;

/** What stands between a new connection's socket and the core, in order. */
final class Pipeline extends ChannelInitializer<Channel> {
  private static final int MAX_LINE = 4 * 1024;
  private static final int MAX_HEADERS = 8 * 1024;
  private static final int MAX_CHUNK = 8 * 1024;

  private final Lane lane;
  private final WebSocketLane webSockets;
  private final Origins origins;
  private final Function<Lane, ChannelHandler> http;
  private final ChannelGroup clients;

  Pipeline(
      Lane lane,
      WebSocketLane webSockets,
      Origins origins,
      Function<Lane, ChannelHandler> http,
      ChannelGroup clients) {
    this.lane = lane;
    this.webSockets = webSockets;
    this.origins = origins;
    this.http = http;
    this.clients = clients;
  }

  @Override
  protected void initChannel(Channel channel) {
    clients.add(channel);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(
        new HttpServerCodec(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(MAX_CHUNK)));
    // On success everything else leaves, and one WebSocketConnection stays.
    pipeline.addLast(new Handshake(webSockets, origins));
    pipeline.addLast(http.apply(lane));
  }
}
