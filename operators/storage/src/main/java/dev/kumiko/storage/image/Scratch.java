package dev.kumiko.storage.image;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** A directory for files that live as long as one import. */
final class Scratch implements AutoCloseable {
  private static final String PREFIX = "import-";
  private final Path directory;
  private final ScratchSpace space;
  private long takenBytes;

  private Scratch(Path directory, ScratchSpace space) {
    this.directory = directory;
    this.space = space;
  }

  /** Makes a new one below {@code parent}, readable by nobody else. */
  static Scratch below(Path parent, ScratchSpace space) throws IOException {
    Files.createDirectories(parent);
    return new Scratch(
        Files.createTempDirectory(
            parent,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
        space);
  }

  /** Removes what an earlier process left; no import may be under way. */
  static void clear(Path parent) throws IOException {
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
        for (Path directory : left) {
          delete(directory);
        }
      }
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** To be called before {@code bytes} more are written. */
  void take(long bytes) throws IOException {
    space.take(bytes, takenBytes);
    takenBytes += bytes;
    if (bytes > Files.getFileStore(directory).getUsableSpace()) {
      throw new IOException("the disk of the scratch directory is full");
    }
  }

  @Override
  public void close() throws IOException {
    delete(directory);
    space.giveBack(takenBytes);
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
