package io.roomcast.load;

import java.net.URI;
import java.util.List;

/**
 * What to run, against what.
 *
 * @param urls {@code ws://host:port/path} of each node; publishers use the first, members all in
 *     turn
 * @param pids processes whose CPU time and memory are the server's; empty when they are not known
 */
public record LoadOptions(
    Scenario scenario,
    Protocol protocol,
    List<URI> urls,
    Shape shape,
    Timing timing,
    List<Long> pids) {

  /** Copies the lists and checks that there is a server. */
  public LoadOptions {
    urls = List.copyOf(urls);
    pids = List.copyOf(pids);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("no url given");
    }
    if (scenario == Scenario.NODES && urls.size() < 2) {
      throw new IllegalArgumentException("the scenario nodes wants two urls or more");
    }
  }

  /**
   * How much of it.
   *
   * @param rooms number of rooms
   * @param members members of each room
   * @param publishers connections that only publish; without meaning where every member does
   * @param inflight messages that a publisher has under way at a time; in churn, all connections'
   * @param payloadBytes size of a message, at least 48
   * @param rate deliveries a second over all, for {@link Scenario#RATE} alone
   */
  public record Shape(
      int rooms, int members, int publishers, int inflight, int payloadBytes, double rate) {
    /** Refuses what is not positive. */
    public Shape {
      if (rooms < 1 || members < 1 || publishers < 1 || inflight < 1 || rate <= 0) {
        throw new IllegalArgumentException("rooms, members, publishers, inflight and rate are > 0");
      }
      if (payloadBytes < Payload.LEAST || payloadBytes > 60_000) {
        throw new IllegalArgumentException("a payload has 48 to 60000 bytes");
      }
    }

    int connections() {
      return rooms * members;
    }
  }

  /**
   * How long.
   *
   * @param warmupSeconds not counted
   * @param measuredSeconds counted
   */
  public record Timing(int warmupSeconds, int measuredSeconds) {
    /** Refuses a run that would measure nothing. */
    public Timing {
      if (warmupSeconds < 0 || measuredSeconds < 1) {
        throw new IllegalArgumentException("warm-up is >= 0 and the measured time >= 1 s");
      }
    }
  }
}
