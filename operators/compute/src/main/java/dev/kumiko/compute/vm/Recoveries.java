package dev.kumiko.compute.vm;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The machines that lost their hosts, and which of them come first. */
record Recoveries(Cluster cluster, Sight sight, InstantSource clock) {
  /** One that cannot be started, whatever for, must not hold others up. */
  private static final Duration LONGEST_YIELD = Duration.ofSeconds(10);

  private static final VirtualMachine.Recovery DEFAULT =
      new VirtualMachine.Recovery(VirtualMachine.HostFailure.Restart, 500);

  DesiredVirtualMachine.Recovery of(VirtualMachine machine) {
    boolean isUnderWay = isUnderWay(machine);
    return new DesiredVirtualMachine.Recovery(
        asked(machine).onHostFailure() == VirtualMachine.HostFailure.Wait,
        isUnderWay,
        isUnderWay && machine.observed().placement() == null && yields(machine),
        isToBePlaced(machine));
  }

  /** A machine that never became Ready again could else stop, grow and come back for more. */
  private static boolean isToBePlaced(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().recovery())
        .filter(story -> story.placedAt() == null)
        .isPresent();
  }

  private boolean yields(VirtualMachine machine) {
    return isStillPolite(machine)
        && cluster.list(VirtualMachine.class).stream()
            .filter(other -> asked(other).priority() > asked(machine).priority())
            .anyMatch(this::isToBeStarted);
  }

  private boolean isStillPolite(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().recovery())
        .map(VirtualMachine.Recovered::releasedAt)
        .map(at -> clock.instant().isBefore(Instant.parse(at).plus(LONGEST_YIELD)))
        .orElse(false);
  }

  private boolean isToBeStarted(VirtualMachine other) {
    if (other.getMetadata().getDeletionTimestamp() != null
        || other.getSpec().runPolicy() != VirtualMachine.RunPolicy.Always) {
      return false;
    }
    VirtualMachine.Placed placed = other.observed().placement();
    return placed == null
        ? isUnderWay(other) && !isWithoutRoom(other)
        : sight.isGivenUp(placed.host())
            && asked(other).onHostFailure() == VirtualMachine.HostFailure.Restart;
  }

  private static boolean isWithoutRoom(VirtualMachine machine) {
    return machine
        .observed()
        .condition(Condition.READY)
        .filter(c -> c.reason().equals("NoHostFits"))
        .isPresent();
  }

  private static boolean isUnderWay(VirtualMachine machine) {
    return Optional.ofNullable(machine.observed().recovery())
        .filter(VirtualMachine.Recovered::isUnderWay)
        .isPresent();
  }

  private static VirtualMachine.Recovery asked(VirtualMachine machine) {
    return Optional.ofNullable(machine.getSpec().recovery()).orElse(DEFAULT);
  }
}
