package dev.kumiko.compute.host;

import dev.kumiko.compute.libvirt.Guest;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.libvirt.Link;
import dev.kumiko.compute.verdict.Evidence;
import dev.kumiko.compute.verdict.Evidence.Silence;
import dev.kumiko.compute.verdict.Judge;
import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.compute.verdict.Verdict;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the evidence about a host, without a call to anywhere.
 *
 * @param answered when a guest of each suspected host was known to answer last; losing it loses the
 *     connections, too, so that the detection time begins anew
 * @param unsettled when each host was last one of too many, or of all, that were silent
 * @param defied since when each host has been seen to answer although a person gave it up
 * @param judged what the Fence of each host asked for when it was looked at last
 */
record PlightSight(
    Cluster cluster,
    Hosts hosts,
    Judge judge,
    InstantSource clock,
    PowerCuts powerCuts,
    Map<String, Instant> answered,
    Map<String, Instant> unsettled,
    Map<String, Instant> defied,
    Map<String, Optional<Fence.Spec>> judged) {

  /** A connection whose host is gone, or stuck, is known to be lost by then. */
  private static final Duration NOTICED = Duration.ofSeconds(45);

  PlightSight(Cluster cluster, Hosts hosts, Judge judge, InstantSource clock) {
    this(
        cluster,
        hosts,
        judge,
        clock,
        new PowerCuts(clock),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>());
  }

  Plight of(Host host) {
    String name = host.getMetadata().getName();
    Optional<Link> link = hosts.find(name).map(Hypervisor::link);
    Optional<Fence> fence = fence(name);
    judged.put(name, fence.map(Fence::getSpec));
    boolean isSpent = isOrderSpent(host, link);
    Evidence evidence =
        new Evidence(
            link,
            silentSince(name).map(this::since).orElse(Duration.ZERO),
            guests(name, fence),
            silence(name),
            !isFresh(unsettled.get(name)),
            GiveUpOrder.isGiven(host) && !isSpent);
    Verdict verdict = judge.verdict(evidence);
    if (verdict instanceof Verdict.Isolated || verdict instanceof Verdict.TooMany) {
      unsettled.put(name, clock.instant());
    }
    return new Plight(
        verdict,
        isSilent(name),
        fence.filter(f -> !(f.isOver() && isLeaving(f))).map(PlightSight::found),
        hosts.find(name).map(PlightSight::leftovers).orElse(List.of()),
        isSpent,
        fence
            .filter(Fence::isShut)
            .flatMap(f -> Optional.ofNullable(f.getSpec().givenUpAt()))
            .map(givenUpAt -> powerCut(host, givenUpAt))
            .orElseGet(PowerCut.Unasked::new));
  }

  private PowerCut powerCut(Host host, String givenUpAt) {
    if (givenUpAt.equals(host.observed().switchedOffFor())) {
      return new PowerCut.Done(givenUpAt);
    }
    PowerCut cut = powerCuts.of(host, givenUpAt);
    boolean isMissing = cut instanceof PowerCut.Missing;
    return isMissing && !isUnheardSince(host.getMetadata().getName(), givenUpAt)
        ? new PowerCut.Unasked()
        : cut;
  }

  /**
   * Whether the host shows nothing that it did not when it was given up. One that refuses us now
   * and was silent then is on its way back.
   */
  boolean isUnheardSince(String host, String givenUpAt) {
    return lost(host)
        .filter(l ->
            switch (l.sign()) {
              case SILENT -> true;
              case UNTRIED -> false;
              case REFUSED, FAILED -> !l.since().isAfter(Instant.parse(givenUpAt));
            })
        .isPresent();
  }

  /**
   * An order is for one outage. It may come before that is noticed, so that only a host that goes
   * on answering has spent it.
   */
  private boolean isOrderSpent(Host host, Optional<Link> link) {
    String name = host.getMetadata().getName();
    boolean isGiven = GiveUpOrder.isGiven(host);
    boolean wasSpent = isGiven && GiveUpOrder.wasSpent(host);
    if (!isGiven || link.filter(Link.Connected.class::isInstance).isEmpty()) {
      defied.remove(name);
      return wasSpent;
    }
    Instant since = defied.computeIfAbsent(name, n -> clock.instant());
    return wasSpent || since(since).compareTo(NOTICED) >= 0;
  }

  private static Plight.Case found(Fence fence) {
    return new Plight.Case(fence.getSpec().stage(), fence.getSpec().released(), isLeaving(fence));
  }

  private static boolean isLeaving(Fence fence) {
    return fence.getMetadata().getDeletionTimestamp() != null;
  }

  /**
   * One silence is no silence: a guest that answered within the detection time lives. What they
   * said at an earlier failure is old.
   */
  private Optional<Fence.Guests> guests(String host, Optional<Fence> fence) {
    Optional<Fence.Guests> said =
        fence
            .filter(f -> !f.isOver() && f.isAnswered())
            .flatMap(f -> Optional.ofNullable(f.observed().guests()));
    if (said.filter(Fence.Guests.Answering::equals).isPresent()) {
      answered.put(host, clock.instant());
    }
    return said.map(guests -> isFresh(answered.get(host)) ? Fence.Guests.Answering : guests);
  }

  private boolean isFresh(@Nullable Instant moment) {
    return moment != null && since(moment).compareTo(judge.policy().detection()) < 0;
  }

  private Optional<Fence> fence(String host) {
    return cluster.get(Fence.class, "", host);
  }

  /** When the host was heard last; empty while it answers. */
  Optional<Instant> silentSince(String host) {
    return lost(host).map(Link.Lost::since);
  }

  private Duration since(Instant moment) {
    return Duration.between(moment, clock.instant());
  }

  private Optional<Link.Lost> lost(String host) {
    return hosts
        .find(host)
        .map(Hypervisor::link)
        .filter(Link.Lost.class::isInstance)
        .map(Link.Lost.class::cast);
  }

  private boolean isSilent(String host) {
    return lost(host).filter(l -> l.sign() == Link.Sign.SILENT).isPresent();
  }

  /** A host whose guests answer is not silent. */
  private boolean isDumb(String host) {
    return isSilent(host)
        && fence(host)
            .map(f -> f.observed().guests())
            .filter(Fence.Guests.Answering::equals)
            .isEmpty();
  }

  private Silence silence(String host) {
    Optional<Instant> own = silentSince(host);
    List<String> all =
        cluster.list(Host.class).stream().map(h -> h.getMetadata().getName()).toList();
    List<String> silent = all.stream().filter(this::isDumb).toList();
    long atOnce =
        own.map(mine ->
                silent.stream()
                    .flatMap(other -> silentSince(other).stream())
                    .filter(since -> Policy.isAtOnce(mine, since))
                    .count())
            .orElse(0L);
    return new Silence(all.size(), silent.size(), (int) atOnce);
  }

  private static List<Plight.Leftover> leftovers(Hypervisor host) {
    try {
      return host.inventory().guests().values().stream()
          .filter(Guest::isOurs)
          .map(g -> new Plight.Leftover(g.uuid(), g.epoch(), g.state().isActive()))
          .toList();
    } catch (Unavailable e) {
      return List.of();
    }
  }
}
