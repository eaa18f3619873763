package io.roomcast.net;

import io.netty.channel.ChannelHandler;
import io.roomcast.room.Lane;
import io.roomcast.room.Origins;
import io.roomcast.tls.Tls;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * A port, and what is behind it.
 *
 * @param address where; port 0 for any that is free
 * @param tls what connections begin with; empty for none
 * @param webSockets which web pages may open WebSockets; empty when there are none here
 * @param http makes the handler of what is not a WebSocket, for each connection
 */
public record Entrance(
    InetSocketAddress address,
    Optional<Tls> tls,
    Optional<Origins> webSockets,
    Function<Lane, ChannelHandler> http) {}
