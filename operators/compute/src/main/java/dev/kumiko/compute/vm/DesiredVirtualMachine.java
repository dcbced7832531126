package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Demand;
import dev.kumiko.compute.placement.Rule;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a VirtualMachine asks for, and what its status remembers.
 *
 * @param place where it is, or is about to be started
 * @param ran whether its status says that a guest ran at this placement
 * @param lastEpoch epoch of the newest placement, 0 before the first
 * @param cloudInit whether it gets a seed
 * @param restart digest of the annotation that asks for a restart; empty without one
 * @param recovery what becomes of it when its host is given up
 */
record DesiredVirtualMachine(
    Identity identity,
    Wish wish,
    Size size,
    Optional<Place> place,
    boolean ran,
    long lastEpoch,
    List<DiskAsk> disks,
    List<NicAsk> nics,
    Optional<VirtualMachine.CloudInit> cloudInit,
    String restart,
    Recovery recovery) {
  DesiredVirtualMachine {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
  }

  /** What becomes of the guest. */
  enum Wish {
    RUN,
    STOP
  }

  /** Which machine it is. */
  record Identity(String namespace, String name, UUID uid) {
    /** Unique on every host, and readable in {@code virsh list}. */
    String domain() {
      return namespace + "." + name + "." + uid.toString().substring(0, 8);
    }
  }

  /**
   * What it computes with.
   *
   * @param cpuModel empty: whatever suits its host
   */
  record Processing(Amount amount, Optional<String> cpuModel) {
    static final Processing NOTHING = new Processing(Amount.NOTHING, Optional.empty());
  }

  /**
   * How large it is, and which hosts may have it.
   *
   * @param promised when it was placed; until then as {@code wanted}
   * @param wanted what its spec says now
   * @param rules about machines near it
   */
  record Size(
      Processing promised, Processing wanted, Map<String, String> hostSelector, List<Rule> rules) {
    Size {
      hostSelector = Map.copyOf(hostSelector);
      rules = List.copyOf(rules);
    }

    Amount amount() {
      return promised.amount();
    }

    Optional<String> cpuModel() {
      return promised.cpuModel();
    }

    /** Whether it is to be placed anew, with another size. */
    boolean isChanged() {
      return !promised.equals(wanted);
    }
  }

  /**
   * What becomes of it when its host is given up.
   *
   * @param waits whether it is started nowhere else
   * @param isUnderWay whether it lost its host and is not Ready again yet
   * @param yields whether more important machines are started first
   * @param mayUseReserve whether it has got no place since it lost its host
   */
  record Recovery(boolean waits, boolean isUnderWay, boolean yields, boolean mayUseReserve) {
    static final Recovery NONE = new Recovery(false, false, false, false);
  }

  /** A placement. */
  record Place(String host, long epoch) {}

  /**
   * A disk that the guest may write.
   *
   * @param template what the Volume is made from; empty: the user made it
   */
  record DiskAsk(String name, String volume, Optional<VirtualMachine.VolumeTemplate> template) {}

  /**
   * A network interface.
   *
   * @param probe TCP port that has to answer before the machine counts as Ready
   */
  record NicAsk(
      String name,
      String port,
      String network,
      Optional<String> address,
      Optional<String> mac,
      OptionalInt probe) {}

  /** What it needs of the host that it is placed on. */
  Demand demand() {
    return new Demand(
        size.amount(),
        size.hostSelector(),
        size.cpuModel(),
        size.rules(),
        recovery.mayUseReserve());
  }

  /** The interface that has to answer, when one has to. */
  Optional<NicAsk> probedNic() {
    return nics.stream().filter(nic -> nic.probe().isPresent()).findFirst();
  }

  /** Name of the Secret and of the Volume with the cloud-init seed. */
  String seedSecret() {
    return identity.name() + "-cloud-init";
  }

  /** Longer than any disk's name may be, so that it clashes with none. */
  String seedVolume() {
    return seedVolume(identity.name());
  }

  static String seedVolume(String machine) {
    return machine + "-cloud-init-volume";
  }
}
