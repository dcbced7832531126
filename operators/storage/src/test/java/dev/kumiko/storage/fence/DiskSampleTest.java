package dev.kumiko.storage.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.storage.Examples;
import dev.kumiko.storage.fence.DesiredFence.Disk;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiskSampleTest {
  private static final Disk FAST = new Disk(Examples.pool("fast"), "volume-1");
  private static final List<Disk> VMS =
      List.of(
          new Disk(Examples.pool(), "volume-2"),
          new Disk(Examples.pool(), "volume-3"),
          new Disk(Examples.pool(), "volume-4"));

  @Test
  void everyPoolHasItsTurnAndTheFirstOfEachComeFirst() {
    List<Disk> all = List.of(VMS.get(0), VMS.get(1), VMS.get(2), FAST);
    assertThat(DiskSample.of(all, 3)).containsExactly(VMS.get(0), FAST, VMS.get(1));
    assertThat(DiskSample.of(all, 1)).containsExactly(VMS.get(0));
  }

  @Test
  void aDiskThatIsSharedIsAskedOnce() {
    assertThat(DiskSample.of(List.of(FAST, FAST, VMS.get(2)), 8)).containsExactly(FAST, VMS.get(2));
    assertThat(DiskSample.of(List.of(), 8)).isEmpty();
  }
}
