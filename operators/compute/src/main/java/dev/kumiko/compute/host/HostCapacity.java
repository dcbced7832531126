package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.HostFacts;
import dev.kumiko.compute.placement.Amount;
import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.v1alpha1.Host;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a host has and what guests may get of it. */
record HostCapacity(Amount capacity, Amount allocatable) {
  private static final int PERCENT = 100;
  private static final int KIBIBYTE = 1024;
  private static final Host.Overcommit DEFAULT = new Host.Overcommit(400, 100);

  /** The spec's figures where it gives any, else libvirt's. */
  static HostCapacity of(Host.Spec spec, HostFacts facts) {
    Amount found = new Amount(facts.cpus(), facts.memoryBytes() / KIBIBYTE);
    Amount capacity = amount(spec.capacity(), found);
    Amount usable = capacity.minus(amount(spec.reserved(), Amount.NOTHING));
    Host.Overcommit overcommit = Optional.ofNullable(spec.overcommit()).orElse(DEFAULT);
    return new HostCapacity(
        capacity,
        new Amount(
            Math.max(0, usable.vcpus() * overcommit.vcpuPercent() / PERCENT),
            Math.max(0, usable.memoryKibibytes() * overcommit.memoryPercent() / PERCENT)));
  }

  private static Amount amount(Host.@Nullable Resources given, Amount otherwise) {
    if (given == null) {
      return otherwise;
    }
    return new Amount(
        Optional.ofNullable(given.vcpus()).map(Long::valueOf).orElse(otherwise.vcpus()),
        Optional.ofNullable(given.memory())
            .map(Sizes::kibibytes)
            .orElse(otherwise.memoryKibibytes()));
  }

  static Host.Resources resources(Amount amount) {
    return new Host.Resources(
        Math.toIntExact(amount.vcpus()), Sizes.text(amount.memoryKibibytes()));
  }
}
