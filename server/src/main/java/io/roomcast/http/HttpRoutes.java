package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import io.roomcast.room.RuleChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Who answers what: what all HTTP connections of a server's port share. Immutable. */
public final class HttpRoutes {
  private final Node node;
  private final Access access;
  private final HttpDate date = new HttpDate();
  private final List<Route> routes;

  /**
   * Makes the routes of a node's port, with the console's files, the client and the descriptions.
   */
  public HttpRoutes(Node node, MetricsSource metrics, Origins origins, ServerApi api, Port port) {
    this(node, metrics, origins, api, port, Page.all(port));
  }

  HttpRoutes(
      Node node,
      MetricsSource metrics,
      Origins origins,
      ServerApi api,
      Port port,
      List<Page> pages) {
    this.node = node;
    this.access = new Access(node, origins, api, port);
    List<Route> table = new ArrayList<>(ofRooms());
    State state = new State(node, metrics, port.forOperators());
    table.add(Route.get("/live", state::live));
    table.add(Route.get("/ready", state::ready));
    if (port.forOperators()) {
      table.addAll(forServers(api));
      table.add(Route.get("/metrics", state::metrics));
    }
    for (Page page : pages) {
      table.add(Route.get(page.path(), page::serve));
    }
    this.routes = List.copyOf(table);
  }

  /** What a user's token is enough for, where tokens are taken. */
  private List<Route> ofRooms() {
    return List.of(
        Route.post("/v1/rooms/{room}/messages", new PublishRoute(node, access)),
        Route.get("/v1/rooms/{room}/events", new EventsRoute(node, access)),
        Route.get("/v1/rooms/{room}/members", new MembersRoute(node.attendance(), access)),
        Route.get("/v1/rooms/{room}/history", new HistoryRoute(node, access)));
  }

  /** What needs an API key. */
  private List<Route> forServers(ServerApi api) {
    SessionsRoute users = new SessionsRoute(api, true);
    SessionsRoute sessions = new SessionsRoute(api, false);
    RulesRoute rules = new RulesRoute(api);
    return List.of(
        Route.post(PublishManyRoute.PATH, new PublishManyRoute(node, api)),
        Route.get("/v1/rooms", new RoomsRoute(node, api)),
        Route.get("/v1/users/{user}/sessions", users::list),
        Route.post("/v1/users/{user}/disconnect", users::disconnect),
        Route.put("/v1/users/{user}/rooms/{room}", users::join),
        Route.delete("/v1/users/{user}/rooms/{room}", users::leave),
        Route.get("/v1/sessions/{session}", sessions::list),
        Route.post("/v1/sessions/{session}/disconnect", sessions::disconnect),
        Route.put("/v1/sessions/{session}/rooms/{room}", sessions::join),
        Route.delete("/v1/sessions/{session}/rooms/{room}", sessions::leave),
        Route.post("/v1/revocations", new RevocationsRoute(node, api)),
        Route.get(RulesRoute.PATH, rules::tell),
        Route.put(RulesRoute.PATH, rules::give),
        Route.delete(RulesRoute.PATH, rules::takeBack),
        Route.get("/v1/cluster", new ClusterRoute(api)));
  }

  /** Every route, for who describes them. */
  List<Route> routes() {
    return routes;
  }

  /** Bytes that the body of a request to this target may have. */
  int bodyBytes(String uri) {
    int bytes = node.limits().messageBytes();
    return switch (uri) {
      case PublishManyRoute.PATH -> bytes + PublishManyRoute.NAMES_BYTES;
      case RulesRoute.PATH -> RuleChange.MOST_BYTES;
      default -> bytes;
    };
  }

  Node node() {
    return node;
  }

  /** The present moment for the header {@code Date}. */
  String date() {
    return date.at(node.time().wallMillis());
  }

  /** Has a request answered. */
  void handle(Exchange exchange) throws Problem {
    access.checkOrigin(exchange.headers());
    find(exchange).handler().handle(exchange);
  }

  private Route find(Exchange exchange) throws Problem {
    List<Route> there =
        routes.stream().filter(route -> route.matches(exchange.target().path())).toList();
    if (there.isEmpty()) {
      throw Problem.of(HttpResponseStatus.NOT_FOUND, "there is nothing at this path");
    }
    for (Route route : there) {
      if (route.takes(exchange.method())) {
        return route;
      }
    }
    String allow = there.stream().map(Route::allow).collect(Collectors.joining(", "));
    throw Problem.of(HttpResponseStatus.METHOD_NOT_ALLOWED, "allowed here: " + allow)
        .with(HttpHeaderNames.ALLOW, allow);
  }
}
