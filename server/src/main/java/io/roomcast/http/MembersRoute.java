package io.roomcast.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.protocol.ErrorCode;
import io.roomcast.protocol.PresenceReply;
import io.roomcast.protocol.WireLimits;
import io.roomcast.room.Action;
import io.roomcast.room.Attendance;
import io.roomcast.room.Presence;
import io.roomcast.room.Scope;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** <code>GET /v1/rooms/{room}/members</code>: who is in a room with presence, over all nodes. */
record MembersRoute(Attendance attendance, Access access) implements Route.Handler {

  @Override
  public void handle(Exchange exchange) throws Problem {
    String room = exchange.room();
    access.admit(exchange, Scope.READ, Action.MEMBERS, room, caller -> read(exchange, room));
  }

  private void read(Exchange exchange, String room) throws Problem {
    Target target = exchange.target();
    boolean counts = flag(target.query("counts"));
    String after = target.query("after");
    int limit = (int) Query.whole(target, "limit", WireLimits.SHORT_PAGE, WireLimits.PAGE);
    if (after.getBytes(StandardCharsets.UTF_8).length > WireLimits.NAME_BYTES) {
      throw Problem.invalidField("after must be at most " + WireLimits.NAME_BYTES + " bytes");
    }
    if (!attendance.has(room)) {
      throw Problem.of(
          HttpResponseStatus.NOT_IMPLEMENTED,
          ErrorCode.NOT_SUPPORTED,
          "this room shows no presence");
    }
    attendance.read(room, counts, after, limit, page -> done(exchange, room, counts, page));
  }

  private static boolean flag(String text) throws Problem {
    return switch (text) {
      case "", "0", "false" -> false;
      case "1", "true" -> true;
      default -> throw Problem.invalidField("counts must be 1 or 0");
    };
  }

  private static void done(
      Exchange exchange, String room, boolean counts, Presence.@Nullable Page page) {
    if (exchange.lane().owned()) {
      answer(exchange, room, counts, page);
    } else {
      exchange.lane().execute(() -> answer(exchange, room, counts, page));
    }
  }

  private static void answer(
      Exchange exchange, String room, boolean counts, Presence.@Nullable Page page) {
    if (page == null) {
      exchange.fail(
          Problem.temporary(
              ErrorCode.UNAVAILABLE,
              "who is here is not known now: the broker cannot be reached; try again"));
    } else {
      byte[] json =
          counts
              ? PresenceReply.counts("", room, page.count(), page.sessions())
              : PresenceReply.users(
                  "", room, page.users(), page.infos(), page.more(), page.count());
      exchange.answer(Answer.json(HttpResponseStatus.OK, json));
    }
  }
}
