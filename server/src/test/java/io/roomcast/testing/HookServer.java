package io.roomcast.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A program of the operator's: answers as the test says, and remembers what it was sent. */
public final class HookServer implements AutoCloseable {
  /** What it was sent. */
  public record Call(String type, String signature, String body) {}

  /** What it answers. */
  public record Answer(int status, String body) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Function<Call, Answer> answers = call -> new Answer(200, "");

  public HookServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/hook", this::serve);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Call call =
        new Call(
            String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
            String.valueOf(exchange.getRequestHeaders().getFirst("Roomcast-Signature")),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    calls.add(call);
    Answer answer = answers.apply(call);
    byte[] body = answer.body().getBytes(UTF_8);
    try {
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } finally {
      exchange.close();
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** How it answers from now on; may block. */
  public void answers(Function<Call, Answer> value) {
    answers = value;
  }

  /** Answers everything with this. */
  public void answers(int status, String body) {
    answers = call -> new Answer(status, body);
  }

  /** Answers everything with this, and nothing before it is let go. */
  public void answersAfter(CountDownLatch release, int status, String body) {
    answers =
        call -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new Answer(status, body);
        };
  }

  public List<Call> calls() {
    return calls;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
