package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.roomcast.protocol.Position;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The scripts that Redis runs, and what those for rooms with a log are called with. All keys of a
 * room stand in one hash slot.
 */
final class Scripts {
  /** A position outlives the messages: who has it can be told that nothing was missed. */
  private static final long POSITION_MILLIS = 30L * 24 * 3600 * 1000;

  /**
   * That of a log without any message goes so long after the last look of members: far longer than
   * between two looks, and nobody can have missed anything.
   */
  private static final long EMPTY_MILLIS = 3600L * 1000;

  final Script publish = new Script("publish.lua");
  final Script read = new Script("read.lua");
  final Script presence = new Script("presence.lua");
  final Script present = new Script("present.lua");
  final Script beat = new Script("beat.lua");
  final Script census = new Script("census.lua");
  final Script occupancy = new Script("occupancy.lua");
  final List<Script> all = List.of(publish, read, presence, present, beat, census, occupancy);

  /** One script. */
  static final class Script {
    final byte[] text;
    final byte[] sha;

    Script(String file) {
      try (InputStream in = Scripts.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException("no " + file);
        }
        text = in.readAllBytes();
        byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
        sha = HexFormat.of().formatHex(digest).getBytes(UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final String prefix;
  private final int messageBytes;

  /**
   * Keys are {@code roomcast:{CHANNEL}:log} and the like.
   *
   * @param prefix what stands before a room's name in its channel's
   * @param messageBytes of what a client sends, at most
   */
  Scripts(String prefix, int messageBytes) {
    this.prefix = prefix;
    this.messageBytes = messageBytes + Envelope.MOST_SURPLUS;
  }

  /** What ends a room's name is the last brace, so {@code of} must have none. */
  byte[] key(String room, String of) {
    return ("roomcast:{" + prefix + room + "}:" + of).getBytes(UTF_8);
  }

  /** What publish.lua is called with. */
  CommandArgs<byte[], byte[]> publish(
      RedisCodec<byte[], byte[]> codec,
      Publication publication,
      byte[] channel,
      String key,
      Rules rules) {
    String room = publication.room();
    return new CommandArgs<>(codec)
        .add(publish.sha)
        .add(3)
        .add(key(room, "log"))
        .add(key(room, "at"))
        .add(key(room, "key:" + URLEncoder.encode(key, UTF_8)))
        .addKey(channel)
        .add(publication.json())
        .add(Envelope.Header.tokens(publication.exclude()))
        .add(key.isEmpty() ? 0 : rules.keyFor().toMillis())
        .add(rules.logSize())
        .add(rules.logFor().toMillis())
        .add(positionMillis(rules))
        .add(Position.newEpoch());
  }

  /** What read.lua is called with. */
  CommandArgs<byte[], byte[]> read(
      RedisCodec<byte[], byte[]> codec, String room, LogQuery query, Rules rules) {
    long last = query.before() - 1;
    return new CommandArgs<>(codec)
        .add(read.sha)
        .add(2)
        .addKey(key(room, "log"))
        .add(key(room, "at"))
        .add(query.after() == Long.MAX_VALUE ? query.after() : query.after() + 1)
        .add(query.before() == Long.MAX_VALUE ? "+" : Long.toString(Math.max(0, last)))
        .add(query.limit())
        .add(query.bytes())
        .add(query.newest() ? 1 : 0)
        .add(rules.logFor().toMillis())
        .add(query.asker().members() ? Position.newEpoch() : "")
        .add(query.asker().seen().epoch())
        .add(query.asker().seen().offset())
        .add(EMPTY_MILLIS)
        .add(messageBytes);
  }

  private static long positionMillis(Rules rules) {
    return Math.max(POSITION_MILLIS, 2 * rules.logFor().toMillis());
  }
}
