package io.roomcast.testing;

import io.roomcast.room.Authenticator;
import io.roomcast.room.Authenticator.Identity;
import io.roomcast.room.Authenticator.Refused;
import io.roomcast.room.Authenticator.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** For tests that want to know at once what comes of a token. */
public final class Verdicts {
  private Verdicts() {}

  /** Who the token speaks for. */
  public static Identity of(Authenticator authenticator, String token) throws Refused {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    authenticator.check(token, verdict::complete);
    return switch (verdict.orTimeout(10, TimeUnit.SECONDS).join()) {
      case Identity identity -> identity;
      case Refused no -> throw no;
    };
  }

  /** Says in one line who a token speaks for, or throws. */
  @FunctionalInterface
  public interface Check {
    Identity of(String token) throws Refused;
  }

  /** The same, which takes tokens from the URL too. */
  public static Authenticator inUrl(Authenticator other) {
    return new Wrapped(other, Runnable::run, true);
  }

  /** The same, which decides on another thread, or when the test says. */
  public static Authenticator later(Authenticator other, Executor executor) {
    return new Wrapped(other, executor, false);
  }

  private record Wrapped(Authenticator other, Executor executor, boolean inUrl)
      implements Authenticator {
    @Override
    public boolean open() {
      return other.open();
    }

    @Override
    public void check(String token, Consumer<Verdict> verdict) {
      executor.execute(() -> other.check(token, verdict));
    }
  }

  /** An authenticator that decides within the call. */
  public static Authenticator authenticator(Check check) {
    return new Authenticator() {
      @Override
      public boolean open() {
        return false;
      }

      @Override
      public void check(String token, Consumer<Verdict> verdict) {
        Verdict decided;
        try {
          decided = check.of(token);
        } catch (Refused no) {
          decided = no;
        }
        verdict.accept(decided);
      }
    };
  }
}
