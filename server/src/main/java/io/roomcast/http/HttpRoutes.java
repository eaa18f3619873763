package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.roomcast.room.Node;
import io.roomcast.room.Origins;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Who answers what: what all HTTP connections of a server share. Immutable. */
public final class HttpRoutes {
  private final Node node;
  private final Access access;
  private final HttpDate date = new HttpDate();
  private final List<Route> routes;

  /** Makes the routes of a node, with the console's files and the JavaScript client. */
  public HttpRoutes(Node node, MetricsSource metrics, Origins origins) {
    this(node, metrics, origins, Page.all());
  }

  HttpRoutes(Node node, MetricsSource metrics, Origins origins, List<Page> pages) {
    this.node = node;
    this.access = new Access(node.authenticator(), origins);
    State state = new State(node, metrics);
    List<Route> table =
        new ArrayList<>(
            List.of(
                Route.post("/v1/rooms/{room}/messages", new PublishRoute(node, access)),
                Route.get("/v1/rooms/{room}/events", new EventsRoute(node, access)),
                Route.get("/v1/rooms/{room}/members", new MembersRoute(node.attendance(), access)),
                Route.get("/v1/rooms", new RoomsRoute(node, access)),
                Route.get("/live", state::live),
                Route.get("/ready", state::ready),
                Route.get("/metrics", state::metrics)));
    for (Page page : pages) {
      table.add(Route.get(page.path(), page::serve));
    }
    this.routes = List.copyOf(table);
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
