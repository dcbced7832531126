package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;

/**
 * What a host is.
 *
 * @param cpus logical processors
 * @param acceleration KVM where a guest was seen running with it
 * @param accelerationReason why it is not KVM; empty when it is
 */
public record HostFacts(
    int cpus,
    long memoryBytes,
    String cpuModel,
    Acceleration acceleration,
    String accelerationReason,
    String libvirtVersion,
    String hypervisorVersion) {}
