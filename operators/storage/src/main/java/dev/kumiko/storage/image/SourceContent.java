package dev.kumiko.storage.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * The content of an open source, to be read once.
 *
 * @param lengthBytes empty when the server does not say
 */
record SourceContent(InputStream stream, OptionalLong lengthBytes, Closeable connection)
    implements Closeable {
  @Override
  public void close() throws IOException {
    connection.close();
  }
}
