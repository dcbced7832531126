package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.verdict.SilentSince;
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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, changes and ends the case against a host; storage enforces it. */
record Fencing(Cluster cluster, Hosts hosts, PlightSight sight, InstantSource clock) {
  private static final Logger log = LoggerFactory.getLogger(Fencing.class);

  /** Also one that is back, while some pool has not let it in yet: it may fail again. */
  void suspect(Host host, String why) {
    Optional<Fence> before = judged(host);
    boolean isOpen = before.filter(f -> !f.isOver()).isPresent();
    if (!isOpen && write(host, before, Fence.Stage.Suspected, null, why)) {
      cluster.event(host, Severity.Warning, "Suspected", why);
    }
  }

  /** One that was suspected, or one that lives without its libvirtd for too long. */
  void giveUp(Host host, String why) {
    Optional<Fence> before = judged(host);
    if (before.filter(Fence::isShut).isEmpty()) {
      String since = SilentSince.text(silentSince(host, before));
      write(host, before, Fence.Stage.GivenUp, now(), why);
      cluster.event(
          host,
          Severity.Warning,
          "GivenUp",
          "Its guests are started elsewhere: " + why + since + ".");
    }
  }

  /** Pools that refused it still have to let it in. */
  void acquit(Host host) {
    fresh(host)
        .filter(f -> f.getSpec().stage() == Fence.Stage.Suspected)
        .ifPresent(fence -> {
          if (fence.getSpec().released()) {
            change(fence, released(fence.getSpec()));
          } else {
            cluster.delete(fence);
          }
        });
  }

  /**
   * Its old guests are ended, so storage may open its pools to it again. What they sent before has
   * led the network astray.
   */
  void letIn(Host host) {
    announceThoseWhoLeft(host.getMetadata().getName());
    judged(host)
        .ifPresent(fence -> {
          if (fence.isShut()) {
            change(fence, released(fence.getSpec()));
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
    if (judged(host).filter(Fence::isShut).isEmpty()) {
      throw new Conflict("host " + name + " is not given up any more");
    }
    Hypervisor hypervisor = hosts.connected(name);
    if (leftover.isActive()) {
      hypervisor.destroy(leftover.guest(), leftover.epoch());
    }
    hypervisor.undefine(leftover.guest());
  }

  /** What was refused before goes on being refused: it is let in again as a whole. */
  private boolean write(
      Host host,
      Optional<Fence> before,
      Fence.Stage stage,
      @Nullable String givenUpAt,
      String why) {
    String name = host.getMetadata().getName();
    List<String> addresses =
        Stream.concat(
                before.stream().flatMap(f -> f.getSpec().addresses().stream()),
                host.getSpec().storageAddresses().stream())
            .distinct()
            .toList();
    String silentSince = silentSince(host, before).orElse(null);
    boolean released = stage == Fence.Stage.Suspected && before.isPresent();
    Fence.Spec spec = new Fence.Spec(stage, addresses, released, silentSince, givenUpAt, why);
    if (before.isPresent()) {
      change(before.get(), spec);
      return true;
    }
    Fence fence = new Fence();
    fence.setMetadata(new ObjectMetaBuilder().withName(name).build());
    fence.setSpec(spec);
    return cluster.create(fence);
  }

  private Optional<String> silentSince(Host host, Optional<Fence> before) {
    return before
        .filter(f -> !f.isOver())
        .map(f -> f.getSpec().silentSince())
        .or(() -> sight.silentSince(host.getMetadata().getName()).map(Fencing::text));
  }

  private void change(Fence fence, Fence.Spec spec) {
    Fence changed = new Fence();
    changed.setMetadata(new ObjectMetaBuilder(fence.getMetadata()).build());
    changed.setSpec(spec);
    cluster.replace(changed);
  }

  private Optional<Fence> fresh(Host host) {
    return cluster.fresh(Fence.class, "", host.getMetadata().getName());
  }

  /** Past the cache, and still what was judged: one Fence may see several failures. */
  private Optional<Fence> judged(Host host) {
    String name = host.getMetadata().getName();
    Optional<Fence> fence = fresh(host);
    if (!fence.map(Fence::getSpec).equals(sight.judged().get(name))) {
      throw new Conflict("Fence " + name + " changed since it was read");
    }
    return fence;
  }

  private static Fence.Spec released(Fence.Spec s) {
    return new Fence.Spec(
        Fence.Stage.GivenUp, s.addresses(), true, s.silentSince(), s.givenUpAt(), s.reason());
  }

  private String now() {
    return text(clock.instant());
  }

  private static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
