package io.roomcast.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** The rooms of a run, their members and who publishes. */
final class Crowd {
  final Loop loop;
  final Wire wire;
  final Tally tally;
  final List<Member> members = new ArrayList<>();
  final List<Publisher> publishers = new ArrayList<>();

  private final List<URI> urls;
  private final List<Publisher> connecting = new ArrayList<>();
  private Opener opener = new Opener();

  /** Lays the crowd out; nothing is connected yet. */
  Crowd(LoadOptions options, Loop loop, Tally tally) {
    this.loop = loop;
    this.wire = options.protocol().wire();
    this.tally = tally;
    this.urls = options.urls();
    Scenario scenario = options.scenario();
    boolean closedLoop = scenario != Scenario.RATE && scenario != Scenario.IDLE;
    List<Room> rooms = rooms(options.shape());
    for (Room room : rooms) {
      for (int i = 0; i < room.members; i++) {
        members.add(new Member(members.size(), room, this, closedLoop, () -> opener.opened()));
      }
    }
    if (scenario == Scenario.MANY) {
      everyMemberPublishes(options.shape());
    } else if (scenario != Scenario.IDLE) {
      othersPublish(rooms, options.shape());
    }
  }

  /** Names are new in every run, so that what is left of one cannot disturb the next. */
  static String roomName(int run, int number) {
    return "bench-%06x-%05d".formatted(run, number);
  }

  static int newRun() {
    return ThreadLocalRandom.current().nextInt(1 << 24);
  }

  private static List<Room> rooms(LoadOptions.Shape shape) {
    int run = newRun();
    List<Room> out = new ArrayList<>();
    for (int i = 0; i < shape.rooms(); i++) {
      out.add(new Room(i, roomName(run, i), shape.members()));
    }
    return out;
  }

  private void everyMemberPublishes(LoadOptions.Shape shape) {
    for (Member member : members) {
      Publisher publisher = new Publisher(member, tally);
      publisher.publishTo(member.room, wire, shape, true);
      publishers.add(publisher);
    }
  }

  /** Spreads rooms over publishers, or publishers over rooms, whichever there is more of. */
  private void othersPublish(List<Room> rooms, LoadOptions.Shape shape) {
    for (int i = 0; i < shape.publishers(); i++) {
      Publisher publisher = new Publisher(this, () -> opener.opened());
      publishers.add(publisher);
      connecting.add(publisher);
    }
    int pairs = Math.max(rooms.size(), shape.publishers());
    for (int i = 0; i < pairs; i++) {
      Room room = rooms.get(i % rooms.size());
      publishers.get(i % publishers.size()).publishTo(room, wire, shape, false);
    }
  }

  /** Connects everybody; the future is done when all have joined. */
  CompletableFuture<Void> open() {
    return open(0, members.size());
  }

  /** Connects the publishers and some of the members. */
  CompletableFuture<Void> open(int from, int to) {
    opener = new Opener();
    for (Publisher publisher : connecting) {
      boolean upgrade = wire.publishesByWebSocket();
      opener.add(
          () -> publisher.link().connect(urls.getFirst(), path(urls.getFirst(), ""), upgrade));
    }
    connecting.clear();
    for (Member member : members.subList(from, to)) {
      URI url = urls.get(member.number % urls.size());
      opener.add(() -> member.link().connect(url, path(url, member.room.name), true));
    }
    return opener.start();
  }

  private String path(URI url, String room) {
    String base = url.getRawPath();
    return wire.path(base == null || base.isEmpty() ? "/" : base, room);
  }

  /** How many messages have been sent and not received, over all members. */
  long missing() {
    long out = 0;
    for (Member member : members) {
      out += member.missing();
    }
    return out;
  }
}
