package dev.kumiko.network.network;

import dev.kumiko.network.claim.ClaimName;
import dev.kumiko.network.claim.Claims;
import dev.kumiko.network.network.DesiredNetwork.Place;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Fabric;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Vrf;
import java.util.List;
import java.util.Optional;

/** Finds the VRF and the fabric of a network: its namespace is its tenant's. */
final class NetworkPlaces {
  /** What was found. */
  sealed interface Answer {}

  record Found(Place place) implements Answer {}

  record Missing(Wait on) implements Answer {}

  private final Cluster cluster;
  private final Claims claims;

  NetworkPlaces(Cluster cluster, Claims claims) {
    this.cluster = cluster;
    this.claims = claims;
  }

  Answer of(Network network) {
    String tenant = network.getMetadata().getNamespace();
    Optional<Vrf> vrf = vrf(tenant);
    if (vrf.isEmpty()) {
      return new Missing(
          new Wait(
              "Vrf",
              tenant,
              "VrfNotFound",
              "namespace "
                  + tenant
                  + " has no Vrf: make a Tenant of that name, or move the Network to a tenant's"
                  + " namespace"));
    }
    String name = vrf.get().getSpec().fabric();
    return cluster
        .get(Fabric.class, "", name)
        .<Answer>map(fabric -> new Found(place(vrf.get(), fabric)))
        .orElseGet(() -> new Missing(Wait.missing("Fabric", name)));
  }

  private Optional<Vrf> vrf(String tenant) {
    return cluster.list(Vrf.class).stream()
        .filter(vrf -> vrf.getSpec().tenant().equals(tenant))
        .findFirst();
  }

  private static Place place(Vrf vrf, Fabric fabric) {
    return new Place(
        fabric.getMetadata().getName(),
        vrf.getMetadata().getName(),
        vrf.getMetadata().getUid(),
        fabric.getSpec().ovn().physicalNetwork(),
        fabric.getSpec().vlanRanges());
  }

  /**
   * Where it was, for taking it away: by its VRF, else by what it claimed; empty when it never was
   * anywhere.
   */
  Place former(Network network) {
    String fabric =
        vrf(network.getMetadata().getNamespace())
            .map(vrf -> vrf.getSpec().fabric())
            .or(() -> claimedOn(Ownership.of(network)))
            .orElse("");
    return new Place(fabric, "", "", "", List.of());
  }

  private Optional<String> claimedOn(Ownership owner) {
    return claims.beginningWith(ClaimName.SUBNETS).stream()
        .filter(claim -> Claims.isOf(claim, owner))
        .map(ClaimName::fabricOf)
        .findFirst();
  }
}
