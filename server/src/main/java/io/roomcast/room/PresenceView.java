package io.roomcast.room;

import io.roomcast.protocol.PresenceEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is in one room, as this node's members have been told. Lives while the node wants the room.
 *
 * <p>Whatever comes twice is left out, and after an interruption the view is compared with what
 * {@link Presence} has, and its members are told what they missed: so {@code joined} and {@code
 * left} of a user take turns. Who is missing then is told {@code left} only when it is still
 * missing after {@value #SETTLE_MILLIS} ms: nodes that come back after Redis was lost need a moment
 * to say again who is there.
 *
 * <p>Thread-safe. Events leave under the view's own monitor, in one order for all lanes.
 */
public final class PresenceView {
  /** By Unicode code points, which is the order of the bytes in UTF-8. */
  public static final Comparator<String> ORDER = PresenceView::compare;

  static final long SETTLE_MILLIS = 6_000;
  private static final long RETRY_MILLIS = 1_000;
  private static final int PAGE = 1_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final String room;
  private final Presence presence;
  private final Time time;
  private final BiConsumer<String, PresenceEvent> members;

  /** Who is here, and what others may know of each; empty when that is nothing. */
  private final NavigableMap<String, String> here = new TreeMap<>(ORDER);

  /** Who was missing when it was last read, and until when that is not believed. */
  private final Map<String, Long> doubted = new HashMap<>(0);

  private @Nullable Reading reading;

  /** What is to be done when the first reading has ended. */
  private List<Runnable> asked = new ArrayList<>(0);

  private boolean again;
  private boolean known;

  /** Whether all changes arrive now. */
  private volatile boolean live;

  /** When it is to be read again. */
  private volatile long due = NEVER;

  /** One comparison under way: what came meanwhile is newer than what is read. */
  private record Reading(Set<String> touched, Map<String, String> found) {}

  PresenceView(
      String room, Presence presence, Time time, BiConsumer<String, PresenceEvent> members) {
    this.room = room;
    this.presence = presence;
    this.time = time;
    this.members = members;
  }

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean same = Character.isSurrogate(x) == Character.isSurrogate(y);
        return same ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** The broker has brought a change. */
  synchronized void take(PresenceEvent event) {
    String user = event.user();
    if (reading != null) {
      reading.touched().add(user);
    }
    doubted.remove(user);
    boolean news =
        event.joined() ? here.put(user, event.info()) == null : here.remove(user) != null;
    // Of who is here already it may have brought another info, which nobody is told.
    // Who leaves before the first reading was there, though not by this view.
    if (news || (!known && !event.joined())) {
      members.accept(room, event);
    }
  }

  /** From here on all changes arrive. */
  void confirmed() {
    live = true;
    read();
  }

  /** None arrive from now on. */
  void interrupted() {
    live = false;
  }

  /** Compares. */
  void read() {
    Reading now;
    synchronized (this) {
      due = NEVER;
      if (reading != null) {
        again = true;
        return;
      }
      now = new Reading(new HashSet<>(), new TreeMap<>(ORDER));
      reading = now;
    }
    ask(now, "");
  }

  private void ask(Reading now, String after) {
    presence.read(room, after, PAGE, page -> answered(now, page));
  }

  private void answered(Reading now, Presence.@Nullable Page page) {
    if (page != null) {
      page.users().forEach(user -> now.found().put(user, page.infos().getOrDefault(user, "")));
      if (page.more() && !page.users().isEmpty()) {
        ask(now, page.users().getLast());
        return;
      }
    }
    List<Runnable> then;
    boolean repeat;
    synchronized (this) {
      if (page == null) {
        due = time.millis() + RETRY_MILLIS;
      } else {
        settle(now);
      }
      repeat = again && page != null;
      reading = null;
      again = false;
      then = asked;
      asked = new ArrayList<>(0);
    }
    then.forEach(Runnable::run);
    if (repeat) {
      read();
    }
  }

  private void settle(Reading now) {
    now.found()
        .forEach(
            (user, info) -> {
              if (!now.touched().contains(user) && here.put(user, info) == null && known) {
                members.accept(room, new PresenceEvent(user, true, info));
              }
            });
    known = true;
    doubted.keySet().removeAll(now.found().keySet());
    long millis = time.millis();
    Iterator<String> all = here.keySet().iterator();
    while (all.hasNext()) {
      String user = all.next();
      if (!now.found().containsKey(user) && !now.touched().contains(user)) {
        long until = doubted.computeIfAbsent(user, u -> millis + SETTLE_MILLIS);
        if (until <= millis) {
          all.remove();
          doubted.remove(user);
          members.accept(room, new PresenceEvent(user, false));
        } else {
          due = Math.min(due, until);
        }
      }
    }
  }

  /** Some time has passed. */
  void tick() {
    if (due <= time.millis()) {
      read();
    }
  }

  /**
   * Whether it will soon be known who is here; then something is done, on any thread, when it is,
   * or when that has failed.
   */
  synchronized boolean await(Runnable then) {
    boolean soon = live && !known && reading != null;
    if (soon) {
      asked.add(then);
    }
    return soon;
  }

  /** A part of what the members have been told; null while it may not be all. */
  synchronized Presence.@Nullable Page page(String after, int limit) {
    if (!known || !live) {
      return null;
    }
    List<String> users = new ArrayList<>();
    Map<String, String> infos = new LinkedHashMap<>(0);
    Iterator<Map.Entry<String, String>> rest = here.tailMap(after, false).entrySet().iterator();
    while (rest.hasNext() && users.size() < limit) {
      Map.Entry<String, String> next = rest.next();
      users.add(next.getKey());
      if (!next.getValue().isEmpty()) {
        infos.put(next.getKey(), next.getValue());
      }
    }
    return new Presence.Page(List.copyOf(users), infos, rest.hasNext(), here.size(), 0);
  }
}
