package dev.kumiko.compute.migration;

import dev.kumiko.v1alpha1.Migration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a Migration asks for, and what its status remembers.
 *
 * @param uid of the Migration
 * @param name of the VirtualMachine
 * @param machine that VirtualMachine; empty when there is none
 * @param route chosen hosts; empty before
 * @param startedAt when they were chosen
 * @param failed hosts where it goes only when it can go nowhere else, and when one like it failed
 *     there
 * @param avoided hosts where it does not go, and until when
 * @param isLeaving whether the Migration is deleted, so that the move is to be given up
 */
record DesiredMigration(
    UUID uid,
    String namespace,
    String name,
    Optional<Machine> machine,
    Order order,
    Migration.Phase phase,
    Optional<Route> route,
    Optional<Instant> startedAt,
    Map<String, Instant> failed,
    Map<String, Instant> avoided,
    boolean isLeaving) {
  DesiredMigration {
    failed = Map.copyOf(failed);
    avoided = Map.copyOf(avoided);
  }

  /**
   * How it is to be moved.
   *
   * @param targetHost where; empty: the best host
   * @param mebibytesPerSecond empty: as fast as it goes
   * @param isOfDrain whether it is a drain's, which makes another when it fails
   */
  record Order(
      Optional<String> targetHost,
      OptionalInt mebibytesPerSecond,
      boolean autoConverge,
      boolean postCopy,
      Duration deadline,
      boolean isOfDrain) {}

  /**
   * Whose guest is moved.
   *
   * @param uid also that of its domain
   * @param isToRun whether the guest is to go on
   * @param isReconciled whether its operator acts for it, as it has to when the guest has come
   * @param isAsDeclared whether the guest has the disks and interfaces of the spec
   * @param volumes that it may write
   */
  record Machine(
      UUID uid,
      boolean isToRun,
      boolean isReconciled,
      boolean isAsDeclared,
      Optional<Place> place,
      List<String> volumes,
      List<String> ports) {
    Machine {
      volumes = List.copyOf(volumes);
      ports = List.copyOf(ports);
    }
  }

  /** Where a machine is placed. */
  record Place(String host, long epoch) {}

  /** UUID of the domain that is moved. */
  UUID guest() {
    return machine.orElseThrow().uid();
  }

  /** Whether the guest is to be where it goes. */
  boolean isWanted() {
    return !isLeaving && machine.filter(Machine::isToRun).isPresent();
  }

  /** Whether the machine's place followed its guest to the host. */
  boolean isPlacedOn(String host) {
    return machine.flatMap(Machine::place).filter(p -> p.host().equals(host)).isPresent();
  }
}
