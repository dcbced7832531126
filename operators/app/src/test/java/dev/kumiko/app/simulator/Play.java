package dev.kumiko.app.simulator;

import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Migration;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** A case from its beginning to its end. */
final class Play {
  private final Script script;
  private final Site site;

  Play(Script script, Sabotage sabotage) {
    this.script = script;
    this.site = new Site(script.setup(), Turns.inOrder(), sabotage);
  }

  /**
   * @return what became of hosts and machines
   * @throws Broken when an invariant or an expectation is not met
   */
  List<String> run() {
    Fate fate = new Fate(site);
    List<Moment> left = new ArrayList<>(script.moments());
    left.sort(Comparator.comparing(Moment::at));
    while (site.age().compareTo(script.until()) < 0) {
      while (!left.isEmpty() && left.getFirst().at().compareTo(site.age()) <= 0) {
        fate.befall(left.removeFirst().what());
      }
      site.tick();
    }
    script.expected().forEach(this::expect);
    if (!script.isUnsettled()) {
      site.invariants()
          .unsettled()
          .ifPresent(why -> {
            throw new Broken("at the end all is as it was: " + why + told());
          });
    }
    return site.chronicle().lines();
  }

  private void expect(Words words) {
    String subject = words.at(0);
    String found =
        site.cluster().get(Host.class, "", subject).isPresent()
            ? host(subject)
            : site.migration(subject).map(Play::migration).orElseGet(() -> machine(subject));
    String wanted = String.join(" ", words.from(1));
    if (!Objects.equals(found, wanted)) {
      throw new Broken("expected %s, found %s %s%s".formatted(words, subject, found, told()));
    }
  }

  private static String migration(Migration migration) {
    return Optional.ofNullable(migration.observed().phase())
        .orElse(Migration.Phase.Pending)
        .name()
        .toLowerCase(Locale.ROOT);
  }

  private String machine(String name) {
    Optional<VirtualMachine> machine = site.machine(name);
    if (machine.isEmpty()) {
      return "gone";
    }
    VirtualMachine.Status status = machine.get().observed();
    String where =
        Optional.ofNullable(status.placement())
            .map(p -> " on " + p.host() + " epoch " + p.epoch())
            .orElse("");
    return status.isReady()
        ? Optional.ofNullable(status.phase()).orElse("").toLowerCase(Locale.ROOT) + where
        : status.condition(Condition.READY).map(Condition::reason).orElse("new") + where;
  }

  private String host(String name) {
    return site.fence(name)
        .map(f -> f.isShut() ? "given up" : f.isOver() ? "let in" : "suspected")
        .orElseGet(() -> reported(name));
  }

  private String reported(String name) {
    return site.cluster().get(Host.class, "", name).stream()
        .flatMap(h -> h.observed().condition("Fenced").stream())
        .map(Condition::reason)
        .findFirst()
        .orElse("free");
  }

  List<String> lines() {
    return site.chronicle().lines();
  }

  private String told() {
    return "\n" + String.join("\n", lines());
  }
}
