package dev.kumiko.compute.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.compute.libvirt.Transfer;
import dev.kumiko.v1alpha1.Migration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MigrationReportTest {
  private static final Migration.Status TOLD =
      MigrationReport.progressing(Migration.Status.empty(), progress(1000, 300));

  @Test
  void aMoveIsToldInStepsOfItsProgress() {
    assertThat(TOLD.progressPercent()).isEqualTo(70);
    assertThat(MigrationReport.progressing(TOLD, progress(1040, 260))).isEqualTo(TOLD);
    assertThat(MigrationReport.progressing(TOLD, progress(1040, 250)).progressPercent())
        .isEqualTo(75);
  }

  /** Its guest writes as fast as it is copied. */
  @Test
  void aMoveThatComesNoFurtherIsToldInStepsOfWhatIsSent() {
    assertThat(MigrationReport.progressing(TOLD, progress(1049, 300))).isEqualTo(TOLD);
    Migration.Status next = MigrationReport.progressing(TOLD, progress(1050, 300));
    assertThat(next.progressPercent()).isEqualTo(70);
    assertThat(next.bytesProcessed()).isEqualTo(1050);
    assertThat(MigrationReport.progressing(next, progress(1099, 300))).isEqualTo(next);
  }

  private static Transfer.Progress progress(long processed, long remaining) {
    return new Transfer.Progress(processed, remaining, 1000, 2, false, Duration.ZERO);
  }
}
