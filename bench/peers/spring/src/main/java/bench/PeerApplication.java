package bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;

/** Rooms over WebSocket with Spring's own parts: a raw handler and the Redis listener container. */
@SpringBootApplication
@EnableWebSocket
public class PeerApplication {
  public static void main(String[] args) {
    SpringApplication.run(PeerApplication.class, args);
  }

  /** Listeners run on the connection's thread: the container's default loses the order. */
  @Bean
  RedisMessageListenerContainer listeners(RedisConnectionFactory redis) {
    RedisMessageListenerContainer listeners = new RedisMessageListenerContainer();
    listeners.setConnectionFactory(redis);
    listeners.setTaskExecutor(new SyncTaskExecutor());
    return listeners;
  }

  @Bean
  WebSocketConfigurer routes(RoomHandler rooms) {
    return registry -> registry.addHandler(rooms, "/").setAllowedOrigins("*");
  }

  @Bean
  RoomHandler rooms(StringRedisTemplate redis, RedisMessageListenerContainer listeners) {
    return new RoomHandler(redis, listeners);
  }
}
