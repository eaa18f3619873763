package io.roomcast.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A channel's name in bytes, as a key of a map. One that {@link #set} has filled serves to look
 * others up without an object for each look-up, and is never stored.
 *
 * <p>Comparable, so that names chosen to collide cost a logarithm and not a list.
 */
final class Name implements Comparable<Name> {
  private byte[] bytes;
  private int length;
  private int hash;

  Name(byte[] bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.hash = hash(bytes, bytes.length);
  }

  /** Takes what a buffer has left, and leaves the buffer as it was. */
  void set(ByteBuffer from) {
    length = from.remaining();
    if (bytes.length < length) {
      bytes = new byte[length];
    }
    from.get(from.position(), bytes, 0, length);
    hash = hash(bytes, length);
  }

  /** The name itself; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  private static int hash(byte[] bytes, int length) {
    int h = 1;
    for (int i = 0; i < length; i++) {
      h = 31 * h + bytes[i];
    }
    return h;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name name
        && hash == name.hash
        && Arrays.equals(bytes, 0, length, name.bytes, 0, name.length);
  }

  @Override
  public int compareTo(Name other) {
    return Arrays.compare(bytes, 0, length, other.bytes, 0, other.length);
  }
}
