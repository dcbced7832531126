package dev.kumiko.tenancy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the cluster has.
 *
 * @param access RoleBindings of ours in the namespace
 * @param misbound RoleBindings that have a name of ours and bind something else
 * @param quota the limits that we set in our ResourceQuota; empty: there are none
 * @param occupied whether resources of Kumiko are in the namespace
 */
record ObservedTenant(
    Space space,
    Optional<Domain> vrf,
    List<Access> access,
    List<String> misbound,
    Map<String, Integer> quota,
    boolean occupied) {
  ObservedTenant {
    access = List.copyOf(access);
    misbound = List.copyOf(misbound);
    quota = Map.copyOf(quota);
  }

  /** The namespace of the tenant's name. */
  enum Space {
    ABSENT,
    /** It does not carry the tenant's label: somebody else's. */
    FOREIGN,
    ACTIVE,
    TERMINATING
  }

  /**
   * The Vrf of the tenant's name.
   *
   * @param tenant whose it is
   * @param message why it is not ready
   * @param id on the fabric
   */
  record Domain(String tenant, boolean ready, String message, Optional<String> id) {}

  ObservedTenant withoutVrf() {
    return new ObservedTenant(space, Optional.empty(), access, misbound, quota, occupied);
  }

  /** The Vrf, when it is this tenant's. */
  Optional<Domain> vrfOf(String tenant) {
    return vrf.filter(v -> v.tenant().equals(tenant));
  }
}
