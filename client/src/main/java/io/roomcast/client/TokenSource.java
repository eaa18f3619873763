package io.roomcast.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where a client's tokens come from. Asked for each connection anew, some time before a token
 * expires (when it is a JSON Web Token with {@code exp}), and when the server has refused one; a
 * second refusal in a row closes the client. What fails is tried again with the next connection.
 * Called on the client's executor, and may block there.
 */
@FunctionalInterface
public interface TokenSource {
  /** For servers that want none. */
  TokenSource NONE = () -> CompletableFuture.completedStage("");

  /** A token that is good now; empty for none. */
  CompletionStage<String> token();
}
