package bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** SUBSCRIBE, UNSUBSCRIBE and sendMessage, not answered; members get the bare message. */
class RoomHandler extends TextWebSocketHandler {
  private static final int SEND_MILLIS = 10_000;
  private static final int BUFFER_BYTES = 1 << 20;

  private final StringRedisTemplate redis;
  private final RedisMessageListenerContainer listeners;
  private final JsonMapper json = new JsonMapper();
  private final Map<String, WebSocketSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, Room> rooms = new HashMap<>();

  RoomHandler(StringRedisTemplate redis, RedisMessageListenerContainer listeners) {
    this.redis = redis;
    this.listeners = listeners;
  }

  /** A room with members, and its subscription. */
  private static final class Room implements MessageListener {
    final Set<WebSocketSession> members = ConcurrentHashMap.newKeySet();

    @Override
    public void onMessage(Message message, byte[] pattern) {
      TextMessage text = new TextMessage(message.getBody());
      for (WebSocketSession member : members) {
        try {
          member.sendMessage(text);
        } catch (Exception e) {
          members.remove(member);
        }
      }
    }
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession session) {
    sessions.put(
        session.getId(),
        new ConcurrentWebSocketSessionDecorator(session, SEND_MILLIS, BUFFER_BYTES));
    session.getAttributes().put("rooms", new HashSet<String>());
  }

  @Override
  protected void handleTextMessage(WebSocketSession session, TextMessage message) {
    JsonNode command = json.readTree(message.getPayload());
    String room = command.get("room").asString();
    switch (command.get("type").asString()) {
      case "SUBSCRIBE" -> join(session, room);
      case "UNSUBSCRIBE" -> leave(session, room);
      default -> redis.convertAndSend(room, command.get("message").asString());
    }
  }

  @Override
  public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
    for (String room : Set.copyOf(joined(session))) {
      leave(session, room);
    }
    sessions.remove(session.getId());
  }

  @SuppressWarnings("unchecked")
  private static Set<String> joined(WebSocketSession session) {
    return (Set<String>) session.getAttributes().get("rooms");
  }

  private synchronized void join(WebSocketSession session, String name) {
    Room room = rooms.get(name);
    if (room == null) {
      room = new Room();
      rooms.put(name, room);
      listeners.addMessageListener(room, new ChannelTopic(name));
    }
    room.members.add(sessions.get(session.getId()));
    joined(session).add(name);
  }

  private synchronized void leave(WebSocketSession session, String name) {
    Room room = rooms.get(name);
    if (room != null && room.members.remove(sessions.get(session.getId()))) {
      joined(session).remove(name);
      if (room.members.isEmpty()) {
        rooms.remove(name);
        listeners.removeMessageListener(room, new ChannelTopic(name));
      }
    }
  }
}
