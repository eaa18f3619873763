package io.roomcast.load;

import java.net.URI;
import java.util.List;

/**
 * Who sends what to whom in a run with a ledger.
 *
 * @param urls {@code ws://host:port/path} of the nodes that members join at, in turn
 * @param publishAt the same for publishers
 * @param prefix of the rooms' names
 * @param members of each room
 * @param publishers connections that publish, each to some rooms, or several to each room
 * @param rate messages a second, over all publishers
 * @param bytes of a message; made a multiple of eight, 64 or more
 * @param recover whether members come back with their position
 * @param keys whether publishers repeat what was not answered, or with a temporary error, with the
 *     same key; where members recover
 * @param silenceMillis after which a server that says nothing is taken for dead
 * @param kept where every second room's name begins with something else, and its members recover;
 *     else empty
 * @param seed of all that is random
 */
public record LedgerOptions(
    List<URI> urls,
    List<URI> publishAt,
    String prefix,
    int rooms,
    int members,
    int publishers,
    double rate,
    int bytes,
    boolean recover,
    boolean keys,
    int silenceMillis,
    String kept,
    long seed) {

  /** Copies the lists and makes the size fit. */
  public LedgerOptions {
    urls = List.copyOf(urls);
    publishAt = List.copyOf(publishAt);
    bytes = Math.max(Payload.SEALED, (bytes + 7) / 8 * 8);
    if (urls.isEmpty() || publishAt.isEmpty() || rooms < 1 || members < 1 || publishers < 1) {
      throw new IllegalArgumentException("a ledger needs a url, a room, a member and a publisher");
    }
  }

  /** What most runs want: publishers where the members are, 128 bytes, no log. */
  public static LedgerOptions of(
      List<URI> urls, int rooms, int members, int publishers, double rate, long seed) {
    return new LedgerOptions(
        urls,
        urls,
        "ledger-",
        rooms,
        members,
        publishers,
        rate,
        128,
        false,
        false,
        10_000,
        "",
        seed);
  }

  /** The same with publishers elsewhere. */
  public LedgerOptions publishAt(List<URI> nodes) {
    return new LedgerOptions(
        urls,
        nodes,
        prefix,
        rooms,
        members,
        publishers,
        rate,
        bytes,
        recover,
        keys,
        silenceMillis,
        kept,
        seed);
  }

  /** The same with messages of another size. */
  public LedgerOptions bytes(int size) {
    return new LedgerOptions(
        urls,
        publishAt,
        prefix,
        rooms,
        members,
        publishers,
        rate,
        size,
        recover,
        keys,
        silenceMillis,
        kept,
        seed);
  }

  /** The same in rooms with a log: members recover, publishers repeat with a key. */
  public LedgerOptions logged(String roomPrefix) {
    return new LedgerOptions(
        urls,
        publishAt,
        roomPrefix,
        rooms,
        members,
        publishers,
        rate,
        bytes,
        true,
        true,
        silenceMillis,
        kept,
        seed);
  }

  /**
   * The same where every second room has a log: its members recover.
   *
   * @param roomPrefix of those rooms' names
   * @param repeat whether publishers repeat with a key there
   */
  public LedgerOptions halfLogged(String roomPrefix, boolean repeat) {
    return new LedgerOptions(
        urls,
        publishAt,
        prefix,
        rooms,
        members,
        publishers,
        rate,
        bytes,
        false,
        repeat,
        silenceMillis,
        roomPrefix,
        seed);
  }

  /** The same with other names of rooms. */
  public LedgerOptions prefix(String roomPrefix) {
    return new LedgerOptions(
        urls,
        publishAt,
        roomPrefix,
        rooms,
        members,
        publishers,
        rate,
        bytes,
        recover,
        keys,
        silenceMillis,
        kept,
        seed);
  }

  /** The same with another patience with a silent server. */
  public LedgerOptions silence(int millis) {
    return new LedgerOptions(
        urls,
        publishAt,
        prefix,
        rooms,
        members,
        publishers,
        rate,
        bytes,
        recover,
        keys,
        millis,
        kept,
        seed);
  }
}
