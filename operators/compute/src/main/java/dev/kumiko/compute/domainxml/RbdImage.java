package dev.kumiko.compute.domainxml;

import java.util.List;

/**
 * An RBD image as QEMU opens it.
 *
 * @param path {@code pool/image}
 * @param user Ceph user without the prefix {@code client.}
 * @param secretUsage usage name of the libvirt secret that holds the user's key
 */
public record RbdImage(String path, List<Monitor> monitors, String user, String secretUsage) {
  public RbdImage {
    monitors = List.copyOf(monitors);
  }
}
