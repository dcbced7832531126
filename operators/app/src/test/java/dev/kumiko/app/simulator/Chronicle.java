package dev.kumiko.app.simulator;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.GuestState;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of hosts and machines, a line each; what settles before the case begins is left out.
 */
final class Chronicle {
  private final Site site;
  private final List<String> lines = new ArrayList<>();
  private Map<String, String> domains = new TreeMap<>();

  Chronicle(Site site) {
    this.site = site;
  }

  void clear() {
    lines.clear();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void say(String text) {
    lines.add("%8s  %s".formatted(site.label(site.now()), text));
  }

  void hear(Change change) {
    switch (change.object()) {
      case VirtualMachine machine -> machine(machine, change);
      case Fence fence -> fence(fence, change);
      case Host host -> host(host, change);
      case Migration migration -> migration(migration, change);
      default -> {}
    }
  }

  private void machine(VirtualMachine machine, Change change) {
    String name = machine.getMetadata().getName();
    if (change.after().isEmpty()) {
      say(name + " is gone");
      return;
    }
    VirtualMachine.Status is = machine.observed();
    VirtualMachine.Status was =
        before(change, VirtualMachine.class)
            .map(VirtualMachine::observed)
            .orElseGet(VirtualMachine.Status::empty);
    if (!Objects.equals(is.placement(), was.placement())) {
      say(
          Optional.ofNullable(is.placement())
              .map(p -> "%s placed on %s at epoch %d".formatted(name, p.host(), p.epoch()))
              .orElse(name + " placed nowhere"));
    }
    if (!state(is).equals(state(was))) {
      say(name + " " + state(is));
    }
  }

  private static String state(VirtualMachine.Status status) {
    String phase = Optional.ofNullable(status.phase()).orElse("new");
    return status.isReady() ? phase + ", Ready" : phase + ", " + reason(status.conditions());
  }

  private static String reason(List<Condition> conditions) {
    return conditions.stream()
        .filter(c -> c.type().equals(Condition.READY))
        .map(Condition::reason)
        .findFirst()
        .orElse("nothing reported");
  }

  private void fence(Fence fence, Change change) {
    String name = fence.getMetadata().getName();
    String was = before(change, Fence.class).map(Chronicle::state).orElse("");
    String is = change.after().isEmpty() ? "fence is gone" : state(fence);
    if (!is.equals(was)) {
      say(name + " " + is);
    }
  }

  private static String state(Fence fence) {
    boolean isShut = fence.isShut();
    String guests =
        Optional.ofNullable(fence.observed().guests())
            .map(g -> ", guests " + g.name().toLowerCase(Locale.ROOT))
            .orElse("");
    String stage =
        switch (fence.getSpec().stage()) {
          case Suspected -> "suspected" + guests;
          case GivenUp ->
              isShut ? "given up: " + fence.getSpec().reason() + refused(fence) : "let in";
        };
    return fence.getMetadata().getDeletionTimestamp() == null ? stage : stage + ", leaving";
  }

  private static String refused(Fence fence) {
    return fence.isRefused() ? ", refused by every pool" : "";
  }

  private void migration(Migration migration, Change change) {
    String is = change.after().isEmpty() ? "is gone" : state(migration);
    String was = before(change, Migration.class).map(Chronicle::state).orElse("");
    if (!is.equals(was)) {
      say(migration.getMetadata().getName() + " " + is);
    }
  }

  private static String state(Migration migration) {
    Migration.Status status = migration.observed();
    Migration.Phase phase = Optional.ofNullable(status.phase()).orElse(Migration.Phase.Pending);
    String state =
        switch (phase) {
          case Pending, Failed -> phase + ", " + reason(status.conditions());
          case Preparing -> phase + ", from " + status.source() + " to " + status.target();
          case Running, Succeeded, Cancelled -> phase.name();
        };
    return migration.getMetadata().getDeletionTimestamp() == null ? state : state + ", leaving";
  }

  private void host(Host host, Change change) {
    for (String type : List.of("Fenced", "Drained")) {
      String is = reason(host, type);
      String was = before(change, Host.class).map(h -> reason(h, type)).orElse("");
      if (!is.equals(was)) {
        say(host.getMetadata().getName() + " reports " + (is.isEmpty() ? "nothing" : is));
      }
    }
  }

  private static String reason(Host host, String type) {
    return host.observed().condition(type).map(Condition::reason).orElse("");
  }

  private static <T extends HasMetadata> Optional<T> before(Change change, Class<T> type) {
    return change.before().map(type::cast);
  }

  /** What became of the domains themselves. */
  void look() {
    Map<String, String> now = new TreeMap<>();
    for (Metal metal : site.metals()) {
      metal.domains.guests().stream()
          .filter(g -> g.state().isActive())
          .forEach(g -> now.put(name(g) + " on " + metal.name, state(g)));
    }
    if (now.equals(domains)) {
      return;
    }
    now.forEach((domain, state) -> {
      if (!state.equals(domains.get(domain))) {
        say("domain " + domain + " " + state);
      }
    });
    domains.keySet().stream()
        .filter(d -> !now.containsKey(d))
        .forEach(d -> say("domain " + d + " ended"));
    domains = now;
  }

  private static String name(Guest guest) {
    return guest.active().map(m -> m.name()).orElse(guest.name());
  }

  private static String state(Guest guest) {
    long epoch = guest.active().map(m -> m.epoch()).orElse(0L);
    return (guest.state() == GuestState.RUNNING
            ? "runs"
            : guest.state().name().toLowerCase(Locale.ROOT))
        + " at epoch "
        + epoch;
  }
}
