package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.roomcast.room.RuleChange;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The last change of rules in Redis, for nodes that were away when it was said: a sorted set by
 * version, of which the last entry counts and the others are dropped, so that whoever writes last
 * does not undo what is later. Thread-safe.
 */
final class KeptRules {
  private final byte[] key;
  private final Publisher publisher;

  /** The last one that this node has heard of: a Redis that was emptied is told again. */
  private final AtomicReference<RuleChange> last = new AtomicReference<>(RuleChange.NONE);

  /**
   * For the nodes of one prefix.
   *
   * @param channel of their control: the key is called after it
   */
  KeptRules(String channel, Publisher publisher) {
    this.key = (channel + ":rules").getBytes(UTF_8);
    this.publisher = publisher;
  }

  /** Remembers one that this node has heard of, unless it knows a later one. */
  void heard(RuleChange change) {
    last.accumulateAndGet(change, (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }

  /**
   * Keeps one, unless a later one is kept.
   *
   * @param done hears whether Redis has it
   */
  void keep(RuleChange change, Consumer<Boolean> done) {
    publisher.count(
        CommandType.ZADD,
        codec ->
            new CommandArgs<>(codec)
                .addKey(key)
                .add(change.version())
                .add(ControlCodec.write(change)),
        added -> {
          if (added != null) {
            heard(change);
            dropEarlier();
          }
          done.accept(added != null);
        });
  }

  private void dropEarlier() {
    publisher.count(
        CommandType.ZREMRANGEBYRANK,
        codec -> new CommandArgs<>(codec).addKey(key).add(0).add(-2),
        dropped -> {});
  }

  /** Reads the one that is kept; hears of none when there is none, or that is not possible. */
  void read(Consumer<RuleChange> found) {
    publisher.ask(
        CommandType.ZREVRANGE,
        codec -> new CommandArgs<>(codec).addKey(key).add(0).add(0),
        kept -> {
          if (kept == null) {
            return;
          }
          Optional<RuleChange> change =
              kept.stream().map(ControlCodec::readRuleChange).flatMap(Optional::stream).findFirst();
          RuleChange known = last.get();
          if (change.orElse(RuleChange.NONE).compareTo(known) < 0) {
            keep(known, done -> {});
          } else {
            change.ifPresent(
                one -> {
                  heard(one);
                  found.accept(one);
                });
          }
        });
  }
}
