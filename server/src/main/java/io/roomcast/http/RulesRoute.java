package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.Json;
import io.roomcast.room.Cluster;
import io.roomcast.room.ClusterAnswer.RulesHeld;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.RuleChange;
import io.roomcast.room.Ruling;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /v1/rules}: the rules that hold, and others in their place on all nodes. They are first
 * looked at by every node, so that they hold on all or on none.
 */
record RulesRoute(ServerApi api) {
  static final String PATH = "/v1/rules";

  void tell(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.READ);
    api.cluster()
        .ask(
            new ClusterCommand.RulesHeld(),
            answers -> exchange.onLane(() -> answer(exchange, answers)));
  }

  void give(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.ADMIN);
    JsonBody body = JsonBody.parse(exchange.body(), Set.of("rules"));
    List<String> lines = body.texts("rules");
    if (body.raw("rules").length == 0) {
      throw Problem.invalidField("rules is missing: an array of strings, a rule each");
    }
    ClusterCommand check;
    try {
      check = new ClusterCommand.CheckRules(lines);
      api.ruling().check(lines);
    } catch (IllegalArgumentException e) {
      throw Problem.invalidField(String.valueOf(e.getMessage()));
    }
    api.cluster()
        .ask(check, answers -> exchange.onLane(() -> afterCheck(exchange, answers, lines)));
  }

  private void afterCheck(Exchange exchange, Cluster.Answers answers, List<String> lines) {
    Optional<RulesHeld> against =
        answers.of(RulesHeld.class).stream().filter(node -> !node.flaw().isEmpty()).findFirst();
    if (against.isPresent()) {
      exchange.fail(
          Problem.invalidField("node " + against.get().node() + ": " + against.get().flaw()));
    } else if (!answers.complete()) {
      exchange.fail(
          Problem.temporary(
              ErrorCode.UNAVAILABLE,
              (answers.reached()
                      ? answers.silent() + " nodes did not answer"
                      : "other nodes could not be asked")
                  + "; nothing has changed; try again"));
    } else {
      change(exchange, api.ruling().give(lines));
    }
  }

  void takeBack(Exchange exchange) throws Problem {
    api.check(exchange.headers(), Scope.ADMIN);
    change(exchange, api.ruling().takeBack());
  }

  private void change(Exchange exchange, RuleChange change) {
    api.cluster()
        .ask(
            new ClusterCommand.ChangeRules(change),
            answers -> exchange.onLane(() -> changed(exchange, answers)));
  }

  private void changed(Exchange exchange, Cluster.Answers answers) {
    if (answers.complete()) {
      answer(exchange, answers);
    } else {
      exchange.fail(
          Problem.temporary(
              ErrorCode.UNAVAILABLE,
              answers.reached()
                  ? answers.silent() + " nodes did not answer, and follow later; try again"
                  : "Redis did not confirm it; look which rules hold, or try again"));
    }
  }

  private void answer(Exchange exchange, Cluster.Answers answers) {
    exchange.answer(Answer.json(HttpResponseStatus.OK, json(api.ruling().held(), answers)));
  }

  private static byte[] json(Ruling.Held held, Cluster.Answers answers) {
    StringBuilder out = new StringBuilder(512).append("{\"rules\":[");
    for (int i = 0; i < held.lines().size(); i++) {
      out.append(i == 0 ? "" : ",");
      Json.quote(held.lines().get(i), out);
    }
    out.append(']');
    source(held.given(), held.version(), out);
    out.append(",\"nodes\":[");
    List<RulesHeld> nodes =
        answers.of(RulesHeld.class).stream().sorted(Comparator.comparing(RulesHeld::node)).toList();
    String digest = held.digest();
    for (int i = 0; i < nodes.size(); i++) {
      RulesHeld node = nodes.get(i);
      out.append(i == 0 ? "" : ",").append("{\"node\":");
      Json.quote(node.node(), out);
      source(node.given(), node.version(), out);
      out.append(",\"same\":").append(node.digest().equals(digest)).append('}');
    }
    out.append("],\"complete\":").append(answers.complete());
    return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void source(boolean given, long version, StringBuilder out) {
    out.append(",\"from\":\"").append(given ? "api" : "configuration").append('"');
    if (version > 0) {
      out.append(",\"version\":").append(version);
    }
  }
}
