package io.roomcast.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One file of the console, or the JavaScript client, held in memory. Which files there are stands
 * in the resource {@code console/files.txt}, a name a line: no request ever names a file to look
 * for.
 *
 * @param path where it is served
 * @param etag names the file's content, with its quotes
 */
record Page(String path, String etag, Answer answer) {
  private static final String FOLDER = "/io/roomcast/console/";
  private static final String LIST = "files.txt";
  private static final String INDEX = "index.html";

  /** The beginning of the names of the operator's page and what it alone needs. */
  private static final String OPERATORS = "operator";

  /** The build copies it here from {@code client-js}. */
  private static final String CLIENT = "roomcast.js";

  /** Nothing but the page's own files, and connections to the server it came from. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /** All that a port has. */
  static List<Page> all(Port port) {
    List<Page> pages = new ArrayList<>(console(port));
    pages.add(of("/" + CLIENT, mediaType(CLIENT), load("", CLIENT)));
    pages.addAll(descriptions());
    return List.copyOf(pages);
  }

  /** The console's files; none when the console is not on the class path. */
  static List<Page> console(Port port) {
    if (Page.class.getResource(FOLDER + LIST) == null) {
      return List.of();
    }
    List<Page> pages = new ArrayList<>();
    for (String name : new String(load(FOLDER, LIST), StandardCharsets.US_ASCII).lines().toList()) {
      byte[] content = load(FOLDER, name);
      if (name.equals(INDEX)) {
        if (port.forClients()) {
          pages.add(of("/", mediaType(name), shown(content, port)));
        }
      } else if (port.forOperators() || !name.startsWith(OPERATORS)) {
        pages.add(of("/console/" + name, mediaType(name), shown(content, port)));
      }
      if (port == Port.ADMIN && name.equals(OPERATORS + ".html")) {
        pages.add(of("/", mediaType(name), shown(content, port)));
      }
    }
    return List.copyOf(pages);
  }

  /** Without the links to the other page where that is on another port: lines marked as such. */
  private static byte[] shown(byte[] content, Port port) {
    if (port == Port.ONLY) {
      return content;
    }
    return new String(content, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.contains("data-other-page"))
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What describes the API: OpenAPI for HTTP, AsyncAPI for the WebSocket. */
  static List<Page> descriptions() {
    return Stream.of("openapi.yaml", "asyncapi.yaml")
        .map(name -> of("/" + name, "application/yaml", load("/io/roomcast/api/", name)))
        .toList();
  }

  static Page of(String path, String type, byte[] content) {
    String etag = '"' + digest(content) + '"';
    Answer answer =
        Answer.of(HttpResponseStatus.OK, type, content)
            .with(HttpHeaderNames.CACHE_CONTROL, "no-cache")
            .with(HttpHeaderNames.ETAG, etag)
            .with("content-security-policy", POLICY)
            .with("referrer-policy", "no-referrer");
    return new Page(path, etag, answer);
  }

  void serve(Exchange exchange) {
    exchange.answer(isKnown(exchange.header(HttpHeaderNames.IF_NONE_MATCH)) ? unchanged() : answer);
  }

  /** By weak comparison, as RFC 9110 has it for this header. */
  private boolean isKnown(String ifNoneMatch) {
    for (String known : ifNoneMatch.split(",", -1)) {
      String tag = known.trim();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  private Answer unchanged() {
    return Answer.notModified()
        .with(HttpHeaderNames.ETAG, etag)
        .with(HttpHeaderNames.CACHE_CONTROL, "no-cache");
  }

  static String mediaType(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("no media type is known for " + name);
    };
  }

  private static byte[] load(String folder, String name) {
    try (InputStream in = Page.class.getResourceAsStream(folder + name)) {
      if (in == null) {
        throw new IllegalStateException("the file " + folder + name + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
