package dev.kumiko.app.simulator;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What must hold while guests are moved and hosts drained, whatever befell. */
final class MovingInvariants {
  private static final int AT_A_HOST = 2;
  static final int AT_A_TIME = 8;

  /** An operator that runs has heard of a change by then. */
  private static final Duration HEARD = Duration.ofSeconds(2);

  private static final String DRAINS = "kumiko.dev/drains";

  private final Site site;
  private final Set<String> begun = new HashSet<>();
  private final Set<String> drained = new HashSet<>();
  private final Map<String, Instant> takenBack = new HashMap<>();

  MovingInvariants(Site site) {
    this.site = site;
  }

  void check() {
    modes();
    List<Migration> underWay =
        site.cluster().list(Migration.class).stream()
            .filter(m -> m.observed().phase() != null && m.observed().phase().isUnderWay())
            .toList();
    if (!site.hadStaleLeader()) {
      withinLimits(underWay);
    }
    underWay.stream()
        .filter(m -> m.observed().phase() == Migration.Phase.Running)
        .filter(m -> begun.add(m.getMetadata().getUid()))
        .forEach(this::isStillAskedFor);
  }

  private void modes() {
    for (Host host : site.cluster().list(Host.class)) {
      String name = host.getMetadata().getName();
      if (host.getSpec().mode() == Host.Mode.Maintenance) {
        drained.add(name);
        takenBack.remove(name);
      } else if (drained.remove(name)) {
        takenBack.put(name, site.now());
      }
    }
  }

  private void withinLimits(List<Migration> underWay) {
    Map<String, Integer> moves = new HashMap<>();
    for (Migration migration : underWay) {
      moves.merge(migration.observed().source(), 1, Integer::sum);
      moves.merge(migration.observed().target(), 1, Integer::sum);
    }
    moves.forEach((host, count) ->
        Invariants.must(
            count <= AT_A_HOST,
            () -> "few guests are moved at a time: %d from or to %s".formatted(count, host)));
    Invariants.must(
        underWay.size() <= AT_A_TIME,
        () -> "few guests are moved at a time: %d".formatted(underWay.size()));
  }

  private void isStillAskedFor(Migration migration) {
    String host =
        Optional.ofNullable(migration.getMetadata().getLabels())
            .map(labels -> labels.getOrDefault(DRAINS, ""))
            .orElse("");
    Optional<Instant> heard =
        Optional.ofNullable(takenBack.get(host))
            .map(at -> at.isAfter(site.computeSince()) ? at : site.computeSince())
            .map(at -> at.plus(HEARD));
    Invariants.must(
        heard.filter(at -> site.now().isAfter(at)).isEmpty(),
        () ->
            "no guest begins to leave a host whose drain was taken back: %s"
                .formatted(migration.getMetadata().getName()));
  }

  /** Called for each guest that begins to be moved. */
  void begins(Metal from, UUID guest, String to, long epoch) {
    granted("a move begins only where both hosts are granted", guest, from.name, to, epoch);
  }

  /** Called for each guest that goes on at its target. */
  void handedOver(Move move) {
    granted(
        "a guest goes on only where it is granted",
        move.guest,
        move.from.name,
        move.to.name,
        move.epoch);
  }

  private void granted(String rule, UUID guest, String from, String to, long epoch) {
    VirtualMachine machine =
        site.machine(guest)
            .orElseThrow(() -> new Broken("%s: %s has no machine".formatted(rule, guest)));
    String name = machine.getMetadata().getName();
    Invariants.must(
        new VirtualMachine.Placed(from, epoch).equals(machine.observed().placement()),
        () -> "%s: %s is not placed on %s".formatted(rule, name, from));
    Invariants.must(
        site.cluster()
            .get(Attachment.class, machine.getMetadata().getNamespace(), name + "-root")
            .map(Attachment::observed)
            .filter(s -> s.grantedHosts().containsAll(List.of(from, to)))
            .filter(s -> s.grantedEpoch() != null && s.grantedEpoch() == epoch)
            .isPresent(),
        () -> "%s: %s is not granted to %s and %s".formatted(rule, name, from, to));
  }

  /** Called for each guest that is ended or asked to end; where a host was given up, any may be. */
  void ends(Metal metal, UUID guest) {
    if (site.fence(metal.name).filter(f -> !f.isOver()).isPresent()) {
      return;
    }
    site.machine(guest)
        .filter(m -> m.getMetadata().getDeletionTimestamp() == null)
        .filter(m -> m.getSpec().runPolicy() == VirtualMachine.RunPolicy.Always)
        .filter(m -> isAtWork(m, metal, guest))
        .ifPresent(m -> {
          throw new Broken(
              "a machine that is to run is stopped by nobody: %s on %s"
                  .formatted(m.getMetadata().getName(), metal.name));
        });
  }

  private static boolean isAtWork(VirtualMachine machine, Metal metal, UUID guest) {
    VirtualMachine.Placed placed = machine.observed().placement();
    return placed != null && placed.host().equals(metal.name) && metal.runs(guest, placed.epoch());
  }
}
