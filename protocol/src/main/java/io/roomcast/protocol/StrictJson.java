package io.roomcast.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;

/**
 * Jackson, held to UTF-8 and to nothing kept between two texts.
 *
 * <p>Left alone it guesses the encoding, so that UTF-16 would pass for JSON, and it collects the
 * field names of all texts in one table, which strangers could fill. Told not to collect, it
 * changes to a parser over characters, which knows no byte offsets. So its byte parser is made
 * here, with a table that stays empty.
 */
final class StrictJson extends JsonFactory {
  private static final long serialVersionUID = 1L;

  /**
   * Makes it.
   *
   * @param nesting levels of arrays and objects
   */
  StrictJson(int nesting) {
    super(
        new JsonFactoryBuilder()
            .disable(Feature.CANONICALIZE_FIELD_NAMES)
            .disable(Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                // Nothing but depth needs a bound: a text is no longer than its frame, and
                // no number is ever converted.
                StreamReadConstraints.builder()
                    .maxNestingDepth(nesting)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build()));
  }

  @Override
  protected JsonParser _createParser(byte[] bytes, int offset, int length, IOContext context) {
    return new UTF8StreamJsonParser(
        context,
        _parserFeatures,
        null,
        _objectCodec,
        _byteSymbolCanonicalizer.makeChildOrPlaceholder(_factoryFeatures),
        bytes,
        offset,
        offset + length,
        0,
        false);
  }
}
