package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.PubSubCommandHandler;
import io.lettuce.core.pubsub.PubSubEndpoint;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.resource.ClientResources;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.roomcast.protocol.Event;
import io.roomcast.protocol.Json;
import io.roomcast.room.Publication;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From the bytes that a subscribing connection reads to the publication that lanes get: by Lettuce
 * with our codec, and our part of it alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubscriberBenchmark {
  private static final int BURST = 16;
  private static final int LIMIT = 65536;

  private final Name name = new Name("room:room1".getBytes(UTF_8));
  private final Channel channel = new Channel(name, "room1");
  private final byte[] payload =
      Envelope.write(
          new Publication("room1", Event.message("room1", Json.quote("x".repeat(126)), ""), ""));
  private final ByteBuf one = wire(1);
  private final ByteBuf burst = wire(BURST);

  private ClientResources resources;
  private EmbeddedChannel connection;
  private Publication last;
  private long count;

  private ByteBuf wire(int messages) {
    ByteBuf out = Unpooled.directBuffer();
    for (int i = 0; i < messages; i++) {
      out.writeCharSequence("*3\r\n$7\r\nmessage\r\n$10\r\nroom:room1\r\n$", UTF_8);
      out.writeCharSequence(payload.length + "\r\n", UTF_8);
      out.writeBytes(payload);
      out.writeCharSequence("\r\n", UTF_8);
    }
    return out;
  }

  @Setup
  public void connect() {
    resources = ClientResources.create();
    ClientOptions options =
        ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).autoReconnect(false).build();
    PubSubEndpoint<Channel, Envelope> endpoint = new PubSubEndpoint<>(options, resources);
    endpoint.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(Channel from, Envelope envelope) {
            take(from, envelope);
          }
        });
    Channel probe = new Channel(new Name("probe".getBytes(UTF_8)), "");
    connection =
        new EmbeddedChannel(
            new PubSubCommandHandler<>(
                options,
                resources,
                new ChannelCodec(Map.of(name, channel), probe, LIMIT),
                endpoint));
    readOne();
    readBurst();
    if (count != 1 + BURST) {
      throw new IllegalStateException(count + " messages were understood");
    }
  }

  private void take(Channel from, Envelope envelope) {
    if (envelope instanceof Envelope.Own own && from.owns(own.json())) {
      last = new Publication(from.room, own.json(), own.exclude(), own.position());
      count++;
    }
  }

  @TearDown
  public void close() {
    connection.close();
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** A message that comes alone. */
  @Benchmark
  public Publication readOne() {
    connection.writeInbound(one.retainedDuplicate());
    return last;
  }

  /** One of many that come at once. */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public Publication readBurst() {
    connection.writeInbound(burst.retainedDuplicate());
    return last;
  }

  /** What any other reader of the protocol would have to do too. */
  @Benchmark
  public Publication ownPart() {
    take(channel, Envelope.read(ByteBuffer.wrap(payload), LIMIT));
    return last;
  }
}
