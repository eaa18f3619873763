package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.protocol.CloseCode;
import io.roomcast.room.Cluster.Answers;
import io.roomcast.room.ClusterCommand.Who;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Cluster} promises, whoever implements it. */
public abstract class ClusterContract {
  private static final Who ANN = Who.user("ann & é 😀=1");

  private final List<Cluster> nodes = new ArrayList<>();
  private final Queue<ClusterCommand> heard = new ConcurrentLinkedQueue<>();

  /** Nodes that belong together and are not started; at least one. */
  protected abstract List<Cluster> create();

  /** What a node answers. */
  private ClusterAnswer answer(int node, ClusterCommand command) {
    heard.add(command);
    String name = "node " + node;
    return switch (command) {
      case ClusterCommand.Status status ->
          new ClusterAnswer.Status(
              name, "1.0 b", 7, new Hub.Size(1, 2, 3), true, "some", node == 0 ? -1 : 5);
      case ClusterCommand.Rooms rooms ->
          new ClusterAnswer.Rooms(
              name,
              List.of(new Hub.RoomInfo("a b=c%\u00fc", 4), new Hub.RoomInfo("z", 1, 1L << 40)));
      case ClusterCommand.Sessions sessions ->
          new ClusterAnswer.Sessions(
              name,
              List.of(
                  new ClusterAnswer.SessionInfo("s", "ann", "websocket", List.of("r 1", "r\u00fc")),
                  new ClusterAnswer.SessionInfo("t", "", "sse", List.of())),
              true);
      case ClusterCommand.Disconnect disconnect -> new ClusterAnswer.Done(name, 2, 0);
      case ClusterCommand.Join join -> new ClusterAnswer.Done(name, 1, 1);
      case ClusterCommand.Revoke revoke -> new ClusterAnswer.Done(name, 3, 0);
      case ClusterCommand.RulesHeld held -> new ClusterAnswer.RulesHeld(name, false, 0, "d1", "");
      case ClusterCommand.CheckRules check ->
          new ClusterAnswer.RulesHeld(name, true, 7, "d2", "rule \"\u00e9 %\": no = such\nword");
      case ClusterCommand.ChangeRules change ->
          new ClusterAnswer.RulesHeld(name, true, change.change().version(), "d3", "");
      case ClusterCommand.Leave leave -> throw new IllegalStateException("a lane is stuck");
    };
  }

  @BeforeEach
  void startNodes() {
    nodes.addAll(create());
    for (int i = 0; i < nodes.size(); i++) {
      int number = i;
      nodes.get(i).start(command -> answer(number, command));
    }
    await().until(() -> ask(nodes.getFirst(), new ClusterCommand.Status()).complete());
    await()
        .until(
            () ->
                ask(nodes.getFirst(), new ClusterCommand.Status()).nodes().size() == nodes.size());
    heard.clear();
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(Cluster::close);
  }

  private static Answers ask(Cluster cluster, ClusterCommand command) {
    Queue<Answers> answers = new ConcurrentLinkedQueue<>();
    cluster.ask(command, answers::add);
    await().until(() -> !answers.isEmpty());
    assertThat(answers).hasSize(1);
    return answers.element();
  }

  @Test
  void everyNodeAnswersEveryKindOfQuestion() {
    List<ClusterCommand> commands =
        List.of(
            new ClusterCommand.Status(),
            new ClusterCommand.Rooms("p =\u00fc", "a\u00e9", 1001),
            new ClusterCommand.Sessions(ANN, 100),
            new ClusterCommand.Sessions(Who.session("s 1"), 1),
            new ClusterCommand.Disconnect(ANN, CloseCode.DISCONNECTED, "bye now"),
            new ClusterCommand.Disconnect(Who.session("x"), CloseCode.RECONNECT, ""),
            new ClusterCommand.Join(ANN, "room 1/\u00e4"),
            new ClusterCommand.RulesHeld(),
            new ClusterCommand.CheckRules(List.of()),
            new ClusterCommand.CheckRules(List.of("\u00fc:* log=1/1s", "b  join=server")),
            new ClusterCommand.ChangeRules(
                new RuleChange(1, "0123456789abcdef", true, List.of("a=%+ local", "b* local"))),
            new ClusterCommand.ChangeRules(
                new RuleChange(2, "0123456789abcdef", true, Collections.nCopies(1000, "a local"))),
            new ClusterCommand.ChangeRules(
                new RuleChange(3, "0123456789abcdef", false, List.of())));
    for (ClusterCommand command : commands) {
      for (Cluster asking : nodes) {
        heard.clear();
        Answers answers = ask(asking, command);
        assertThat(answers.complete()).as(command.toString()).isTrue();
        assertThat(heard).hasSize(nodes.size()).containsOnly(command);
        List<ClusterAnswer> expected = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
          expected.add(answer(i, command));
        }
        assertThat(answers.nodes()).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  @Test
  void whoCannotCarryItOutIsSilent() {
    Answers answers = ask(nodes.getLast(), new ClusterCommand.Leave(ANN, "r"));
    assertThat(answers.nodes()).isEmpty();
    assertThat(answers.silent()).isEqualTo(nodes.size());
    assertThat(answers.reached()).isTrue();
    assertThat(answers.complete()).isFalse();
  }

  @Test
  void manyQuestionsAtOnceAreEachAnswered() {
    Queue<Answers> all = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 100; i++) {
      nodes.getFirst().ask(new ClusterCommand.Status(), all::add);
    }
    await().until(() -> all.size() == 100);
    assertThat(all).allMatch(answers -> answers.nodes().size() == nodes.size());
  }

  @Test
  void nothingIsCarriedOutAfterTheEnd() {
    Cluster first = nodes.getFirst();
    first.close();
    heard.clear();
    Answers answers = ask(first, new ClusterCommand.Status());
    assertThat(answers.complete()).isFalse();
    assertThat(answers.nodes()).isEmpty();
    assertThat(heard).isEmpty();
  }
}
