package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.roomcast.room.Revocation;
import io.roomcast.room.Time;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The revocations in Redis, for nodes that were away when they were said: a sorted set, by the time
 * at which each is over. Thread-safe.
 */
final class KeptRevocations {
  /** As many are read. */
  private static final int MOST = 100_000;

  private final byte[] key;
  private final Publisher publisher;
  private final Time time;

  /**
   * For the nodes of one prefix.
   *
   * @param channel of their control: the key is called after it
   */
  KeptRevocations(String channel, Publisher publisher, Time time) {
    this.key = (channel + ":revoked").getBytes(UTF_8);
    this.publisher = publisher;
    this.time = time;
  }

  /** Keeps one, and drops those that are over. */
  void keep(Revocation revocation) {
    publisher.count(
        CommandType.ZADD,
        codec ->
            new CommandArgs<>(codec)
                .addKey(key)
                .add(revocation.untilMillis())
                .add(ControlCodec.write(revocation)),
        done -> {});
    publisher.count(
        CommandType.ZREMRANGEBYSCORE,
        codec -> new CommandArgs<>(codec).addKey(key).add("-inf").add(time.wallMillis()),
        done -> {});
  }

  /** Reads those that hold; none when that is not possible. */
  void read(Consumer<List<Revocation>> found) {
    publisher.ask(
        CommandType.ZRANGEBYSCORE,
        codec ->
            new CommandArgs<>(codec)
                .addKey(key)
                .add(time.wallMillis())
                .add("+inf")
                .add("LIMIT")
                .add(0)
                .add(MOST),
        kept -> {
          List<byte[]> all = kept == null ? List.of() : kept;
          found.accept(
              all.stream().map(ControlCodec::readRevocation).flatMap(Optional::stream).toList());
        });
  }
}
