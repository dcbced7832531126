package dev.kumiko.storage.ceph;

import java.util.ArrayList;
import java.util.List;

/** Finds out what a key may not do, and words what to grant. */
final class Preflight {
  private final Monitors monitors;
  private final RbdDirectory directory;
  private final CephCredentials credentials;

  Preflight(Monitors monitors, RbdDirectory directory, CephCredentials credentials) {
    this.monitors = monitors;
    this.directory = directory;
    this.credentials = credentials;
  }

  List<MissingGrant> missing() {
    List<MissingGrant> missing = new ArrayList<>();
    if (!monitors.mayReadUse()) {
      missing.add(grant("read the pool's capacity and health"));
    }
    if (!monitors.mayBlock() || !monitors.mayBlockHosts()) {
      missing.add(grant("block a failed host's access to its disks"));
    }
    if (!monitors.mayUnblock()) {
      missing.add(grant("let a repaired host in again"));
    }
    if (!directory.mayWrite()) {
      missing.add(grant("write to the pool"));
    }
    return missing;
  }

  private MissingGrant grant(String purpose) {
    return new MissingGrant(
        purpose,
        "ceph auth caps client.%s mon 'profile rbd, allow command \"osd blocklist\"' osd 'profile rbd pool=%s' mgr 'profile rbd pool=%s'"
            .formatted(credentials.user(), credentials.pool(), credentials.pool()));
  }
}
