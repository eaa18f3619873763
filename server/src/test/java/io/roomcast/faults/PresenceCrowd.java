package io.roomcast.faults;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Users with several tabs each, spread over nodes, and a watcher in each room on each node that
 * keeps account of whom it was told of. Its methods are for one thread.
 */
final class PresenceCrowd implements AutoCloseable {
  private static final Pattern USER = Pattern.compile("\"user\":\"([^\"]*)\"");
  private static final Pattern USERS = Pattern.compile("\"users\":\\[([^\\]]*)\\]");
  private static final Pattern COUNTS = Pattern.compile("\"count\":(\\d+),\"sessions\":(\\d+)");

  private final List<ServerNode> nodes;
  private final List<ServerNode> up;
  private final Random random;
  private final int rooms;
  private final int users;
  private final int tabsEach;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Tab> tabs = new ArrayList<>();
  private final List<Tab> watchers = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> flaws = new ConcurrentLinkedQueue<>();
  private final AtomicLong events = new AtomicLong();

  PresenceCrowd(List<ServerNode> nodes, int rooms, int users, int tabsEach, Random random) {
    this.nodes = nodes;
    this.up = new ArrayList<>(nodes);
    this.rooms = rooms;
    this.users = users;
    this.tabsEach = tabsEach;
    this.random = random;
  }

  @Override
  public String toString() {
    return "%,d users with %d tabs each in %d rooms on %d nodes"
        .formatted(users, tabsEach, rooms, nodes.size());
  }

  private static String room(int number) {
    return "here:" + number;
  }

  /** One watcher in each room on each node; the rooms are empty. */
  void watch() throws InterruptedException {
    for (int i = 0; i < rooms; i++) {
      for (ServerNode node : nodes) {
        Tab watcher = new Tab("watcher " + i + " at " + nodes.indexOf(node), i, true);
        watcher.open(node);
        watchers.add(watcher);
      }
    }
  }

  /** All tabs, those of one user on different nodes. */
  void enter() throws InterruptedException {
    for (int user = 0; user < users; user++) {
      for (int i = 0; i < tabsEach; i++) {
        Tab tab = new Tab("user " + user, user % rooms, false);
        tabs.add(tab);
        tab.open(node(user + i));
      }
    }
  }

  private ServerNode node(int turn) {
    return up.get(Math.floorMod(turn, up.size()));
  }

  /** Some tabs are closed, and some that were come back, anywhere. */
  void step(int some) throws InterruptedException {
    for (int i = 0; i < some; i++) {
      Tab tab = tabs.get(random.nextInt(tabs.size()));
      if (!tab.isOpen()) {
        tab.open(node(random.nextInt(nodes.size())));
      } else {
        tab.close(random.nextBoolean());
      }
    }
  }

  /** A node has died: half of its tabs come back elsewhere. */
  void lost(ServerNode node) throws InterruptedException {
    up.remove(node);
    for (Tab tab : tabs) {
      if (tab.at == node) {
        tab.close(true);
        if (random.nextBoolean()) {
          tab.open(node(random.nextInt(nodes.size())));
        }
      }
    }
    watchers.stream().filter(watcher -> watcher.at == node).forEach(watcher -> watcher.close(true));
  }

  /** A node can be used again. */
  void back(ServerNode node) throws InterruptedException {
    up.add(node);
    for (Tab watcher : watchers) {
      if (!watcher.isOpen()) {
        watcher.open(node);
      }
    }
  }

  private Set<String> expected(int room) {
    Set<String> all = new TreeSet<>();
    for (Tab tab : everybody()) {
      if (tab.isOpen() && tab.room == room) {
        all.add(tab.user);
      }
    }
    return all;
  }

  private List<Tab> everybody() {
    List<Tab> all = new ArrayList<>(tabs);
    all.addAll(watchers);
    return all;
  }

  /** Whether every node says exactly who is here, and how many sessions that is. */
  boolean isTrue() {
    for (int room = 0; room < rooms; room++) {
      int number = room;
      Set<String> expected = expected(room);
      long sessions =
          everybody().stream().filter(tab -> tab.isOpen() && tab.room == number).count();
      for (ServerNode node : up) {
        String path = "/v1/rooms/" + room(room) + "/members?";
        Matcher counts = COUNTS.matcher(node.get(path + "counts=1"));
        if (!counts.find()
            || Long.parseLong(counts.group(1)) != expected.size()
            || Long.parseLong(counts.group(2)) != sessions
            || !users(node.get(path + "limit=1000")).equals(expected)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether every watcher believes what is true, from what it was told alone. */
  boolean isBelieved() {
    return watchers.stream()
        .filter(Tab::isOpen)
        .allMatch(watcher -> watcher.believed().equals(expected(watcher.room)));
  }

  private static Set<String> users(String json) {
    Set<String> all = new TreeSet<>();
    Matcher list = USERS.matcher(json);
    if (list.find() && !list.group(1).isEmpty()) {
      for (String user : list.group(1).split(",", -1)) {
        all.add(user.substring(1, user.length() - 1));
      }
    }
    return all;
  }

  /** How many times a watcher was told that somebody came or went. */
  long events() {
    return events.get();
  }

  /** Nobody may have been told twice that somebody came, or went. */
  void check(FaultRun run) {
    run.require(flaws.isEmpty(), "joined and left take turns: " + flaws);
  }

  @Override
  public void close() {
    everybody().forEach(tab -> tab.close(true));
    http.shutdownNow();
  }

  /** One session. */
  private final class Tab {
    final String user;
    final int room;
    private final boolean watching;
    private @Nullable ServerNode at;
    private @Nullable Wire wire;

    Tab(String user, int room, boolean watching) {
      this.user = user;
      this.room = room;
      this.watching = watching;
    }

    boolean isOpen() {
      return wire != null;
    }

    void open(ServerNode node) throws InterruptedException {
      at = node;
      Wire opened = new Wire(user);
      wire = opened;
      URI url = node.url();
      opened.socket.complete(http.newWebSocketBuilder().buildAsync(url, opened).join());
      opened.say("{\"type\":\"connect\",\"name\":\"" + user + "\"}");
      opened.say("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"" + room(room) + "\"}");
      opened.subscribed.join();
      if (watching) {
        opened.say(
            "{\"type\":\"presence\",\"id\":2,\"room\":\"" + room(room) + "\",\"limit\":1000}");
        opened.answered.join();
      }
    }

    /** Ends it with a goodbye or without. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends either way.
    void close(boolean abruptly) {
      Wire ending = wire;
      wire = null;
      at = null;
      if (ending != null && abruptly) {
        ending.socket.join().abort();
      } else if (ending != null) {
        ending.socket.join().sendClose(WebSocket.NORMAL_CLOSURE, "");
      }
    }

    Set<String> believed() {
      Wire now = wire;
      return now == null ? Set.of() : now.believed();
    }
  }

  /** What a session hears. */
  private final class Wire implements WebSocket.Listener {
    final CompletableFuture<Boolean> subscribed = new CompletableFuture<>();
    final CompletableFuture<Boolean> answered = new CompletableFuture<>();
    private final String user;
    private final StringBuilder part = new StringBuilder();
    private final Set<String> believed = new HashSet<>();
    private final Map<String, Boolean> last = new HashMap<>();
    private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();

    Wire(String user) {
      this.user = user;
    }

    void say(String text) {
      socket.join().sendText(text, true).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        hear(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    private void hear(String text) {
      if (text.startsWith("{\"type\":\"subscribed\"")) {
        subscribed.complete(true);
      } else if (text.startsWith("{\"type\":\"presence\"")) {
        synchronized (believed) {
          believed.clear();
          believed.addAll(users(text));
        }
        answered.complete(true);
      } else if (text.startsWith("{\"type\":\"joined\"")) {
        told(text, true);
      } else if (text.startsWith("{\"type\":\"left\"")) {
        told(text, false);
      } else if (text.startsWith("{\"type\":\"error\"")) {
        flaws.add(text);
        subscribed.complete(false);
        answered.complete(false);
      }
    }

    /** Each time it has to be the other thing than the last time. */
    private void told(String text, boolean joined) {
      Matcher matcher = USER.matcher(text);
      if (!matcher.find()) {
        return;
      }
      events.incrementAndGet();
      String who = matcher.group(1);
      Boolean before = last.put(who, joined);
      if (before != null && before == joined) {
        flaws.add(user + " was told again: " + text);
      }
      synchronized (believed) {
        if (joined) {
          believed.add(who);
        } else {
          believed.remove(who);
        }
      }
    }

    Set<String> believed() {
      synchronized (believed) {
        return new TreeSet<>(believed);
      }
    }
  }
}
