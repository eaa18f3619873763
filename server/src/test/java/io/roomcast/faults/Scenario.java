package io.roomcast.faults;

import java.util.List;

/**
 * One kind of trouble.
 *
 * @param id by which it is known
 * @param title what it is, for people
 * @param play makes it
 */
record Scenario(String id, String title, Play play) {
  /** Starts what is needed, makes the faults, and judges. */
  interface Play {
    void run(FaultRun run) throws Exception;
  }

  /** All there are. */
  static final List<Scenario> ALL =
      List.of(
          new Scenario("F1", "one node, no fault", SteadyFaults::oneNode),
          new Scenario("F2", "three nodes, no fault", SteadyFaults::threeNodes),
          new Scenario("F3", "Redis kill -9 and restart", RedisFaults::killed),
          new Scenario("F4", "Redis frozen (-STOP), and paused", RedisFaults::frozen),
          new Scenario("F5", "CLIENT KILL TYPE pubsub each second", RedisFaults::cut),
          new Scenario("F6", "output buffer cut, flooded", RedisFaults::flooded),
          new Scenario(
              "F10", "members that stop reading, or hardly read", ClientFaults::slowReaders),
          new Scenario("F10L", "the same, rooms with slow=latest", ClientFaults::slowForLatest),
          new Scenario("F10R", "the same, rooms with slow=resync", ClientFaults::slowForResync),
          new Scenario("F11", "node kill -9", NodeFaults::killed),
          new Scenario("F12", "node SIGTERM, drained", NodeFaults::drained),
          new Scenario("F13", "rolling restart", NodeFaults::rolled),
          new Scenario("F15", "partition between a node and Redis", RedisFaults::partitioned),
          new Scenario(
              "F16", "presence: churn, node kill -9, Redis emptied", PresenceFaults::truth),
          new Scenario("F17", "node frozen (-STOP) and back", NodeFaults::frozen),
          new Scenario("F18", "descriptors exhausted", ClientFaults::descriptors),
          new Scenario("F19", "flood and slow readers in 256 MB", ClientFaults::memory),
          new Scenario("F20", "clocks that jump by an hour", ClockFaults::jumped),
          new Scenario("F22", "FLUSHALL, and Redis restarted empty", RedisFaults::emptied),
          new Scenario("F23", "cut off, and back from the log", LogFaults::cut),
          new Scenario(
              "F24",
              "50 publishers a room, three nodes; repeats with a key",
              SteadyFaults::manyPublishers),
          new Scenario("F26", "churn of connections and rooms", ClientFaults::churn));
}
