package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client that comes back: after a pause with full jitter that doubles up to two seconds, or the
 * one that the server asked for; to the next node each time. A server from which nothing comes,
 * although it was asked, is taken for dead.
 */
abstract class Returning implements Link.Owner {
  private static final long FIRST_MILLIS = 100;
  private static final long LAST_MILLIS = 2000;
  private static final int DOUBLINGS = 5;

  final LedgerLoad load;
  private final List<URI> urls;
  private int turn;
  private int failures;
  private long hint = -1;
  private boolean begun;
  private boolean open;
  private boolean reading = true;
  private Link link;

  Returning(LedgerLoad load, List<URI> urls, int turn) {
    this.load = load;
    this.urls = urls;
    this.turn = turn;
    this.link = new Link(load.loop, load.wire, this);
  }

  final Link link() {
    return link;
  }

  final boolean isOpen() {
    return open;
  }

  final void connect() {
    if (load.isEnding()) {
      return;
    }
    URI url = urls.get(turn++ % urls.size());
    link = new Link(load.loop, load.wire, this);
    reading = true;
    begun = true;
    link.connect(url, url.getRawPath(), true);
  }

  /** All is well: the next pause is a short one again. */
  final void settled() {
    failures = 0;
  }

  /** The connection may be used. */
  abstract void opened();

  /** It is gone. */
  abstract void lost();

  /** A text came that is no message. */
  abstract void heard(String text);

  @Override
  public final void ready() {
    open = true;
    opened();
  }

  @Override
  public final void reply() {}

  @Override
  public final boolean text(ByteBuf in, int at, int length) {
    String text = in.toString(at, length, StandardCharsets.UTF_8);
    if (Texts.is(text, "disconnect")) {
      hint = Texts.number(text, "after", -1);
    }
    heard(text);
    return true;
  }

  @Override
  public final void refused(String text) {}

  @Override
  public final void broken(String why) {
    boolean wasOpen = open;
    begun = false;
    open = false;
    lost();
    load.broken(wasOpen, why);
    long most = Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(failures++, DOUBLINGS));
    long pause = hint >= 0 ? hint : load.random.nextLong(most + 1);
    hint = -1;
    load.later(this::connect, pause);
  }

  /** Stops reading, or goes on. */
  final void read(boolean on) {
    reading = on;
    link.reading(on);
  }

  final boolean isReading() {
    return reading;
  }

  /** Called now and then. */
  void tick(long nanos, long silenceNanos) {
    long silent = nanos - link.heard();
    if (!begun || !reading) {
      return;
    }
    if (silent > silenceNanos) {
      link.drop("silent for " + TimeUnit.NANOSECONDS.toMillis(silent) + " ms");
    } else if (open && silent > silenceNanos / 3) {
      link.ping();
    }
  }
}
