package io.roomcast.cli;

import java.io.IOException;

/** The server could not be reached, or refused; the message is for a person. */
final class LinkException extends IOException {
  private static final long serialVersionUID = 1L;

  LinkException(String message) {
    super(message);
  }
}
