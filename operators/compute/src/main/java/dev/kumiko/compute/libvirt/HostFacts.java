package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;
import java.util.List;

/**
 * What a host is.
 *
 * @param machine UUID of the machine, as its libvirtd says
 * @param cpus logical processors
 * @param cpuModels that guests may have, sorted
 * @param acceleration KVM where a guest was seen running with it
 * @param accelerationReason why it is not KVM; empty when it is
 */
public record HostFacts(
    String machine,
    int cpus,
    long memoryBytes,
    String cpuModel,
    List<String> cpuModels,
    Acceleration acceleration,
    String accelerationReason,
    String libvirtVersion,
    String hypervisorVersion) {
  public HostFacts {
    cpuModels = List.copyOf(cpuModels);
  }
}
