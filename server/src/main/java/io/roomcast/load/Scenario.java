package io.roomcast.load;

/** What a run does to the server. */
public enum Scenario {
  /** One room; the next publish goes out when every member has the last one. */
  FANOUT,
  /** Many rooms, publishers that go round their rooms, each waiting like {@link #FANOUT}. */
  ROOMS,
  /** Many rooms in which every member publishes, each waiting like {@link #FANOUT}. */
  MANY,
  /** Many rooms at a fixed rate, whatever the server does; latency counts from the planned time. */
  RATE,
  /** Members that say nothing: what one of them costs in memory and CPU. */
  IDLE,
  /** Connect, join, leave, close. */
  CHURN,
  /** Join and leave on connections that stay open. */
  JOINS,
  /** {@link #ROOMS} with the members spread over several nodes, published through the first. */
  NODES
}
