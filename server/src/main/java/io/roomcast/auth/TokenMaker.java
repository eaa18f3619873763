package io.roomcast.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import io.roomcast.protocol.Json;
import io.roomcast.room.Action;
import io.roomcast.room.Grants;
import io.roomcast.room.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Makes tokens, for operators and for tests. Thread-safe. */
public final class TokenMaker {
  private final SigningKey key;
  private final Time time;

  private TokenMaker(SigningKey key, Time time) {
    this.key = key;
    this.time = time;
  }

  /**
   * Signs with a shared secret.
   *
   * @param secret at least 32 bytes of UTF-8
   * @throws IllegalArgumentException when the secret is too short
   */
  public static TokenMaker withSecret(String secret, Time time) {
    return new TokenMaker(SigningKey.secret(secret.getBytes(StandardCharsets.UTF_8)), time);
  }

  /**
   * Signs with a key.
   *
   * @param text of a file: a private JSON Web Key, or PEM of the kind {@code PRIVATE KEY}
   * @throws IllegalArgumentException when there is none in it; the message shows nothing of it
   */
  public static TokenMaker withKey(String text, Time time) {
    return new TokenMaker(KeyText.signing(text), time);
  }

  /**
   * What a token is to say; empty for what it is not to.
   *
   * @param user whom it speaks for
   * @param life how long it is good, from now
   * @param issuer {@code iss}
   * @param audience {@code aud}
   * @param info one JSON value
   */
  public record Draft(
      String user, Duration life, String issuer, String audience, String info, Grants grants) {
    /** Of a user, and no more. */
    public Draft(String user, Duration life) {
      this(user, life, "", "", "", Grants.NONE);
    }
  }

  /** Makes a token, with an id of its own. */
  public String make(Draft draft) {
    long now = time.wallMillis() / 1000;
    StringBuilder out = new StringBuilder("{\"jti\":\"").append(UUID.randomUUID()).append('"');
    out.append(",\"iat\":").append(now);
    out.append(",\"exp\":").append(now + draft.life().toSeconds());
    text(out, "sub", draft.user());
    text(out, "iss", draft.issuer());
    text(out, "aud", draft.audience());
    if (!draft.info().isEmpty()) {
      out.append(",\"info\":").append(draft.info());
    }
    if (!draft.grants().rooms().isEmpty()) {
      rooms(out, draft.grants());
    }
    return sign(out.append('}').toString());
  }

  private static void text(StringBuilder out, String name, String value) {
    if (!value.isEmpty()) {
      out.append(",\"").append(name).append("\":");
      Json.quote(value, out);
    }
  }

  private static void rooms(StringBuilder out, Grants grants) {
    out.append(",\"rooms\":{");
    for (Map.Entry<String, Set<Action>> room : new TreeMap<>(grants.rooms()).entrySet()) {
      Json.quote(room.getKey(), out);
      out.append(":[");
      room.getValue().stream()
          .sorted()
          .forEach(action -> out.append('"').append(action.word()).append("\","));
      end(out, ']');
      out.append(',');
    }
    end(out, '}');
  }

  /** In place of the last comma. */
  private static void end(StringBuilder out, char with) {
    if (out.charAt(out.length() - 1) == ',') {
      out.setLength(out.length() - 1);
    }
    out.append(with);
  }

  String sign(String claims) {
    JWSHeader.Builder header = new JWSHeader.Builder(key.algorithm());
    if (!key.id().isEmpty()) {
      header.keyID(key.id());
    }
    JWSObject token = new JWSObject(header.build(), new Payload(claims));
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("the key was tried when it was read", e);
    }
    return token.serialize();
  }
}
