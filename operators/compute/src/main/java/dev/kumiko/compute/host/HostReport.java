package dev.kumiko.compute.host;

import dev.kumiko.compute.domainxml.Acceleration;
import dev.kumiko.compute.libvirt.HostFacts;
import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of a Host from what was observed. */
final class HostReport {
  /**
   * Guests come and go without a pass here, so that a hundred new ones cost one write and not a
   * hundred.
   */
  private static final Duration COUNT_AGAIN = Duration.ofSeconds(10);

  /** While a case against the host is open. */
  private static final Duration DECIDE_SOON = Duration.ofMillis(500);

  private HostReport() {}

  static Report blocked(Host host) {
    return Report.of(host.observed(), Readiness.waiting("Blocked", "Waiting."))
        .recheckAfter(COUNT_AGAIN);
  }

  static Report of(Host host, ObservedHost observed, Amount allocated) {
    Host.Status before = kept(host, observed.plight());
    Report report =
        observed
            .sight()
            .map(sight -> seen(host.getSpec(), before, sight, allocated))
            .orElseGet(() -> unseen(host.getMetadata().getName(), before, observed));
    boolean isHeld =
        host.getMetadata().getDeletionTimestamp() != null && !observed.machines().isEmpty();
    Readiness readiness = isHeld ? inUse(observed.machines()) : report.readiness();
    List<Report.Aspect> aspects =
        Stream.of(
                report.aspects().stream(),
                FenceReport.aspect(observed.plight()).stream(),
                FenceReport.power(host, observed.plight()).stream(),
                GiveUpOrder.aspect(observed.plight().isOrderSpent()).stream(),
                DrainPlan.aspect(host, observed).stream())
            .flatMap(aspect -> aspect)
            .toList();
    return new Report(
        report.status(),
        readiness,
        aspects,
        Optional.of(FenceReport.isOpen(observed.plight()) ? DECIDE_SOON : COUNT_AGAIN));
  }

  /** What is kept when nothing new is seen. */
  private static Host.Status kept(Host host, Plight plight) {
    Host.Status known = host.observed().spent(plight.isOrderSpent());
    return plight.powerCut() instanceof PowerCut.Done(String givenUpAt)
        ? known.switchedOffFor(givenUpAt)
        : known;
  }

  /** It stays connected: its guests are still to be looked after, and to be ended there. */
  private static Readiness inUse(List<String> machines) {
    List<Wait> on = machines.stream().map(name -> Wait.referrer("VirtualMachine", name)).toList();
    return new Readiness.Waiting(on.getFirst().reason(), on.getFirst().message(), on);
  }

  private static Report seen(
      Host.Spec spec, Host.Status before, ObservedHost.Sight sight, Amount allocated) {
    HostFacts facts = sight.facts();
    HostCapacity capacity = HostCapacity.of(spec, facts);
    Host.Status status =
        new Host.Status(
            before.observedGeneration(),
            before.conditions(),
            before.waitingFor(),
            before.plan(),
            HostCapacity.resources(capacity.capacity()),
            HostCapacity.resources(capacity.allocatable()),
            HostCapacity.resources(allocated),
            sight.guests(),
            sight.foreign(),
            facts.cpuModel(),
            facts.cpuModels(),
            virtualization(facts.acceleration()),
            facts.libvirtVersion(),
            facts.hypervisorVersion(),
            before.machine(),
            before.giveUpSpent(),
            before.switchedOffFor());
    return Report.of(status, new Readiness.Ready(ready(facts)))
        .with(new Report.Aspect("Connected", true, "Connected", "libvirtd answers."));
  }

  private static String ready(HostFacts facts) {
    return switch (facts.acceleration()) {
      case KVM -> "Connected; guests run with KVM.";
      case TCG -> "Connected; guests run by emulation: " + facts.accelerationReason() + ".";
    };
  }

  private static Host.Virtualization virtualization(Acceleration acceleration) {
    return switch (acceleration) {
      case KVM -> Host.Virtualization.KVM;
      case TCG -> Host.Virtualization.TCG;
    };
  }

  /** The figures of before stay: they are the best known. */
  private static Report unseen(String name, Host.Status before, ObservedHost observed) {
    String message = observed.link().map(HostReport::message).orElse("not connected yet");
    Readiness readiness =
        observed
            .machine()
            .rival()
            .<Readiness>map(
                rival -> new Readiness.Stalled("SameMachine", Machines.clash(name, rival)))
            .orElseGet(() -> unknown(name, message, observed.machine()));
    return Report.of(before, readiness)
        .with(new Report.Aspect("Connected", false, readiness.reason(), readiness.message()));
  }

  private static Readiness unknown(String host, String message, ObservedMachine machine) {
    String endpoint = "libvirt/" + host;
    Wait wait =
        machine.isAnother()
            ? new Wait("Endpoint", endpoint, "AnotherMachine", message)
            : new Wait(
                "Endpoint",
                endpoint,
                "Disconnected",
                message + ": check libvirtd on the host, its certificates, and the way to it");
    return new Readiness.Unknown(wait.reason(), wait.message(), List.of(wait));
  }

  private static String message(Link link) {
    return switch (link) {
      case Link.Connected _ -> "just connected";
      case Link.Lost lost -> lost.message();
    };
  }
}
