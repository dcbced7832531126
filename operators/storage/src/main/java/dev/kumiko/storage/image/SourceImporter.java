package dev.kumiko.storage.image;

import dev.kumiko.reconcile.Rejection;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.ImageWriter;
import dev.kumiko.storage.work.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Imports from URLs: raw content of known length goes straight into the pool, all other through
 * scratch files.
 */
final class SourceImporter implements Importer {
  private static final int SECTOR = 512;

  private final Sources sources;
  private final ScratchSpace space;
  private final long maximumBytes;
  private final QemuImg qemuImg = new QemuImg();

  SourceImporter(Sources sources, ScratchSpace space, long maximumBytes) {
    this.sources = sources;
    this.space = space;
    this.maximumBytes = maximumBytes;
  }

  @Override
  public void run(ImportOrder order, CephPool pool, Progress progress)
      throws IOException, InterruptedException {
    MessageDigest digest = order.checksum().newDigest();
    try (SourceContent content = sources.open(order.url(), order.allowed())) {
      checkLength(content.lengthBytes().orElse(0));
      switch (order.format()) {
        case Raw -> importRaw(order, pool, content, digest, progress);
        case Qcow2 -> importQcow2(order, pool, content, digest, progress);
      }
    }
    Map<String, String> marks = new HashMap<>(order.owner().toMap());
    marks.put(IMPORTED, order.checksum().hex());
    pool.putMeta(order.target(), marks);
  }

  private void importRaw(
      ImportOrder order,
      CephPool pool,
      SourceContent content,
      MessageDigest digest,
      Progress progress)
      throws IOException {
    OptionalLong length = content.lengthBytes();
    if (length.isPresent()) {
      InputStream digested = new DigestInputStream(content.stream(), digest);
      fill(order.target(), pool, digested, length.getAsLong(), progress);
      order.checksum().verify(digest);
      return;
    }
    try (Scratch scratch = space.open()) {
      Path file = download(content, scratch, digest, progress.part(0, 50));
      order.checksum().verify(digest);
      fillFrom(file, order, pool, progress.part(50, 100));
    }
  }

  private void importQcow2(
      ImportOrder order,
      CephPool pool,
      SourceContent content,
      MessageDigest digest,
      Progress progress)
      throws IOException, InterruptedException {
    try (Scratch scratch = space.open()) {
      Path file = download(content, scratch, digest, progress.part(0, 40));
      order.checksum().verify(digest);
      Qcow2Header header = Qcow2Header.read(file);
      header.check(maximumBytes);
      scratch.take(header.virtualBytes());
      Path raw = scratch.file("raw");
      qemuImg.toRaw(file, raw, header.virtualBytes(), progress.part(40, 60));
      fillFrom(raw, order, pool, progress.part(60, 100));
    }
  }

  private Path download(
      SourceContent content, Scratch scratch, MessageDigest digest, Progress progress)
      throws IOException {
    Path file = scratch.file("source");
    long taken = content.lengthBytes().orElse(0);
    scratch.take(taken);
    byte[] buffer = new byte[1 << 20];
    long done = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      int read;
      while ((read = content.stream().read(buffer)) >= 0) {
        done += read;
        checkLength(done);
        if (done > taken) {
          scratch.take(done - taken);
          taken = done;
        }
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
        progress.at(percent(done, content.lengthBytes().orElse(maximumBytes)));
      }
    }
    return file;
  }

  private void fillFrom(Path raw, ImportOrder order, CephPool pool, Progress progress)
      throws IOException {
    try (InputStream stream = Files.newInputStream(raw)) {
      fill(order.target(), pool, stream, Files.size(raw), progress);
    }
  }

  /** Writes the stream into a new image; what is zeros need not be written. */
  private static void fill(
      String target, CephPool pool, InputStream stream, long lengthBytes, Progress progress)
      throws IOException {
    if (lengthBytes == 0) {
      throw new Rejection("ImageRefused", "the file at source.url is empty");
    }
    pool.create(target, (lengthBytes + SECTOR - 1) / SECTOR * SECTOR);
    byte[] chunk = new byte[ImageWriter.CHUNK_BYTES];
    try (ImageWriter writer = pool.writer(target)) {
      long at = 0;
      int read;
      while ((read = stream.readNBytes(chunk, 0, chunk.length)) > 0) {
        if (at + read > lengthBytes) {
          throw new IOException("the source grew while it was read");
        }
        SparseChunk.write(writer, at, chunk, read);
        at += read;
        progress.at(percent(at, lengthBytes));
      }
      if (at < lengthBytes) {
        throw new IOException("the source ended after %d of %d bytes".formatted(at, lengthBytes));
      }
      writer.finish();
    }
  }

  private void checkLength(long bytes) {
    if (bytes > maximumBytes) {
      throw new Rejection(
          "ImageTooLarge",
          "the file at source.url is larger than the allowed " + maximumBytes + " bytes");
    }
  }

  private static int percent(long done, long all) {
    return (int) (done * 100 / Math.max(1, all));
  }
}
