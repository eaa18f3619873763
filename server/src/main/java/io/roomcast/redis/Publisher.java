package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.roomcast.protocol.Position;
import io.roomcast.room.Broker.PublishCallback;
import io.roomcast.room.Broker.PublishOutcome;
import io.roomcast.room.LogQuery;
import io.roomcast.room.Publication;
import io.roomcast.room.Rules;
import io.roomcast.room.Time;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The publishing connection. Any thread hands over; the owner takes all there is and writes it in
 * one go, so that what one thread publishes keeps its order and a busy moment costs few system
 * calls, and an idle one no delay.
 *
 * <p>What was handed over and has no reply yet is bounded in number and bytes. What the connection
 * cannot take fails at once.
 */
final class Publisher implements Link.Peer<StatefulRedisConnection<byte[], byte[]>> {
  /** Publications without a reply. */
  static final int MAX_WAITING = 16 * 1024;

  /** Bytes of publications without a reply, {@value #OVERHEAD} for each included. */
  static final long MAX_WAITING_BYTES =
      Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

  private static final int OVERHEAD = 256;

  /** Publications at Lettuce: few enough for replies to be read between two bursts of writing. */
  private static final int WINDOW = 512;

  /** Ticks without any reply after which the connection is given up. */
  private static final int SILENT_TICKS = 4;

  private final MpscArrayQueue<Request<?>> queue = new MpscArrayQueue<>(MAX_WAITING);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong replies = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Whether the scripts are on their way to Redis. */
  private final AtomicBoolean loading = new AtomicBoolean();

  private final Counting counting = new Counting();
  private final Stall stall = new Stall(SILENT_TICKS);
  private final Owner owner;
  private final Link<StatefulRedisConnection<byte[], byte[]>> link;
  private final Scripts scripts;
  private final Runnable changed;

  /** Publications at Lettuce, on the present connection. Replaced with it, by the owner. */
  private volatile AtomicInteger written = new AtomicInteger();

  /** Publications given to Lettuce on the present connection so far. */
  private long dispatched;

  private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;
  private volatile String refusal = "";

  /**
   * Is not started yet.
   *
   * @param changed called by the owner when there is another connection, or none
   */
  Publisher(Client client, Owner owner, Time time, Scripts scripts, Runnable changed) {
    this.owner = owner;
    this.scripts = scripts;
    this.changed = changed;
    this.link =
        new Link<>(
            "Redis at " + client.address() + ", publishing", client::connect, owner, time, this);
  }

  Link<?> link() {
    return link;
  }

  /** Whether there is a connection. */
  boolean up() {
    return connection != null;
  }

  /** What Redis said to the last publication when it refused it; else empty. */
  String refusal() {
    return refusal;
  }

  /** The channel of a room. */
  static byte[] channel(String prefix, String room) {
    return (prefix + room).getBytes(UTF_8);
  }

  /** Hands over. From any thread. */
  void publish(byte[] channel, byte[] payload, PublishCallback outcome) {
    submit(
        new Request<>(
            CommandType.PUBLISH,
            new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            new CommandArgs<>(counting).addKey(channel).add(payload),
            channel.length + payload.length,
            (how, receivers) -> outcome.done(how, Position.NONE)));
  }

  /** The same for a room with a log, or with a key: by the script. */
  void publishLogged(
      Publication publication, byte[] channel, String key, Rules rules, PublishCallback outcome) {
    submit(
        new Request<>(
            CommandType.EVALSHA,
            new ValueOutput<>(ByteArrayCodec.INSTANCE),
            scripts.publish(counting, publication, channel, key, rules),
            channel.length + publication.json().length,
            (how, position) -> outcome.done(how, LogReply.position(position))));
  }

  /** Reads a log by the script. The callback gets null when that was not possible. */
  void read(String room, LogQuery query, Rules rules, Consumer<@Nullable List<byte[]>> callback) {
    ask(CommandType.EVALSHA, codec -> scripts.read(codec, room, query, rules), callback);
  }

  /**
   * Runs a command that answers with a list. The callback gets null when that was not possible.
   *
   * @param args with exactly one argument added as a key
   */
  void ask(
      CommandType type,
      Function<RedisCodec<byte[], byte[]>, CommandArgs<byte[], byte[]>> args,
      Consumer<@Nullable List<byte[]>> callback) {
    submit(
        new Request<>(
            type,
            new ValueListOutput<>(ByteArrayCodec.INSTANCE),
            args.apply(counting),
            0,
            (how, parts) -> callback.accept(parts)));
  }

  /** The same for one that answers with a number. */
  void count(
      CommandType type,
      Function<RedisCodec<byte[], byte[]>, CommandArgs<byte[], byte[]>> args,
      Consumer<@Nullable Long> callback) {
    submit(
        new Request<>(
            type,
            new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            args.apply(counting),
            0,
            (how, number) -> callback.accept(number)));
  }

  private void submit(Request<?> request) {
    if (connection == null) {
      // Not counted yet.
      request.refuse();
      return;
    }
    if (!reserve(request.size) || !queue.offer(request)) {
      request.finish(PublishOutcome.OVERLOADED);
      return;
    }
    wake();
  }

  private boolean reserve(int size) {
    boolean few = waiting.incrementAndGet() <= MAX_WAITING;
    boolean small = waitingBytes.addAndGet(size) <= MAX_WAITING_BYTES;
    return few && small;
  }

  private void wake() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      owner.execute(this::drain);
    }
  }

  private void drain() {
    StatefulRedisConnection<byte[], byte[]> to = connection;
    if (to == null) {
      fail();
    } else {
      write(to);
    }
    scheduled.set(false);
    if (!queue.isEmpty() && (connection == null || written.get() < WINDOW)) {
      wake();
    }
  }

  private void write(StatefulRedisConnection<byte[], byte[]> to) {
    AtomicInteger window = written;
    List<Request<?>> batch = new ArrayList<>();
    Request<?> next;
    while (window.get() + batch.size() < WINDOW && (next = queue.poll()) != null) {
      next.window = window;
      batch.add(next);
    }
    if (!batch.isEmpty()) {
      window.addAndGet(batch.size());
      dispatched += batch.size();
      to.dispatch(batch);
    }
  }

  private void fail() {
    Request<?> next;
    while ((next = queue.poll()) != null) {
      next.finish(PublishOutcome.UNAVAILABLE);
    }
  }

  /** One that was written has ended. */
  private void ended(AtomicInteger window) {
    if (window.decrementAndGet() <= WINDOW / 2 && !queue.isEmpty()) {
      wake();
    }
  }

  /** Called by the owner, at each tick. */
  void tick() {
    boolean all = counting.encoded.get() >= dispatched;
    if (stall.tick(all && written.get() > 0, replies.get()) && up()) {
      stall.reset();
      down();
      link.replace("no answer");
    }
  }

  @Override
  public void up(StatefulRedisConnection<byte[], byte[]> opened) {
    stall.reset();
    counting.encoded.set(0);
    dispatched = 0;
    written = new AtomicInteger();
    connection = opened;
    // Ahead of whatever uses them on this connection: what is handed over is written by the owner.
    load();
    changed.run();
  }

  /** Gives Redis the scripts. Called by the owner. */
  @SuppressWarnings("FutureReturnValueIgnored") // A script that is missing shows in its next use.
  private void load() {
    StatefulRedisConnection<byte[], byte[]> to = connection;
    if (to == null) {
      loading.set(false);
      return;
    }
    CompletableFuture.allOf(
            scripts.all.stream()
                .map(script -> to.async().scriptLoad(script.text).toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .whenComplete((done, error) -> loading.set(false));
  }

  @Override
  public void down() {
    connection = null;
    fail();
    changed.run();
  }

  /** Ends; what waits fails. Called when the owner has ended. */
  void close() {
    link.close();
    connection = null;
    fail();
  }

  /** Hears how a request ended, with what Redis said when it was done. */
  private interface Answer<T> {
    void done(PublishOutcome how, @Nullable T value);
  }

  /** One request under way. Ends exactly once, however often it is told to. */
  private final class Request<T> extends Command<byte[], byte[], T> {
    private final AtomicBoolean finished = new AtomicBoolean();
    private final Answer<T> answer;
    private final int size;

    /** Where it counts as written; set before it is. */
    private AtomicInteger window = new AtomicInteger();

    Request(
        CommandType type,
        CommandOutput<byte[], byte[], T> output,
        CommandArgs<byte[], byte[]> args,
        int bytes,
        Answer<T> answer) {
      super(type, output, args);
      this.answer = answer;
      this.size = bytes + OVERHEAD;
    }

    /** There is no connection, and nothing has been reserved. */
    void refuse() {
      finished.set(true);
      answer.done(PublishOutcome.UNAVAILABLE, null);
    }

    @Override
    public void complete() {
      super.complete();
      replies.incrementAndGet();
      boolean refused = getOutput().hasError();
      refusal = refused ? getOutput().getError() : "";
      if (refused && refusal.startsWith("NOSCRIPT") && loading.compareAndSet(false, true)) {
        // Somebody has emptied Redis' scripts: nothing was done, and the next try is to succeed.
        owner.execute(Publisher.this::load);
      }
      end(refused ? PublishOutcome.UNAVAILABLE : PublishOutcome.SENT);
    }

    @Override
    public boolean completeExceptionally(Throwable error) {
      boolean first = super.completeExceptionally(error);
      end(PublishOutcome.UNCONFIRMED);
      return first;
    }

    @Override
    public void cancel() {
      super.cancel();
      end(PublishOutcome.UNCONFIRMED);
    }

    private void end(PublishOutcome how) {
      if (finish(how)) {
        ended(window);
      }
    }

    boolean finish(PublishOutcome how) {
      if (!finished.compareAndSet(false, true)) {
        return false;
      }
      waiting.decrementAndGet();
      waitingBytes.addAndGet(-size);
      answer.done(how, how == PublishOutcome.SENT ? getOutput().get() : null);
      return true;
    }
  }

  /**
   * Counts what the I/O thread has encoded: while that thread is behind with writing, a reply that
   * is not there yet is not Redis' fault.
   */
  private static final class Counting implements RedisCodec<byte[], byte[]> {
    private final AtomicLong encoded = new AtomicLong();

    @Override
    public byte[] decodeKey(ByteBuffer bytes) {
      return ByteArrayCodec.INSTANCE.decodeKey(bytes);
    }

    @Override
    public byte[] decodeValue(ByteBuffer bytes) {
      return ByteArrayCodec.INSTANCE.decodeValue(bytes);
    }

    @Override
    public ByteBuffer encodeKey(byte[] channel) {
      encoded.incrementAndGet();
      return ByteBuffer.wrap(channel);
    }

    @Override
    public ByteBuffer encodeValue(byte[] payload) {
      return ByteBuffer.wrap(payload);
    }
  }
}
