package io.roomcast.auth;

import io.roomcast.auth.Forger.Attack;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Signatures of numbers for which a careless check of a curve comes out true. */
final class BentSignatures {
  /** The orders of the curves. */
  private static final BigInteger P256 =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private static final BigInteger ED25519 =
      new BigInteger("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", 16);

  private final KeyPair ed;
  private final List<Attack> attacks = new ArrayList<>();

  /** The key signs rightly what is then bent. */
  BentSignatures(KeyPair ed) {
    this.ed = ed;
  }

  /**
   * Makes them.
   *
   * @param p256 a header for ES256 and good claims, to be signed
   * @param edwards the same for EdDSA
   */
  List<Attack> all(String p256, String edwards) throws GeneralSecurityException {
    curve(p256 + ".");
    edwards(edwards);
    return attacks;
  }

  private void add(String name, String token) {
    attacks.add(new Attack(name, token));
  }

  private void curve(String es) {
    byte[] zero = new byte[32];
    byte[] one = number(BigInteger.ONE);
    byte[] order = number(P256);
    for (byte[][] rs :
        new byte[][][] {
          {zero, zero},
          {zero, one},
          {one, zero},
          {one, one},
          {order, order},
          {order, one},
          {number(P256.subtract(BigInteger.ONE)), zero}
        }) {
      String name = new BigInteger(1, rs[0]) + " and " + new BigInteger(1, rs[1]);
      add("ES256 with " + name, es + Forger.part(join(rs[0], rs[1])));
    }
    add("ES256 of no bytes", es);
    add("ES256 of DER zeros", es + Forger.part(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}));
    add("ES256 of 65 bytes", es + Forger.part(new byte[65]));
  }

  private void edwards(String input) throws GeneralSecurityException {
    byte[] zero = new byte[32];
    byte[] neutral = new byte[32];
    neutral[0] = 1;
    byte[] notReduced = new byte[32];
    Arrays.fill(notReduced, (byte) 0xff);
    for (byte[] point : List.of(zero, neutral, notReduced)) {
      add("EdDSA with R " + point[0] + " and S 0", input + "." + Forger.part(join(point, zero)));
    }
    String good = Forger.signed("Ed25519", ed.getPrivate(), input);
    byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
    byte[] s = Arrays.copyOfRange(signature, 32, 64);
    byte[] more = reversed(number(new BigInteger(1, reversed(s)).add(ED25519)));
    byte[] r = Arrays.copyOf(signature, 32);
    add("EdDSA with the order added to S", input + "." + Forger.part(join(r, more)));
    add("EdDSA of the first half", input + "." + Forger.part(r));
  }

  private static byte[] number(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] out = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, out, 32 - length, length);
    return out;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }
}
