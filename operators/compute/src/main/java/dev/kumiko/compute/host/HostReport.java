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

/** The status of a Host from what was observed. */
final class HostReport {
  /**
   * Guests come and go without a pass here, so that a hundred new ones cost one write and not a
   * hundred.
   */
  private static final Duration COUNT_AGAIN = Duration.ofSeconds(10);

  private HostReport() {}

  static Report blocked(Host host) {
    return Report.of(host.observed(), Readiness.waiting("Blocked", "Waiting."))
        .recheckAfter(COUNT_AGAIN);
  }

  static Report of(Host host, ObservedHost observed, Amount allocated) {
    String name = host.getMetadata().getName();
    return observed
        .sight()
        .map(sight -> seen(host, sight, allocated))
        .orElseGet(() -> unseen(host, name, observed.link()))
        .recheckAfter(COUNT_AGAIN);
  }

  private static Report seen(Host host, ObservedHost.Sight sight, Amount allocated) {
    HostFacts facts = sight.facts();
    HostCapacity capacity = HostCapacity.of(host.getSpec(), facts);
    Host.Status before = host.observed();
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
            virtualization(facts.acceleration()),
            facts.libvirtVersion(),
            facts.hypervisorVersion());
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
  private static Report unseen(Host host, String name, Optional<Link> link) {
    String message = link.map(HostReport::message).orElse("not connected yet");
    Wait wait =
        new Wait(
            "Endpoint",
            "libvirt/" + name,
            "Disconnected",
            message + ": check libvirtd on the host, its certificates, and the way to it");
    return Report.of(
            host.observed(), new Readiness.Unknown("Disconnected", wait.message(), List.of(wait)))
        .with(new Report.Aspect("Connected", false, "Disconnected", message));
  }

  private static String message(Link link) {
    return switch (link) {
      case Link.Connected _ -> "just connected";
      case Link.Lost lost -> lost.message();
    };
  }
}
