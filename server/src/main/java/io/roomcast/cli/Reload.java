package io.roomcast.cli;

import io.roomcast.Roomcast;
import io.roomcast.config.Setting;
import io.roomcast.config.Settings;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the certificate again, and the settings where there is a file of them, and has a running
 * server follow those that need no restart.
 */
final class Reload implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  private final Roomcast server;
  private final Settings.Sources sources;
  private final Settings started;

  Reload(Roomcast server, Settings.Sources sources, Settings started) {
    this.server = server;
    this.sources = sources;
    this.started = started;
  }

  @Override
  public synchronized void run() {
    server.renewCertificate();
    if (!sources.fileUsed().isEmpty()) {
      readAgain();
    }
  }

  private void readAgain() {
    Settings next;
    try {
      next = sources.read();
      Roomcast.check(Roomcast.builder().settings(next).config());
    } catch (IllegalArgumentException e) {
      LOG.error("Settings not taken, all goes on as it was: {}", e.getMessage());
      return;
    }
    if (!server.rules(next.list(Setting.RULES))) {
      LOG.warn("Rules given by the server API hold; those of the settings wait for their end");
    }
    server.apiKeys(next.list(Setting.API_KEYS));
    server.allowedOrigins(next.list(Setting.ALLOW_ORIGIN));
    LOG.info("Settings read again from {}", sources.fileUsed());
    List<Setting> waiting = started.changedIn(next);
    String names =
        waiting.stream()
            .filter(setting -> !setting.live())
            .map(Setting::key)
            .collect(Collectors.joining(", "));
    if (!names.isEmpty()) {
      LOG.warn("These settings have changed and wait for a restart: {}", names);
    }
  }
}
