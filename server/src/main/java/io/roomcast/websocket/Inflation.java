package io.roomcast.websocket;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Makes compressed messages large again, each for itself, and never larger than allowed: it stops
 * at the first byte too many, whatever would still come. One for each lane, whose thread it belongs
 * to.
 */
final class Inflation {
  /** {@link #inflate} would have made more than it may. */
  static final int TOO_BIG = -1;

  /** What {@link #inflate} was given is not compressed data, or not all of it. */
  static final int MALFORMED = -2;

  /** What every compressed message ends with, and leaves out (RFC 7692, 7.2.1). */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private final Inflater inflater = new Inflater(true);
  private final byte[] bytes;

  /**
   * Makes it.
   *
   * @param limit bytes that a message may have
   */
  Inflation(int limit) {
    // One more tells a message that is too large from one that just fits.
    bytes = new byte[limit + 1];
  }

  /** Where {@link #inflate} puts what it makes. Overwritten by the next message. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Inflates a message.
   *
   * @return its length, {@link #TOO_BIG} or {@link #MALFORMED}
   */
  int inflate(byte[] in, int length) {
    inflater.reset();
    try {
      inflater.setInput(in, 0, length);
      int made = run(0);
      if (made >= 0 && !inflater.finished()) {
        inflater.setInput(TAIL);
        made = run(made);
      }
      return made;
    } catch (DataFormatException e) {
      return MALFORMED;
    }
  }

  private int run(int from) throws DataFormatException {
    int made = from;
    while (!inflater.finished() && !inflater.needsInput()) {
      int more = inflater.inflate(bytes, made, bytes.length - made);
      made += more;
      if (made == bytes.length) {
        return TOO_BIG;
      }
      if (inflater.needsDictionary() || (more == 0 && !inflater.needsInput())) {
        return inflater.finished() ? made : MALFORMED;
      }
    }
    return made;
  }

  /** Gives its memory back. */
  void end() {
    inflater.end();
  }
}
