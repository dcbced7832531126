package dev.kumiko.storage.image;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Rejection;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchSpaceTest {
  @TempDir Path directory;

  @Test
  void allImportsShareIt() throws IOException {
    ScratchSpace space = new ScratchSpace(directory, 1000);
    try (Scratch other = space.open()) {
      try (Scratch one = space.open()) {
        one.take(600);
        assertThatThrownBy(() -> other.take(401))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("until another import ends");
      }
      assertThatCode(() -> other.take(401)).doesNotThrowAnyException();
    }
  }

  @Test
  void whatOneImportCanNeverHaveIsRefused() throws IOException {
    ScratchSpace space = new ScratchSpace(directory, 1000);
    try (Scratch scratch = space.open()) {
      scratch.take(600);
      assertThatThrownBy(() -> scratch.take(401)).isInstanceOf(Rejection.class);
    }
  }
}
