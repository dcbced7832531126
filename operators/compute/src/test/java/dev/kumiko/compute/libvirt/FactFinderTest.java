package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FactFinderTest {
  @Test
  void theMachineIsTheHostsUuid() {
    String capabilities =
        """
        <capabilities>

          <host>
            <uuid>8a1bc0f4-3c5e-4a43-9c1e-0d5a5a0b7c11</uuid>
            <cpu><arch>x86_64</arch><model>EPYC</model></cpu>
          </host>
          <guest><uuid>00000000-0000-4000-8000-000000000000</uuid></guest>
        </capabilities>
        """;
    assertThat(FactFinder.machine(capabilities)).contains("8a1bc0f4-3c5e-4a43-9c1e-0d5a5a0b7c11");
  }

  @Test
  void aMachineWithoutUuidHasNone() {
    assertThat(FactFinder.machine("<capabilities><host><cpu/></host></capabilities>")).isEmpty();
  }
}
