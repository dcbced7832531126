package dev.kumiko.compute.domainxml;

import java.util.Optional;

/**
 * Processor and memory of a guest.
 *
 * @param cpuModel as libvirt names it; empty: as close to the host's as libvirt knows, which takes
 *     KVM
 */
public record Hardware(
    int vcpus, long memoryKibibytes, Optional<String> cpuModel, Acceleration acceleration) {
  /** The oldest model with all of x86-64-v2, which TCG emulates and current distributions need. */
  private static final String EMULATED_MODEL = "Nehalem";

  public Hardware {
    if (acceleration == Acceleration.TCG && cpuModel.isEmpty()) {
      cpuModel = Optional.of(EMULATED_MODEL);
    }
  }
}
