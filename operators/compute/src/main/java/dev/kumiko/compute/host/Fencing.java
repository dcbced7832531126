package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Cluster.Severity;
import dev.kumiko.reconcile.Conflict;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, changes and ends the case against a host; storage enforces it. */
record Fencing(Cluster cluster, Hosts hosts, PlightSight sight, InstantSource clock) {
  private static final Logger log = LoggerFactory.getLogger(Fencing.class);

  void suspect(Host host, String why) {
    if (cluster.create(fence(host, Fence.Stage.Suspected, null, why))) {
      cluster.event(host, Severity.Warning, "Suspected", why);
    }
  }

  /** One that was suspected, or one that lives without its libvirtd for too long. */
  void giveUp(Host host, String why) {
    Optional<Fence> found = fresh(host);
    if (found.isEmpty()) {
      cluster.create(fence(host, Fence.Stage.GivenUp, now(), why));
    } else if (found.get().getSpec().stage() == Fence.Stage.Suspected) {
      change(
          found.get(),
          s ->
              new Fence.Spec(
                  Fence.Stage.GivenUp, s.addresses(), false, s.silentSince(), now(), why));
    } else {
      return;
    }
    cluster.event(
        host, Severity.Warning, "GivenUp", "Its guests are started elsewhere: " + why + ".");
  }

  void acquit(Host host) {
    fresh(host)
        .filter(f -> f.getSpec().stage() == Fence.Stage.Suspected)
        .ifPresent(cluster::delete);
  }

  /**
   * Its old guests are ended, so storage may open its pools to it again. What they sent before has
   * led the network astray.
   */
  void letIn(Host host) {
    announceThoseWhoLeft(host.getMetadata().getName());
    fresh(host)
        .ifPresent(fence -> {
          if (fence.isShut()) {
            change(
                fence,
                s ->
                    new Fence.Spec(
                        s.stage(),
                        s.addresses(),
                        true,
                        s.silentSince(),
                        s.givenUpAt(),
                        s.reason()));
            cluster.event(
                host, Severity.Normal, "LetIn", "It is back, and its old guests are ended.");
          }
          cluster.delete(fence);
        });
  }

  private void announceThoseWhoLeft(String host) {
    for (VirtualMachine machine : cluster.list(VirtualMachine.class)) {
      VirtualMachine.Recovered story = machine.observed().recovery();
      VirtualMachine.Placed placed = machine.observed().placement();
      if (story != null && placed != null && story.from().equals(host)) {
        announce(placed.host(), UUID.fromString(machine.getMetadata().getUid()));
      }
    }
  }

  /** A host that fails meanwhile holds nobody up: its guests announce themselves where they go. */
  private void announce(String host, UUID guest) {
    try {
      hosts.find(host).ifPresent(h -> h.announce(guest));
    } catch (Unavailable e) {
      log.warn("guest {} on {} was not announced: {}", guest, host, e.getMessage());
    }
  }

  /** Past every cache: what was started on a host that was let in again is no leftover. */
  void endLeftover(Host host, Plight.Leftover leftover) {
    String name = host.getMetadata().getName();
    if (fresh(host).filter(Fence::isShut).isEmpty()) {
      throw new Conflict("host " + name + " is not given up any more");
    }
    Hypervisor hypervisor = hosts.connected(name);
    if (leftover.isActive()) {
      hypervisor.destroy(leftover.guest(), leftover.epoch());
    }
    hypervisor.undefine(leftover.guest());
  }

  private void change(Fence fence, UnaryOperator<Fence.Spec> how) {
    Fence changed = new Fence();
    changed.setMetadata(new ObjectMetaBuilder(fence.getMetadata()).build());
    changed.setSpec(how.apply(fence.getSpec()));
    cluster.replace(changed);
  }

  private Optional<Fence> fresh(Host host) {
    return cluster.fresh(Fence.class, "", host.getMetadata().getName());
  }

  private Fence fence(Host host, Fence.Stage stage, @Nullable String givenUpAt, String why) {
    String name = host.getMetadata().getName();
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName(name).build());
    fence.setSpec(
        new Fence.Spec(
            stage,
            host.getSpec().storageAddresses(),
            false,
            sight.silentSince(name).map(Fencing::text).orElse(null),
            givenUpAt,
            why));
    return fence;
  }

  private String now() {
    return text(clock.instant());
  }

  private static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
