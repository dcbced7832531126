package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.ConsoleLogs;
import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Composes the status of a machine. */
final class StatusOf {
  static final String PENDING = "Pending";
  static final String STARTING = "Starting";
  static final String RUNNING = "Running";
  static final String STOPPING = "Stopping";
  static final String STOPPED = "Stopped";
  static final String RECOVERING = "Recovering";
  static final String UNKNOWN = "Unknown";

  /** A start that goes well is over before anybody could read what it waits for. */
  static final String STARTING_MESSAGE = "Its disks and ports are made ready, then it starts.";

  private StatusOf() {}

  /**
   * A status that only shows the placement, and the conditions that the report of the same pass
   * will find, so that they are one write.
   */
  static VirtualMachine.Status placed(
      VirtualMachine machine, DesiredVirtualMachine desired, String host, long epoch, Instant now) {
    VirtualMachine.Status before = machine.observed();
    long generation = Optional.ofNullable(machine.getMetadata().getGeneration()).orElse(0L);
    String since = now.truncatedTo(ChronoUnit.SECONDS).toString();
    List<Condition> conditions =
        List.of(
            condition(before, "Running", "False", STARTING, running(STARTING), since, generation),
            condition(
                before, Condition.READY, "False", STARTING, STARTING_MESSAGE, since, generation),
            condition(
                before,
                Condition.PROGRESSING,
                "True",
                STARTING,
                STARTING_MESSAGE,
                since,
                generation));
    return own(
            before,
            STARTING,
            new VirtualMachine.Placed(host, epoch),
            before.addresses(),
            desired,
            before.restartedAt(),
            epoch,
            Story.placed(before.recovery(), now))
        .with(generation, conditions, List.of(), List.of());
  }

  /** As it was, but on another host: the guest goes on there. */
  static VirtualMachine.Status arrived(VirtualMachine machine, String host, long epoch) {
    return as(machine.observed(), RUNNING, new VirtualMachine.Placed(host, epoch));
  }

  /**
   * As it was, but placed nowhere.
   *
   * @param recovery what it recovers from; null: it was stopped
   */
  static VirtualMachine.Status released(
      VirtualMachine machine,
      DesiredVirtualMachine desired,
      VirtualMachine.@Nullable Recovered recovery) {
    VirtualMachine.Status before = machine.observed();
    return new VirtualMachine.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        recovery == null ? STOPPED : RECOVERING,
        null,
        before.addresses(),
        null,
        null,
        null,
        before.domain(),
        before.consoleLog(),
        before.restartedAt(),
        desired.lastEpoch(),
        recovery == null ? before.recovery() : recovery);
  }

  /** As it was, but in another phase. */
  static VirtualMachine.Status phase(VirtualMachine.Status before, String phase) {
    return as(before, phase, before.placement());
  }

  private static VirtualMachine.Status as(
      VirtualMachine.Status before, String phase, VirtualMachine.@Nullable Placed placement) {
    return new VirtualMachine.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        phase,
        placement,
        before.addresses(),
        before.vcpus(),
        before.memory(),
        before.cpuModel(),
        before.domain(),
        before.consoleLog(),
        before.restartedAt(),
        before.lastEpoch(),
        before.recovery());
  }

  static VirtualMachine.Status own(
      VirtualMachine.Status before,
      String phase,
      VirtualMachine.@Nullable Placed placed,
      List<String> addresses,
      DesiredVirtualMachine desired,
      @Nullable String restartedAt,
      long lastEpoch,
      VirtualMachine.@Nullable Recovered recovery) {
    boolean isPlaced = placed != null;
    return new VirtualMachine.Status(
        before.observedGeneration(),
        before.conditions(),
        before.waitingFor(),
        before.plan(),
        phase,
        placed,
        addresses,
        isPlaced ? Math.toIntExact(desired.size().amount().vcpus()) : null,
        isPlaced ? Sizes.text(desired.size().amount().memoryKibibytes()) : null,
        isPlaced ? desired.size().cpuModel().orElse(null) : null,
        desired.identity().domain(),
        ConsoleLogs.path(desired.identity().uid()),
        restartedAt,
        lastEpoch == 0 ? null : lastEpoch,
        recovery);
  }

  /** Message of the condition Running. */
  static String running(String phase) {
    return "The guest is " + phase.toLowerCase(java.util.Locale.ROOT) + ".";
  }

  private static Condition condition(
      VirtualMachine.Status before,
      String type,
      String status,
      String reason,
      String message,
      String now,
      long generation) {
    String since =
        before
            .condition(type)
            .filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    return new Condition(type, status, reason, message, since, generation);
  }
}
