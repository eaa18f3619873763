package io.roomcast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.roomcast.protocol.CloseCode;
import io.roomcast.protocol.Utf8;
import io.roomcast.room.ClusterAnswer;
import io.roomcast.room.ClusterAnswer.SessionInfo;
import io.roomcast.room.ClusterCommand;
import io.roomcast.room.ClusterCommand.Who;
import io.roomcast.room.Hub;
import io.roomcast.room.Revocation;
import io.roomcast.room.RuleChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What nodes say to each other, as text: lines of a word and {@code key=value} tokens, each after a
 * space, values as {@code application/x-www-form-urlencoded} writes them. The first line says what
 * it is and whose:
 *
 * <pre>
 *   rcc1 ask=17 to=roomcast:control:room:#7a…       rcc1 answer=17 from=7a…
 *   disconnect user=ann code=4502 text=bye          done node=alpha sessions=2 failed=0
 * </pre>
 *
 * <p>Tokens that are not known are passed over, so that a newer node may add some. Nothing here
 * trusts what it reads; what is not understood is empty.
 */
final class ControlCodec {
  /** Bytes of a message at most. */
  static final int MOST_BYTES = 2 * 1024 * 1024;

  private static final String VERSION = "rcc1";

  private ControlCodec() {}

  /** A message as it came. */
  sealed interface Message {
    /**
     * A question.
     *
     * @param number tells it from others of the asking node
     * @param to the channel that the answer goes to
     */
    record Ask(String number, String to, ClusterCommand command) implements Message {}

    /**
     * The answer to one.
     *
     * @param from the node that gives it, in a way that no two nodes share
     */
    record Answer(String number, String from, ClusterAnswer answer) implements Message {}
  }

  static byte[] write(Message.Ask ask) {
    StringBuilder out = new StringBuilder(200);
    Line.begin(out, VERSION).add("ask", ask.number()).add("to", ask.to()).end();
    switch (ask.command()) {
      case ClusterCommand.Status status -> Line.begin(out, "status").end();
      case ClusterCommand.Rooms rooms ->
          Line.begin(out, "rooms")
              .add("prefix", rooms.prefix())
              .add("after", rooms.after())
              .add("limit", rooms.limit())
              .end();
      case ClusterCommand.Sessions sessions ->
          who(out, "sessions", sessions.who()).add("limit", sessions.limit()).end();
      case ClusterCommand.Disconnect disconnect ->
          who(out, "disconnect", disconnect.who())
              .add("code", disconnect.code().code())
              .add("text", disconnect.text())
              .end();
      case ClusterCommand.Join join -> who(out, "join", join.who()).add("room", join.room()).end();
      case ClusterCommand.Leave leave ->
          who(out, "leave", leave.who()).add("room", leave.room()).end();
      case ClusterCommand.Revoke revoke -> revocation(out, revoke.revocation());
      case ClusterCommand.RulesHeld held -> Line.begin(out, "rules-held").end();
      case ClusterCommand.CheckRules check -> {
        Line.begin(out, "check-rules").end();
        rules(out, check.lines());
      }
      case ClusterCommand.ChangeRules change -> change(out, change.change());
    }
    return out.toString().getBytes(UTF_8);
  }

  private static void revocation(StringBuilder out, Revocation revocation) {
    Line.begin(out, "revoke")
        .add("kind", revocation.kind().word())
        .add("value", revocation.value())
        .add("at", revocation.atMillis())
        .add("until", revocation.untilMillis())
        .end();
  }

  /** One as it is kept in Redis. */
  static byte[] write(Revocation revocation) {
    StringBuilder out = new StringBuilder(100);
    revocation(out, revocation);
    return out.toString().strip().getBytes(UTF_8);
  }

  /** Understands one that was kept; empty when it cannot be. */
  static Optional<Revocation> readRevocation(byte[] bytes) {
    if (bytes.length > MOST_BYTES || !Utf8.isValid(bytes, 0, bytes.length)) {
      return Optional.empty();
    }
    try {
      Line line = Line.read(new String(bytes, UTF_8));
      return line.is("revoke") ? Optional.of(revocation(line)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Revocation revocation(Line line) {
    return new Revocation(
        Revocation.Kind.of(line.text("kind"))
            .orElseThrow(() -> new IllegalArgumentException("a kind that this node does not know")),
        line.text("value"),
        line.number("at"),
        line.number("until"));
  }

  private static void change(StringBuilder out, RuleChange change) {
    Line.begin(out, "change-rules")
        .add("version", change.version())
        .add("by", change.by())
        .add("given", change.given() ? 1 : 0)
        .end();
    rules(out, change.lines());
  }

  private static void rules(StringBuilder out, List<String> lines) {
    lines.forEach(line -> Line.begin(out, "r").add("rule", line).end());
  }

  /** A change of rules as it is kept in Redis. */
  static byte[] write(RuleChange change) {
    StringBuilder out = new StringBuilder(200);
    change(out, change);
    return out.toString().getBytes(UTF_8);
  }

  /** Understands one that was kept; empty when it cannot be. */
  static Optional<RuleChange> readRuleChange(byte[] bytes) {
    if (bytes.length > MOST_BYTES || !Utf8.isValid(bytes, 0, bytes.length)) {
      return Optional.empty();
    }
    String[] lines = new String(bytes, UTF_8).split("\n", -1);
    try {
      Line head = Line.read(lines[0]);
      return head.is("change-rules")
          ? Optional.of(change(head, entries(lines, 1)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static RuleChange change(Line line, List<Line> entries) {
    return new RuleChange(
        line.number("version"), line.text("by"), line.whole("given") == 1, rules(entries));
  }

  private static List<String> rules(List<Line> entries) {
    return entries.stream().map(entry -> entry.text("rule")).toList();
  }

  private static Line.Writer who(StringBuilder out, String word, Who who) {
    return Line.begin(out, word).add(who.user() ? "user" : "session", who.value());
  }

  static byte[] write(Message.Answer answer) {
    StringBuilder out = new StringBuilder(200);
    Line.begin(out, VERSION).add("answer", answer.number()).add("from", answer.from()).end();
    switch (answer.answer()) {
      case ClusterAnswer.Status status ->
          Line.begin(out, "status")
              .add("node", status.node())
              .add("version", status.version())
              .add("uptime", status.uptimeSeconds())
              .add("sessions", status.size().sessions())
              .add("rooms", status.size().rooms())
              .add("members", status.size().members())
              .add("ready", status.ready() ? 1 : 0)
              .add("broker", status.broker())
              .add("lag", status.lagMillis())
              .end();
      case ClusterAnswer.Rooms rooms -> {
        Line.begin(out, "rooms").add("node", rooms.node()).end();
        for (Hub.RoomInfo room : rooms.rooms()) {
          Line.begin(out, "r")
              .add("room", room.room())
              .add("members", room.members())
              .add("messages", room.messages())
              .end();
        }
      }
      case ClusterAnswer.Sessions sessions -> {
        Line.begin(out, "sessions")
            .add("node", sessions.node())
            .add("more", sessions.more() ? 1 : 0)
            .end();
        sessions.sessions().forEach(session -> session(out, session));
      }
      case ClusterAnswer.Done done ->
          Line.begin(out, "done")
              .add("node", done.node())
              .add("sessions", done.sessions())
              .add("failed", done.failed())
              .end();
      case ClusterAnswer.RulesHeld held ->
          Line.begin(out, "rules-held")
              .add("node", held.node())
              .add("given", held.given() ? 1 : 0)
              .add("version", held.version())
              .add("digest", held.digest())
              .add("flaw", held.flaw())
              .end();
    }
    return out.toString().getBytes(UTF_8);
  }

  private static Hub.RoomInfo room(Line entry) {
    return new Hub.RoomInfo(entry.text("room"), entry.whole("members"), entry.number("messages"));
  }

  private static void session(StringBuilder out, SessionInfo session) {
    Line.Writer line =
        Line.begin(out, "s")
            .add("session", session.session())
            .add("user", session.user())
            .add("wire", session.wire());
    session.rooms().forEach(room -> line.add("room", room));
    line.end();
  }

  /** Understands what came; empty when it cannot be. */
  static Optional<Message> read(byte[] bytes) {
    if (bytes.length > MOST_BYTES || !Utf8.isValid(bytes, 0, bytes.length)) {
      return Optional.empty();
    }
    String[] lines = new String(bytes, UTF_8).split("\n", -1);
    try {
      Line head = Line.read(lines[0]);
      if (lines.length < 2 || !head.is(VERSION)) {
        return Optional.empty();
      }
      Line body = Line.read(lines[1]);
      List<Line> entries = entries(lines, 2);
      return Optional.of(
          head.has("ask")
              ? new Message.Ask(head.text("ask"), head.text("to"), command(body, entries))
              : new Message.Answer(head.text("answer"), head.text("from"), answer(body, entries)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Line> entries(String[] lines, int first) {
    List<Line> entries = new ArrayList<>();
    for (int i = first; i < lines.length && entries.size() < ClusterCommand.MOST_ENTRIES; i++) {
      if (!lines[i].isEmpty()) {
        entries.add(Line.read(lines[i]));
      }
    }
    return entries;
  }

  private static ClusterCommand command(Line line, List<Line> entries) {
    return switch (line.word()) {
      case "status" -> new ClusterCommand.Status();
      case "rooms" ->
          new ClusterCommand.Rooms(line.text("prefix"), line.text("after"), line.whole("limit"));
      case "sessions" -> new ClusterCommand.Sessions(who(line), line.whole("limit"));
      case "disconnect" ->
          new ClusterCommand.Disconnect(who(line), code(line.whole("code")), line.text("text"));
      case "join" -> new ClusterCommand.Join(who(line), line.text("room"));
      case "leave" -> new ClusterCommand.Leave(who(line), line.text("room"));
      case "revoke" -> new ClusterCommand.Revoke(revocation(line));
      case "rules-held" -> new ClusterCommand.RulesHeld();
      case "check-rules" -> new ClusterCommand.CheckRules(rules(entries));
      case "change-rules" -> new ClusterCommand.ChangeRules(change(line, entries));
      default -> throw new IllegalArgumentException("a word that this node does not know");
    };
  }

  private static Who who(Line line) {
    return line.has("user") ? Who.user(line.text("user")) : Who.session(line.text("session"));
  }

  private static CloseCode code(int number) {
    for (CloseCode code : CloseCode.values()) {
      if (code.code() == number) {
        return code;
      }
    }
    throw new IllegalArgumentException("a code that this node does not know");
  }

  private static ClusterAnswer answer(Line line, List<Line> entries) {
    String node = line.text("node");
    return switch (line.word()) {
      case "status" ->
          new ClusterAnswer.Status(
              node,
              line.text("version"),
              line.number("uptime"),
              new Hub.Size(line.whole("sessions"), line.whole("rooms"), line.whole("members")),
              line.whole("ready") == 1,
              line.text("broker"),
              line.number("lag"));
      case "rooms" ->
          new ClusterAnswer.Rooms(node, entries.stream().map(ControlCodec::room).toList());
      case "sessions" ->
          new ClusterAnswer.Sessions(
              node,
              entries.stream()
                  .map(
                      entry ->
                          new SessionInfo(
                              entry.text("session"),
                              entry.text("user"),
                              entry.text("wire"),
                              entry.all("room")))
                  .toList(),
              line.whole("more") == 1);
      case "done" -> new ClusterAnswer.Done(node, line.whole("sessions"), line.whole("failed"));
      case "rules-held" ->
          new ClusterAnswer.RulesHeld(
              node,
              line.whole("given") == 1,
              line.number("version"),
              line.text("digest"),
              line.text("flaw"));
      default -> throw new IllegalArgumentException("a word that this node does not know");
    };
  }
}
