package io.roomcast.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a message carries: a mark, then publisher, room, sequence and time at fixed places, then
 * filling. All of it is lower-case letters, four bits each from {@code a} to {@code p}, so that no
 * wire has to escape it and eight letters are read at one go.
 *
 * <pre>
 *  0 roomcast     the mark
 *  8 publisher    which of its room's publishers
 * 16 room         number
 * 24 sequence     of this publisher in this room, from 0
 * 32 time         nanoseconds, 16 letters
 * 48 filling; where it is sealed, a checksum of everything but the mark, 16 letters, and then filling
 * </pre>
 */
final class Payload {
  /** The least size of a payload, in bytes. */
  static final int LEAST = 48;

  /** The least size of a payload with a checksum, in bytes; its size is a multiple of eight. */
  static final int SEALED = 64;

  static final long MARK = Frames.eight("roomcast");

  private static final int PUBLISHER = 8;
  private static final int ROOM = 16;
  private static final int SEQUENCE = 24;
  private static final int TIME = 32;
  private static final int CHECKSUM = 48;

  private static final long NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final long LETTERS = 0x6161616161616161L;

  private Payload() {}

  /** A payload of {@code size} bytes with all but sequence and time filled in. */
  static byte[] blank(int size, int publisher, int room) {
    byte[] out = new byte[Math.max(size, LEAST)];
    Arrays.fill(out, (byte) 'z');
    System.arraycopy("roomcast".getBytes(StandardCharsets.US_ASCII), 0, out, 0, 8);
    putEight(out, PUBLISHER, publisher);
    putEight(out, ROOM, room);
    stamp(out, 0, 0, 0);
    return out;
  }

  /** Writes sequence and time into the payload that begins at {@code at}. */
  static void stamp(byte[] out, int at, int sequence, long nanos) {
    putEight(out, at + SEQUENCE, sequence);
    putEight(out, at + TIME, (int) (nanos >>> 32));
    putEight(out, at + TIME + 8, (int) nanos);
  }

  /** Writes the checksum into a payload that is otherwise done. */
  static void seal(byte[] out) {
    long sum = checksum(Unpooled.wrappedBuffer(out), 0, out.length);
    putEight(out, CHECKSUM, (int) (sum >>> 32));
    putEight(out, CHECKSUM + 8, (int) sum);
  }

  /** Whether the payload of this size is as it was sealed. */
  static boolean intact(ByteBuf in, int at, int size) {
    long high = value(in.getLong(at + CHECKSUM));
    long sum = high << 32 | (value(in.getLong(at + CHECKSUM + 8)) & 0xffffffffL);
    return sum == checksum(in, at, size);
  }

  private static long checksum(ByteBuf in, int at, int size) {
    long sum = size;
    for (int i = PUBLISHER; i < size; i += 8) {
      if (i != CHECKSUM && i != CHECKSUM + 8) {
        sum = (sum ^ in.getLong(at + i)) * 0x9e3779b97f4a7c15L;
        sum ^= sum >>> 32;
      }
    }
    return sum;
  }

  static int publisher(ByteBuf in, int at) {
    return value(in.getLong(at + PUBLISHER));
  }

  static int room(ByteBuf in, int at) {
    return value(in.getLong(at + ROOM));
  }

  static int sequence(ByteBuf in, int at) {
    return value(in.getLong(at + SEQUENCE));
  }

  static long nanos(ByteBuf in, int at) {
    long high = value(in.getLong(at + TIME));
    return high << 32 | (value(in.getLong(at + TIME + 8)) & 0xffffffffL);
  }

  /** Where the mark stands in {@code length} bytes from {@code at}, or -1. */
  static int find(ByteBuf in, int at, int length) {
    for (int i = at; i <= at + length - LEAST; i++) {
      if (in.getLong(i) == MARK) {
        return i;
      }
    }
    return -1;
  }

  /** Where the mark stands in the array, which has one. */
  static int find(byte[] in) {
    int at = Frames.string(in).indexOf("roomcast");
    if (at < 0) {
      throw new IllegalArgumentException("no payload in it");
    }
    return at;
  }

  private static int value(long letters) {
    return (int) Long.compress(letters - LETTERS, NIBBLES);
  }

  private static void putEight(byte[] out, int at, int value) {
    long letters = Long.expand(value & 0xffffffffL, NIBBLES) + LETTERS;
    for (int i = 0; i < 8; i++) {
      out[at + i] = (byte) (letters >>> (56 - 8 * i));
    }
  }
}
