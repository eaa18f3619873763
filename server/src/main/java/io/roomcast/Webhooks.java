package io.roomcast;

import io.roomcast.config.WebhookConfig;
import io.roomcast.metrics.PrometheusTelemetry;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Gate;
import io.roomcast.room.Occupancy;
import io.roomcast.room.Time;
import io.roomcast.room.Visits;
import io.roomcast.webhook.Webhook;
import org.jspecify.annotations.Nullable;

/** The webhook of the settings, or none. */
final class Webhooks implements AutoCloseable {
  private final @Nullable Webhook webhook;

  Webhooks(WebhookConfig config, String node, Time time) {
    webhook =
        config.any()
            ? new Webhook(
                config.url(),
                config.secret(),
                config.within(),
                config.events().contains(WebhookConfig.ROOMS),
                config.events().contains(WebhookConfig.MEMBERS),
                node,
                time)
            : null;
  }

  /** Looks at the settings as the constructor does, and makes nothing. */
  static void check(WebhookConfig config) {
    if (config.any()) {
      Webhook.address(config.url());
    }
  }

  /** What says whom tokens speak for. */
  Authenticator authenticator() {
    return webhook == null ? Authenticator.OPEN : webhook.authenticator();
  }

  Gate gate() {
    return webhook == null ? Gate.NONE : webhook.gate();
  }

  Visits visits() {
    return webhook == null ? Visits.NONE : webhook.visits();
  }

  /** Begins to tell, of rooms as all nodes have them. */
  void start(Occupancy occupancy) {
    if (webhook != null) {
      webhook.start(occupancy);
    }
  }

  void observe(PrometheusTelemetry telemetry) {
    Webhook observed = webhook;
    if (observed != null) {
      telemetry.counters(
          "roomcast_webhook_total",
          "Questions to the webhook, and events for it, by what became of them.",
          "result",
          observed.counts());
      telemetry.gauge(
          "roomcast_webhook_waiting",
          "Events that wait to be reported to the webhook.",
          observed::waiting);
    }
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
  }
}
