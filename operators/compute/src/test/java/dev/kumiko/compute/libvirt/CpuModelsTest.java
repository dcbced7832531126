package dev.kumiko.compute.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CpuModelsTest {
  /** As libvirt 9 and 10 write it. */
  @Test
  void onlyUsableModelsOfModeCustomCount() {
    String capabilities =
        """
        <domainCapabilities>
          <cpu>
            <mode name='host-passthrough' supported='yes'/>
            <mode name='host-model' supported='yes'>
              <model fallback='forbid'>Broadwell-IBRS</model>
            </mode>
            <mode name='custom' supported='yes'>
              <model usable='yes' deprecated='no' vendor='unknown'>qemu64</model>
              <model usable='yes' vendor='unknown'>486</model>
              <model usable='no' vendor='AMD'>EPYC</model>
              <blockers model='EPYC'><feature name='svm'/></blockers>
              <model usable='unknown' vendor='Intel'>Broadwell</model>
              <model usable='yes' vendor='Intel' canonical='Nehalem-v1'>Nehalem</model>
            </mode>
          </cpu>
        </domainCapabilities>
        """;
    assertThat(CpuModels.usable(capabilities)).containsExactly("Nehalem", "qemu64");
  }
}
