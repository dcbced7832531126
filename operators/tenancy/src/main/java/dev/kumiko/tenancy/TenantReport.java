package dev.kumiko.tenancy;

import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.tenancy.ObservedTenant.Space;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Tenant;
import java.util.List;
import java.util.Optional;

/** What a Tenant says of itself. Pure. */
final class TenantReport {
  private TenantReport() {}

  static Report of(Tenant tenant, Optional<ObservedTenant> observed) {
    String name = tenant.getMetadata().getName();
    Optional<ObservedTenant> ours =
        observed.filter(o -> o.space() == Space.ACTIVE || o.space() == Space.TERMINATING);
    Tenant.Status before = tenant.observed();
    Tenant.Status status =
        observed.isEmpty()
            ? before
            : new Tenant.Status(
                before.observedGeneration(),
                before.conditions(),
                before.waitingFor(),
                List.of(),
                ours.map(_ -> name).orElse(null),
                observed
                    .flatMap(o -> o.vrfOf(name))
                    .flatMap(ObservedTenant.Domain::id)
                    .orElse(null));
    return Report.of(
        status,
        observed
            .map(o -> readiness(name, o))
            .orElseGet(() -> Readiness.waiting("Blocked", "the deletion waits")));
  }

  private static Readiness readiness(String name, ObservedTenant observed) {
    if (observed.vrf().isPresent() && observed.vrfOf(name).isEmpty()) {
      return new Readiness.Stalled(
          "VrfNotOurs",
          "Vrf %s belongs to tenant %s: delete that Vrf or choose another name for the Tenant"
              .formatted(name, observed.vrf().get().tenant()));
    }
    return switch (observed.space()) {
      case FOREIGN ->
          new Readiness.Stalled(
              "NamespaceNotOurs",
              "metadata.name: namespace %s exists and is not a tenant's: label it %s=%s to hand it over, or choose another name for the Tenant"
                  .formatted(name, Kumiko.TENANT, name));
      case ABSENT ->
          Readiness.waiting("NamespaceMissing", "namespace " + name + " is not there yet");
      case TERMINATING -> Readiness.waitingFor(TenantKind.ending(name));
      case ACTIVE ->
          observed.vrfOf(name).filter(ObservedTenant.Domain::ready).isPresent()
              ? new Readiness.Ready("namespace " + name + " is ready for use")
              : Readiness.waitingFor(routing(name, observed));
    };
  }

  /** The Vrf's own words, so that one look at the Tenant is enough. */
  private static Wait routing(String name, ObservedTenant observed) {
    return observed
        .vrfOf(name)
        .map(vrf ->
            new Wait("Vrf", name, "VrfNotReady", "Vrf " + name + " is not Ready: " + vrf.message()))
        .orElseGet(() -> Wait.missing("Vrf", name));
  }
}
