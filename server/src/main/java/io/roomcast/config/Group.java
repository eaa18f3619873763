package io.roomcast.config;

/** What settings are about. */
enum Group {
  LISTENING("Listening"),
  CLIENTS("Who may come"),
  ROOMS("Rooms"),
  LIMITS("Limits"),
  REDIS("Redis"),
  RUNNING("Running");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
