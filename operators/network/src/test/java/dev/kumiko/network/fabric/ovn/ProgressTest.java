package dev.kumiko.network.fabric.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Ownership;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final Ownership WEB = new Ownership("Network", "acme", "web", "uid-1");
  private static final Ownership DB = new Ownership("Network", "acme", "db", "uid-2");
  private final Progress progress = new Progress();

  @Test
  void aNewConnectionCountsFromTheNewestGeneration() {
    progress.begin(3);
    progress.committed(WEB, 4);

    progress.begin(6);

    assertThat(progress.generation(WEB)).isEqualTo(6);
    assertThat(progress.reached(5, 5)).isEmpty();
    assertThat(progress.reached(6, 6)).containsExactly(WEB);
  }

  @Test
  void aDatabaseThatWasMadeAnewCountsFromItsOwnBeginning() {
    progress.committed(WEB, 9);

    progress.begin(2);

    assertThat(progress.generation(WEB)).isEqualTo(2);
  }

  @Test
  void whoHasNoRowsAnyMoreIsForgotten() {
    progress.begin(1);
    progress.committed(WEB, 4);
    progress.committed(DB, 5);

    progress.forget(WEB);

    assertThat(progress.generation(WEB)).isEqualTo(1);
    assertThat(progress.reached(9, 9)).containsExactly(DB);
  }
}
