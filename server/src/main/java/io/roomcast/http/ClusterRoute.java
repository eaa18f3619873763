package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.Json;
import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** {@code GET /v1/cluster}: the nodes, and how each of them is. */
record ClusterRoute(ServerApi api) implements Route.Handler {

  @Override
  public void handle(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.READ);
    api.cluster()
        .ask(
            new ClusterCommand.Status(),
            answers ->
                exchange.onLane(
                    () -> exchange.answer(Answer.json(HttpResponseStatus.OK, json(answers)))));
  }

  private static byte[] json(Cluster.Answers answers) {
    StringBuilder out = new StringBuilder(256).append("{\"nodes\":[");
    List<ClusterAnswer.Status> nodes =
        answers.of(ClusterAnswer.Status.class).stream()
            .sorted(Comparator.comparing(ClusterAnswer.Status::node))
            .toList();
    for (int i = 0; i < nodes.size(); i++) {
      out.append(i == 0 ? "" : ",");
      node(nodes.get(i), out);
    }
    out.append("],\"silent\":").append(answers.silent());
    out.append(",\"complete\":").append(answers.complete());
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void node(ClusterAnswer.Status node, StringBuilder out) {
    out.append("{\"node\":");
    Json.quote(node.node(), out);
    out.append(",\"version\":");
    Json.quote(node.version(), out);
    out.append(",\"uptime\":").append(node.uptimeSeconds());
    out.append(",\"sessions\":").append(node.size().sessions());
    out.append(",\"rooms\":").append(node.size().rooms());
    out.append(",\"members\":").append(node.size().members());
    out.append(",\"ready\":").append(node.ready());
    out.append(",\"broker\":");
    Json.quote(node.broker(), out);
    if (node.lagMillis() >= 0) {
      out.append(",\"lag\":").append(node.lagMillis());
    }
    out.append('}');
  }
}
