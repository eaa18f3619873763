package io.roomcast.tls;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The first thing that a client says, byte by byte, as no library of today would. */
final class ClientHello {
  private static final int RECORD = 16 * 1024;
  private static final int[] CIPHERS = {0xc02b, 0xc02f, 0xc009, 0xc013, 0x002f, 0x0035};

  private ClientHello() {}

  /** One of SSL 3 (0), TLS 1.0 (1), 1.1 (2) or 1.2 (3), and of no later version. */
  static byte[] of(int minor) {
    byte[] body = body(minor);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(record(body.length + 4, head(body.length)));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private static byte[] body(int minor) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(3);
      out.writeByte(minor);
      out.write(new byte[32]);
      out.writeByte(0);
      out.writeShort(CIPHERS.length * 2);
      for (int cipher : CIPHERS) {
        out.writeShort(cipher);
      }
      out.writeShort(0x0100);
      // Curves, the form of their points, and what may be signed with.
      out.writeShort(8 + 6 + 12);
      out.write(new byte[] {0, 10, 0, 4, 0, 2, 0, 23});
      out.write(new byte[] {0, 11, 0, 2, 1, 0});
      out.write(new byte[] {0, 13, 0, 8, 0, 6, 4, 3, 4, 1, 2, 3});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] head(int length) {
    return new byte[] {1, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
  }

  private static byte[] record(int length, byte[] begin) {
    byte[] record = new byte[5 + begin.length];
    record[0] = 22;
    record[1] = 3;
    record[2] = 1;
    record[3] = (byte) (length >> 8);
    record[4] = (byte) length;
    System.arraycopy(begin, 0, record, 5, begin.length);
    return record;
  }

  /** One that is announced with so many bytes and is sent whole, in its records. */
  static List<byte[]> endless(int bytes) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(record(RECORD, head(Math.min(bytes, 0xffffff))));
    parts.add(new byte[RECORD - 4]);
    for (int sent = RECORD; sent < bytes; sent += RECORD) {
      parts.add(record(RECORD, new byte[0]));
      parts.add(new byte[RECORD]);
    }
    return parts;
  }
}
