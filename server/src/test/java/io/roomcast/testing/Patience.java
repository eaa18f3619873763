package io.roomcast.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What has to come is awaited for half a minute, in every test that does not say otherwise: a
 * machine that is slow or busy is no fault of ours. Found by JUnit itself, as a service.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONG);
  }
}
