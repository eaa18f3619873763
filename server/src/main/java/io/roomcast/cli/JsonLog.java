package io.roomcast.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import io.roomcast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log as lines of JSON, each an object: {@code time level event logger text error}. */
final class JsonLog extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  private JsonLog() {}

  /** Has everything that is logged from now on written so. */
  static void use() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      context
          .getLogger(Logger.ROOT_LOGGER_NAME)
          .iteratorForAppenders()
          .forEachRemaining(
              appender -> {
                if (appender instanceof OutputStreamAppender<ILoggingEvent> to) {
                  JsonLog encoder = new JsonLog();
                  encoder.setContext(context);
                  encoder.start();
                  to.setEncoder(encoder);
                }
              });
    }
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder out = new StringBuilder(256);
    out.append("{\"time\":\"").append(Instant.ofEpochMilli(event.getTimeStamp()));
    out.append("\",\"level\":\"").append(event.getLevel());
    if (event.getMarkerList() != null && !event.getMarkerList().isEmpty()) {
      out.append("\",\"event\":\"").append(event.getMarkerList().getFirst().getName());
    }
    out.append("\",\"logger\":");
    Json.quote(event.getLoggerName(), out);
    out.append(",\"text\":");
    Json.quote(event.getFormattedMessage(), out);
    IThrowableProxy error = event.getThrowableProxy();
    if (error != null) {
      out.append(",\"error\":");
      Json.quote(ThrowableProxyUtil.asString(error), out);
    }
    return out.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
