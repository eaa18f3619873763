package io.roomcast.redis;

import io.lettuce.core.codec.RedisCodec;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Makes of a channel's name the channel's own object, without a new one for each message, and of a
 * payload an {@link Envelope}. One for each connection; decoding is the I/O thread's.
 */
final class ChannelCodec implements RedisCodec<Channel, Envelope> {
  /** Stands for channels that are not subscribed any more. */
  private static final Channel UNKNOWN = new Channel(new Name(new byte[0]), "");

  private final Map<Name, Channel> channels;
  private final Channel probe;
  private final int limit;
  private final Name search = new Name(new byte[0]);

  ChannelCodec(Map<Name, Channel> channels, Channel probe, int limit) {
    this.channels = channels;
    this.probe = probe;
    this.limit = limit;
  }

  @Override
  public Channel decodeKey(ByteBuffer bytes) {
    search.set(bytes);
    Channel channel = channels.get(search);
    if (channel != null) {
      return channel;
    }
    return probe.name.equals(search) ? probe : UNKNOWN;
  }

  @Override
  public Envelope decodeValue(ByteBuffer bytes) {
    return Envelope.read(bytes, limit);
  }

  @Override
  public ByteBuffer encodeKey(Channel channel) {
    return ByteBuffer.wrap(channel.name.bytes());
  }

  /** Nothing is published on a subscribing connection. */
  @Override
  public ByteBuffer encodeValue(Envelope envelope) {
    throw new UnsupportedOperationException("subscribing connections do not publish");
  }
}
