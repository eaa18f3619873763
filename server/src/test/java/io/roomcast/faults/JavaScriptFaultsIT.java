package io.roomcast.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.FaultProxy;
import io.roomcast.testing.FaultProxy.Way;
import io.roomcast.testing.NodeJs;
import io.roomcast.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The JavaScript client, by WebSocket and by HTTP, while the network cuts at random bytes, the
 * server is killed, and Redis is: nothing may be lost in silence, doubled or out of order.
 */
final class JavaScriptFaultsIT {
  private static final int WAIT_SECONDS = 60;
  private static final int CUTS = 5;
  private static final long SEED = 1;

  private final Random random = new Random(SEED);

  @Test
  void theLedgerIsClean() throws Exception {
    Path log = Files.createDirectories(Path.of("target", "faults")).resolve("javascript.log");
    try (RedisProcess redis = RedisProcess.start();
        ServerNode node =
            new ServerNode(
                log,
                "",
                List.of("-XX:TieredStopAtLevel=1"),
                List.of("--redis", redis.uri(), "--rule", "kept:* log=1000/10m"));
        FaultProxy proxy = FaultProxy.before(node.port())) {
      node.awaitReady();
      try (NodeJs socket = ledger(proxy, "websocket", 4);
          NodeJs http = ledger(proxy, "http", 2)) {
        List<NodeJs> both = List.of(socket, http);
        for (NodeJs one : both) {
          one.line("joined", WAIT_SECONDS);
        }
        caughtUp(both);
        cuts(proxy, both);
        node.kill9();
        pause(500);
        node.restart();
        caughtUp(both);
        redis.kill9();
        pause(1_500);
        redis.restart();
        caughtUp(both);
        for (NodeJs one : both) {
          judge(one);
        }
      }
    }
  }

  private static NodeJs ledger(FaultProxy proxy, String transport, int members) {
    String options =
        """
        {"urls":["ws://127.0.0.1:%d/ws"],"rooms":["kept:%s","plain:%s"],"members":%d,
         "publishers":2,"every":40,"transport":"%s"}
        """
            .formatted(proxy.port(), transport, transport, members, transport);
    return NodeJs.start("test/ledger.mjs", options);
  }

  /** Cuts all connections when some more bytes have passed, again and again, and lets them heal. */
  private void cuts(FaultProxy proxy, List<NodeJs> both) throws Exception {
    for (Way way : Way.values()) {
      for (int i = 0; i < CUTS; i++) {
        proxy.cutAfter(way, random.nextInt(1, 4_000));
        pause(200);
      }
      proxy.uncut(way);
      caughtUp(both);
    }
  }

  /** Waits until each member hears in each room what is sent from now on. */
  private static void caughtUp(List<NodeJs> both) throws IOException, InterruptedException {
    for (NodeJs one : both) {
      one.say("mark");
    }
    for (NodeJs one : both) {
      one.line("caught up", WAIT_SECONDS);
    }
  }

  private static void pause(long millis) throws InterruptedException {
    Thread.sleep(millis);
  }

  private static void judge(NodeJs one) throws IOException, InterruptedException {
    one.say("stop");
    String verdict = one.line("{", WAIT_SECONDS);
    System.out.println("JavaScript ledger: " + verdict);
    assertThat(figure(verdict, "unsignalled")).as(verdict).isZero();
    assertThat(figure(verdict, "duplicates")).as(verdict).isZero();
    assertThat(figure(verdict, "inversions")).as(verdict).isZero();
    assertThat(figure(verdict, "failed")).as(verdict).isZero();
    assertThat(figure(verdict, "delivered")).as(verdict).isGreaterThan(100);
    assertThat(figure(verdict, "lost")).as(verdict).isGreaterThan(5);
  }

  private static long figure(String verdict, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(verdict);
    assertThat(found.find()).as(name + " in " + verdict).isTrue();
    return Long.parseLong(found.group(1));
  }
}
