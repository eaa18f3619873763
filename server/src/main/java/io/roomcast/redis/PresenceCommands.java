package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.roomcast.protocol.Json;
import io.roomcast.room.Presence;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What presence asks of Redis, by the publishing connection: in the order of the calls. Callbacks
 * come on any thread, once each, with null or false where it was not possible.
 *
 * <p>What is of one room stands in one hash slot, with its log. Beside that there is one hash of
 * all nodes, and for each node a set of the rooms that somebody is in by it.
 */
final class PresenceCommands {
  /** Users of a node that is gone whose statements are taken back at a time. */
  private static final int SWEEP = 200;

  /** Rooms of a node that is gone which are looked at at a time. */
  private static final int ROOMS = 16;

  private final Publisher publisher;
  private final Scripts scripts;
  private final String prefix;
  private final byte[] nodes;

  PresenceCommands(Publisher publisher, Scripts scripts, String prefix) {
    this.publisher = publisher;
    this.scripts = scripts;
    this.prefix = prefix;
    this.nodes = ("roomcast:{" + prefix + "}:nodes").getBytes(UTF_8);
  }

  private byte[] roomsKey(String node) {
    return ("roomcast:{" + prefix + "}:rooms:" + node).getBytes(UTF_8);
  }

  /** Says something of a node; see beat.lua. The answer is empty when that was not allowed. */
  void say(String node, String what, String allowed, Consumer<@Nullable List<byte[]>> callback) {
    publisher.ask(
        CommandType.EVALSHA,
        codec ->
            script(codec, scripts.beat, 1)
                .addKey(nodes)
                .add(bytes(node))
                .add(bytes(what))
                .add(bytes(allowed)),
        callback);
  }

  /** A node has been cleaned up after. */
  void forget(String node) {
    publisher.count(
        CommandType.HDEL,
        codec -> new CommandArgs<>(codec).addKey(nodes).add(bytes(node)),
        done -> {});
  }

  /** Some of the rooms that a node has somebody in. */
  void someRooms(String node, Consumer<@Nullable List<byte[]>> callback) {
    publisher.ask(
        CommandType.SRANDMEMBER,
        codec -> new CommandArgs<>(codec).addKey(roomsKey(node)).add(ROOMS),
        callback);
  }

  /** A node has, or will have, somebody in a room. */
  void addRoom(String node, String room, Consumer<Boolean> callback) {
    publisher.count(
        CommandType.SADD, codec -> roomOf(codec, node, room), n -> callback.accept(n != null));
  }

  /** A node has nobody in a room. */
  void removeRoom(String node, String room, Consumer<Boolean> callback) {
    publisher.count(
        CommandType.SREM, codec -> roomOf(codec, node, room), n -> callback.accept(n != null));
  }

  private CommandArgs<byte[], byte[]> roomOf(
      RedisCodec<byte[], byte[]> codec, String node, String room) {
    return new CommandArgs<>(codec).addKey(roomsKey(node)).add(bytes(room));
  }

  /**
   * States what a node has of users in a room.
   *
   * @param callback gets how many users of the room are stated by the node then
   */
  void state(
      String node,
      String room,
      Map<String, Presence.Stay> stays,
      Consumer<@Nullable List<byte[]>> callback) {
    publisher.ask(
        CommandType.EVALSHA,
        codec -> {
          CommandArgs<byte[], byte[]> args = presence(codec, node, room).add(0);
          stays.forEach((user, stay) -> args.add(bytes(user)).add(bytes(words(stay))));
          return args;
        },
        callback);
  }

  private static String words(Presence.Stay stay) {
    return stay.info().isEmpty()
        ? Integer.toString(stay.sessions())
        : stay.sessions() + " " + stay.arrival() + " " + stay.info();
  }

  /** Takes back a part of what a node has stated of a room, with the same answer. */
  void sweep(String node, String room, Consumer<@Nullable List<byte[]>> callback) {
    publisher.ask(CommandType.EVALSHA, codec -> presence(codec, node, room).add(SWEEP), callback);
  }

  private CommandArgs<byte[], byte[]> presence(
      RedisCodec<byte[], byte[]> codec, String node, String room) {
    return script(codec, scripts.presence, 4)
        .add(scripts.key(room, "here"))
        .add(scripts.key(room, "nodes"))
        .add(scripts.key(room, "by:" + node))
        .add(scripts.key(room, "infos"))
        .addKey(Publisher.channel(prefix, room))
        .add(Json.quote(room));
  }

  /** Reads who is in a room; see present.lua. */
  void read(String room, String after, int limit, Consumer<@Nullable List<byte[]>> callback) {
    publisher.ask(
        CommandType.EVALSHA,
        codec ->
            script(codec, scripts.present, 3)
                .addKey(scripts.key(room, "here"))
                .add(scripts.key(room, "nodes"))
                .add(scripts.key(room, "infos"))
                .add(bytes(after))
                .add(limit),
        callback);
  }

  private static CommandArgs<byte[], byte[]> script(
      RedisCodec<byte[], byte[]> codec, Scripts.Script script, int keys) {
    return new CommandArgs<>(codec).add(script.sha).add(keys);
  }

  /** The number in such an answer; -1 when there is none. */
  static long number(List<byte[]> answer, int at) {
    String text = at < answer.size() && answer.get(at) != null ? text(answer.get(at)) : "";
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  /** The driver writes a string's characters as single bytes. */
  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
