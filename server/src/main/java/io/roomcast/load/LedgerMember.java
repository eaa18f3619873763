package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A member of one room that writes down what it sees, and comes back with its position. */
final class LedgerMember extends Returning {
  private static final int OFFSET_BITS = 40;

  private final Place place;
  private final Journal journal;
  private boolean joined;
  private String epoch = "";
  private long offset = -1;

  /** Whether the log may be another one by now, whose epoch this member has not been told. */
  private boolean astray;

  private long caughtUp;

  LedgerMember(LedgerLoad load, List<URI> urls, int turn, Place place) {
    super(load, urls, turn);
    this.place = place;
    this.journal = load.ledger.member(place.number());
  }

  boolean isJoined() {
    return joined;
  }

  @Override
  void opened() {
    join();
  }

  private void join() {
    String since =
        place.recovers() && !epoch.isEmpty()
            ? ",\"since\":{\"epoch\":\"%s\",\"offset\":%d}".formatted(epoch, offset)
            : "";
    link()
        .send(
            Frames.text(
                "{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"%s\"%s}"
                    .formatted(place.name(), since)));
  }

  @Override
  void lost() {
    joined = false;
    journal.ended(load.micros());
  }

  @Override
  void heard(String text) {
    if (Texts.is(text, "subscribed")) {
      subscribed(text);
    } else if (Texts.is(text, "gap")) {
      long until = Texts.number(text, "until", 0) * 1000 + 999;
      journal.gap(Texts.number(text, "since", 0) * 1000, until);
      load.gap();
      astray |= text.contains("\"reason\":\"log\"");
    } else if (Texts.is(text, "unsubscribed")) {
      link().drop("the server ended the membership");
    } else if (Texts.is(text, "error") && !joined) {
      Link on = link();
      load.later(() -> again(on), 100 + load.random.nextInt(400));
    }
  }

  @SuppressWarnings("ReferenceEquality") // Not on a later connection.
  private void again(Link on) {
    if (on == link() && isOpen() && !joined) {
      join();
    }
  }

  private void subscribed(String text) {
    boolean recovered = text.contains("\"recovered\":true");
    joined = true;
    settled();
    journal.joined(load.micros(), recovered);
    load.joined(recovered);
    if (!recovered && !epoch.isEmpty() && epoch.equals(Texts.string(text, "epoch"))) {
      load.refused("not recovered from " + offset + ": " + text);
    }
    astray = false;
    if (!recovered) {
      epoch = Texts.string(text, "epoch");
      offset = Texts.number(text, "offset", -1);
    }
  }

  @Override
  public void message(ByteBuf in, int at, long now) {
    int end = link().contentAt() + link().contentLength();
    int size = load.options().bytes();
    if (at + size > end || !Payload.intact(in, at, size)) {
      journal.corrupt();
      return;
    }
    if (Payload.room(in, at) != place.number()) {
      journal.stray();
      return;
    }
    long position = place.recovers() ? position(in, at, size, end) : -1;
    int flow = Payload.publisher(in, at);
    load.ledger.saw(place.number(), journal, flow, Payload.sequence(in, at), position);
    long sent = Payload.nanos(in, at);
    load.delivered(now - sent);
    if (load.wanted() != caughtUp && sent >= load.wantedSince()) {
      caughtUp = load.wanted();
      load.caughtUp(now);
    }
  }

  /** The offset, which stands before or after the payload, made one number with its epoch. */
  private long position(ByteBuf in, int at, int size, int end) {
    int from = link().contentAt();
    String before = in.toString(from, at - from, StandardCharsets.US_ASCII);
    String after = in.toString(at + size, end - at - size, StandardCharsets.US_ASCII);
    long here = Texts.number(before + after, "offset", -1);
    if (here < 0) {
      return -1;
    }
    offset = here;
    return astray ? -1 : (long) load.epoch(epoch) << OFFSET_BITS | here;
  }
}
