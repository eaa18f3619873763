package io.roomcast.room;

import java.util.List;

/**
 * The nodes together, as far as they obey each other: asks all of them, this one included.
 *
 * <p>Threads: every method may be called from any thread and returns at once.
 */
public interface Cluster extends AutoCloseable {

  /** Begins. Called once, before any other method. */
  void start(Local local);

  /**
   * Has a command carried out on every node that can be reached.
   *
   * @param callback called exactly once, on any thread, when all have answered or {@link
   *     ClusterCommand#patience} has passed
   */
  void ask(ClusterCommand command, Callback callback);

  /** Ends. What is asked later is not carried out. */
  @Override
  void close();

  /** One node's part, implemented by {@link Control}. */
  @FunctionalInterface
  interface Local {
    /**
     * Carries a command out on this node. On a thread that may wait for a moment, never a lane's.
     *
     * @throws IllegalStateException when that was not possible in time
     */
    ClusterAnswer carryOut(ClusterCommand command);
  }

  /** Hears what the nodes said. */
  @FunctionalInterface
  interface Callback {
    /** Called once, on any thread. Must not block. */
    void done(Answers answers);
  }

  /**
   * What the nodes said.
   *
   * @param nodes an answer from each node that gave one
   * @param silent how many nodes were asked and gave none
   * @param reached false when others could not be asked, so that nobody knows how many there are
   */
  record Answers(List<ClusterAnswer> nodes, int silent, boolean reached) {
    /** Makes it. */
    public Answers {
      nodes = List.copyOf(nodes);
    }

    /** Whether every node answered. */
    public boolean complete() {
      return reached && silent == 0;
    }

    /** The answers of one kind: to any command only one kind comes, unless somebody makes it up. */
    public <T extends ClusterAnswer> List<T> of(Class<T> kind) {
      return nodes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }
}
