package io.roomcast.faults;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.roomcast.client.ClientOptions;
import io.roomcast.client.ClientState;
import io.roomcast.client.Gap;
import io.roomcast.client.Message;
import io.roomcast.client.Room;
import io.roomcast.client.RoomEvent;
import io.roomcast.client.RoomcastClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/**
 * Members and publishers of the Java library, and a ledger of what the members were told. A
 * publisher numbers what it sends to a room. A number that did not come to a member, though the
 * server said {@code sent}, has to lie where a gap was told; one that came again, or late, is a
 * fault.
 */
final class SdkLedger implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final List<RoomcastClient> members = new ArrayList<>();
  private final List<Journal> journals = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong reconnects = new AtomicLong();

  /** What one member was told of one room. Written by the library's deliveries, one at a time. */
  private static final class Journal {
    private final String room;
    private final Map<Integer, Long> last = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> gap = new HashMap<>();
    private final List<String> faults = new ArrayList<>();

    /** Numbers that did not come and of which no gap told: {@code publisher:number}. */
    private final List<String> holes = new ArrayList<>();

    private long told;
    private long gaps;

    Journal(String room) {
      this.room = room;
    }

    void told(RoomEvent event) {
      if (event instanceof Gap) {
        gaps++;
        last.keySet().forEach(publisher -> gap.put(publisher, true));
      } else if (event instanceof Message message) {
        String[] parts = message.text().split(":", -1);
        told(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
      } else {
        faults.add(room + ": " + event);
      }
    }

    private void told(int publisher, long number) {
      told++;
      long before = last.getOrDefault(publisher, 0L);
      if (number <= before) {
        faults.add(room + ": " + publisher + ":" + number + " after " + before);
        return;
      }
      boolean signalled = Boolean.TRUE.equals(gap.remove(publisher));
      for (long n = before + 1; n < number && before > 0 && !signalled; n++) {
        holes.add(publisher + ":" + n);
      }
      last.put(publisher, number);
    }
  }

  /** Sends to all rooms in turn, each with a count of its own. */
  private static final class Publisher {
    private final RoomcastClient client;
    private final int name;
    private final List<Room> rooms;
    private final Map<Room, Long> numbers = new HashMap<>();
    private final List<CompletableFuture<?>> open = new ArrayList<>();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private int turn;

    Publisher(RoomcastClient client, int name, List<Room> rooms) {
      this.client = client;
      this.name = name;
      this.rooms = rooms;
    }

    void send() {
      Room room = rooms.get(turn++ % rooms.size());
      long number = numbers.merge(room, 1L, Long::sum);
      String text = name + ":" + number;
      open.add(
          room.sendText(text)
              .handle((sent, failure) -> failure == null || failed.add(room.name() + " " + text)));
    }
  }

  /** What came of it. */
  record Result(
      long sent,
      long failed,
      long told,
      long gaps,
      long reconnects,
      List<String> unsignalled,
      List<String> faults) {}

  /**
   * Opens all and waits until they are in.
   *
   * @param silence of the clients
   */
  SdkLedger(URI uri, List<String> rooms, int memberCount, Duration silence) {
    // Nothing is to fail for want of room or time where the machine is slow.
    ClientOptions options =
        ClientOptions.DEFAULT.withSilence(silence).withQueue(20_000, Duration.ofMinutes(3));
    List<CompletableFuture<?>> joins = new ArrayList<>();
    for (int i = 0; i < memberCount; i++) {
      RoomcastClient client = RoomcastClient.connect(uri, options);
      client.onState(
          change -> {
            if (change.state() == ClientState.WAITING) {
              reconnects.incrementAndGet();
            }
          });
      members.add(client);
      for (String name : rooms) {
        Journal journal = new Journal(name);
        journals.add(journal);
        Room room = client.room(name);
        room.onMessage(journal::told);
        room.onGap(journal::told);
        room.onRemoved(journal::told);
        joins.add(room.join());
      }
    }
    joins.forEach(join -> join.orTimeout(PATIENCE.toMillis(), MILLISECONDS).join());
    for (int i = 0; i < 2; i++) {
      RoomcastClient client = RoomcastClient.connect(uri, options);
      publishers.add(new Publisher(client, i, rooms.stream().map(client::room).toList()));
    }
    var unused =
        clock.scheduleAtFixedRate(() -> publishers.forEach(Publisher::send), 0, 10, MILLISECONDS);
  }

  /** Every member has been told something, from each publisher, that was sent after this call. */
  void awaitFlow() {
    Map<Journal, Long> before = new HashMap<>();
    journals.forEach(journal -> before.put(journal, least(journal) + 20));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> journals.stream().allMatch(j -> least(j) > before.getOrDefault(j, 0L)));
  }

  private long least(Journal journal) {
    return publishers.stream()
        .mapToLong(publisher -> journal.last.getOrDefault(publisher.name, 0L))
        .min()
        .orElse(0);
  }

  /** Stops sending, waits until all has come, and judges. */
  Result finish() throws InterruptedException {
    clock.shutdown();
    clock.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS);
    long sent = 0;
    long failed = 0;
    for (Publisher publisher : publishers) {
      publisher.open.forEach(one -> one.orTimeout(90_000, MILLISECONDS).join());
      sent += publisher.open.size();
      failed += publisher.failed.size();
    }
    Set<String> lost = ConcurrentHashMap.newKeySet();
    publishers.forEach(publisher -> lost.addAll(publisher.failed));
    // The last ones of all: they have to come too, since a room that is quiet is compared with its
    // log.
    publishers.forEach(p -> p.rooms.forEach(room -> p.numbers.merge(room, 1L, Long::sum)));
    publishers.forEach(
        p -> p.rooms.forEach(room -> room.sendText(p.name + ":" + p.numbers.get(room)).join()));
    Awaitility.await().atMost(PATIENCE).until(() -> journals.stream().allMatch(this::complete));
    List<String> unsignalled = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    long told = 0;
    long gaps = 0;
    for (Journal journal : journals) {
      journal.holes.stream()
          .map(hole -> journal.room + " " + hole)
          .filter(hole -> !lost.contains(hole))
          .forEach(unsignalled::add);
      faults.addAll(journal.faults);
      told += journal.told;
      gaps += journal.gaps;
    }
    return new Result(sent, failed, told, gaps, reconnects.get(), unsignalled, faults);
  }

  private boolean complete(Journal journal) {
    return publishers.stream()
        .allMatch(
            p ->
                p.rooms.stream()
                    .filter(room -> room.name().equals(journal.room))
                    .allMatch(
                        room -> journal.last.getOrDefault(p.name, 0L).equals(p.numbers.get(room))));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    members.forEach(RoomcastClient::close);
    publishers.forEach(publisher -> publisher.client.close());
  }
}
