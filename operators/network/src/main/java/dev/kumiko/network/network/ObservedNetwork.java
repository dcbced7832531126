package dev.kumiko.network.network;

import dev.kumiko.network.claim.Holding;
import dev.kumiko.network.fabric.Chassis;
import dev.kumiko.network.fabric.FabricHealth;
import dev.kumiko.network.fabric.OwnedRows;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the API and the fabric have.
 *
 * @param subnet who has the prefix
 * @param vlan who has the VLANs
 * @param addresses who has the addresses that the network itself needs
 * @param fabric what the fabric says
 */
record ObservedNetwork(
    SubnetClaim subnet, VlanClaim vlan, OwnAddresses addresses, OnFabric fabric) {

  /** The same, with all that the network needs claimed for it. */
  ObservedNetwork holding(DesiredNetwork network, int theVlan) {
    Set<Long> all =
        Stream.concat(Stream.of(network.gatewayAddress()), addresses.prober().stream())
            .collect(Collectors.toUnmodifiableSet());
    return new ObservedNetwork(
        new SubnetClaim(new Holding.Mine(), subnet.overlapping()),
        new VlanClaim(Optional.of(theVlan), Set.of(), Optional.empty()),
        new OwnAddresses(addresses.gateway(), addresses.prober(), all, Set.of()),
        fabric);
  }

  /**
   * Who has the prefix.
   *
   * @param overlapping claims of others that overlap and came first, or are programmed, for people
   */
  record SubnetClaim(Holding holding, List<String> overlapping) {
    SubnetClaim {
      overlapping = List.copyOf(overlapping);
    }
  }

  /**
   * Who has the VLANs.
   *
   * @param mine the one that is claimed for this network
   * @param taken all that are claimed or used by others, empty when {@code mine} is there
   * @param fixedBy who has the VLAN that the user chose, when somebody else has
   */
  record VlanClaim(Optional<Integer> mine, Set<Integer> taken, Optional<String> fixedBy) {
    VlanClaim {
      taken = Set.copyOf(taken);
    }
  }

  /**
   * Who has the addresses that the network itself needs.
   *
   * @param prober where probes are to come from; empty when every address is taken
   * @param mine those that are claimed for this network
   * @param stale those of them that nothing needs any more
   */
  record OwnAddresses(Holding gateway, Optional<Long> prober, Set<Long> mine, Set<Long> stale) {
    OwnAddresses {
      mine = Set.copyOf(mine);
      stale = Set.copyOf(stale);
    }
  }

  /**
   * A Host that is declared.
   *
   * @param chassis what stands for it on the fabric, empty when nothing does
   */
  record Member(String host, Optional<Chassis> chassis) {
    boolean is(Predicate<Chassis> such) {
      return chassis.filter(such).isPresent();
    }
  }

  /**
   * What the fabric has.
   *
   * @param endpoint its name among the outside endpoints
   * @param isRouted whether the VRF's router is there
   * @param hosts all that are declared; chassis of no Host do not matter
   * @param foreign segments of the same name that are not ours, for people
   * @param intruder who else uses the VLAN that is claimed, for people
   * @param physicalNetwork what hosts need an uplink for
   */
  record OnFabric(
      String endpoint,
      String physicalNetwork,
      OwnedRows owned,
      boolean isRouted,
      List<Member> hosts,
      List<String> foreign,
      Optional<String> intruder,
      FabricHealth health) {
    OnFabric {
      hosts = List.copyOf(hosts);
      foreign = List.copyOf(foreign);
    }

    List<Member> live() {
      return hosts.stream().filter(host -> host.is(Chassis::live)).toList();
    }

    /** Live Hosts that have programmed the rows, and have an uplink for them. */
    List<Member> programmed() {
      return owned.rows().isEmpty()
          ? List.of()
          : hosts.stream()
              .filter(host -> host.is(c -> c.carries(owned.generation(), physicalNetwork)))
              .toList();
    }
  }
}
