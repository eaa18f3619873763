package io.roomcast.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** Says in a few words why Redis cannot be used. */
final class Reason {
  private Reason() {}

  static String of(Throwable error) {
    Throwable root = error;
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    String text = text(root.getMessage());
    return switch (root) {
      case ConnectException e when text.contains("refused") -> "connection refused";
      case ConnectException e when text.contains("timed out") -> "connection timed out";
      case ClosedChannelException e -> "connection closed";
      case UnknownHostException e -> "unknown host " + text;
      case RedisCommandTimeoutException e -> "no answer";
      default -> text.isEmpty() ? root.getClass().getSimpleName() : text;
    };
  }

  private static String text(@Nullable String message) {
    return message == null ? "" : message;
  }
}
