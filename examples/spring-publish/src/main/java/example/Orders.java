package example;

import java.util.UUID;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /orders/ann/paid}: tells whoever is in the room {@code orders:ann}. */
@RestController
class Orders {
  private final Rooms rooms;

  Orders(Rooms rooms) {
    this.rooms = rooms;
  }

  record Order(String id, String state) {}

  @PostMapping("/orders/{user}/{state}")
  Order change(@PathVariable String user, @PathVariable String state) throws InterruptedException {
    Order order = new Order(UUID.randomUUID().toString(), state);
    rooms.publish("orders:" + user, order, order.id() + "-" + state);
    return order;
  }
}
