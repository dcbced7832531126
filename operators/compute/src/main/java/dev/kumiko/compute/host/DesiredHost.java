package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.v1alpha1.Host;
import java.util.List;
import java.util.Optional;

/**
 * The connection that a Host asks for.
 *
 * @param tlsSecret name of the Secret with the credentials, whose fingerprint is in the target
 * @param mode whether it takes guests, or is to be emptied
 * @param storageAddresses that the host has towards Ceph: without one it cannot be refused
 */
record DesiredHost(
    Hosts.Target target,
    Optional<String> tlsSecret,
    Host.Mode mode,
    List<String> storageAddresses) {
  DesiredHost {
    storageAddresses = List.copyOf(storageAddresses);
  }
}
