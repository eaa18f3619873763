package io.roomcast.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.roomcast.room.Lane;
import io.roomcast.websocket.Handshake;
import io.roomcast.websocket.WebSocketLane;

/** What stands between a new connection's socket and the core, in order. */
final class Pipeline extends ChannelInitializer<Channel> {
  private static final int MAX_LINE = 4 * 1024;
  private static final int MAX_HEADERS = 8 * 1024;
  private static final int MAX_CHUNK = 8 * 1024;

  private final Entrance entrance;
  private final Lane lane;
  private final WebSocketLane webSockets;
  private final ChannelGroup clients;

  Pipeline(Entrance entrance, Lane lane, WebSocketLane webSockets, ChannelGroup clients) {
    this.entrance = entrance;
    this.lane = lane;
    this.webSockets = webSockets;
    this.clients = clients;
  }

  @Override
  protected void initChannel(Channel channel) {
    clients.add(channel);
    ChannelPipeline pipeline = channel.pipeline();
    entrance.tls().ifPresent(tls -> tls.secure(pipeline));
    pipeline.addLast(
        new HttpServerCodec(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(MAX_CHUNK)
                .setStrictLineParsing(true)));
    // On success everything else but TLS leaves, and one WebSocketConnection stays.
    entrance
        .webSockets()
        .ifPresent(origins -> pipeline.addLast(new Handshake(webSockets, origins)));
    pipeline.addLast(entrance.http().apply(lane));
  }
}
