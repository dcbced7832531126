package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Hosts;
import java.util.List;
import java.util.Optional;

/**
 * The connection that a Host asks for.
 *
 * @param tlsSecret name of the Secret with the credentials, whose fingerprint is in the target
 * @param storageAddresses that the host has towards Ceph: without one it cannot be refused
 */
record DesiredHost(Hosts.Target target, Optional<String> tlsSecret, List<String> storageAddresses) {
  DesiredHost {
    storageAddresses = List.copyOf(storageAddresses);
  }
}
