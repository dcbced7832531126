package dev.kumiko.app.simulator;

import dev.kumiko.compute.verdict.Policy;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Kumiko;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What must hold after every step, whatever befell. */
final class Invariants {
  /** Guests are asked once a second: an answer counts until the next question. */
  private static final Duration ASKED_EVERY = Duration.ofSeconds(1);

  private static final List<Fence.PoolState> NOTHING_SAID = List.of();

  private final Site site;
  private final Policy policy;
  private final Map<String, Long> written = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> shut = new HashSet<>();
  private final Set<String> decided = new HashSet<>();
  private final Map<String, Instant> answering = new HashMap<>();

  Invariants(Site site, Policy policy) {
    this.site = site;
    this.policy = policy;
  }

  void check() {
    oneWriter();
    if (site.sabotage() != Sabotage.FENCE_SKIPPED_UNSEEN) {
      goneMeansNobody();
      refusedWhileShut();
    }
    letInOnlyWhenEmpty();
    givenUpByEvidence();
  }

  private void oneWriter() {
    Map<String, Client> now = new HashMap<>();
    for (Client client : site.clients().writers()) {
      Client other = now.put(client.image, client);
      must(
          other == null,
          () ->
              "one writer per disk: %s and %s write at once"
                  .formatted(client.label(), other == null ? "" : other.label()));
      long epoch = client.marker.epoch();
      long before = written.merge(client.image, epoch, Math::max);
      must(
          before <= epoch,
          () -> "one writer per disk: %s writes after epoch %d".formatted(client.label(), before));
    }
  }

  /** Called for each guest that is let run. */
  void resumed(Metal metal, UUID guest, long epoch) {
    String what = "a guest runs only where it is placed and granted: " + guest + " on %s";
    VirtualMachine machine =
        site.machine(guest)
            .orElseThrow(() -> new Broken(what.formatted(metal.name) + " belongs to no machine"));
    must(
        new VirtualMachine.Placed(metal.name, epoch).equals(machine.observed().placement()),
        () -> (what + " at epoch %d is not placed there").formatted(metal.name, epoch));
    must(
        !site.moves().isOld(metal, guest),
        () -> "a guest goes on from where it was last: %s on %s".formatted(guest, metal.name));
    site.moves().goesOn(metal, guest);
    boolean isGranted =
        site.cluster()
            .get(
                Attachment.class,
                machine.getMetadata().getNamespace(),
                machine.getMetadata().getName() + "-root")
            .map(Attachment::observed)
            .filter(s -> s.grantedHosts().contains(metal.name))
            .filter(s -> s.grantedEpoch() != null && s.grantedEpoch() == epoch)
            .isPresent();
    must(isGranted, () -> (what + " at epoch %d has no grant").formatted(metal.name, epoch));
  }

  private void goneMeansNobody() {
    Set<String> attached =
        site.cluster().list(Attachment.class).stream()
            .map(a -> a.getMetadata().getNamespace() + "/" + a.getSpec().volume())
            .collect(Collectors.toSet());
    for (Client client : site.clients().all()) {
      boolean mayWrite = client.isRunning() && !client.isRefused();
      must(
          !mayWrite
              || attached.contains(
                  client.marker.namespace() + "/" + client.marker.name() + "-root"),
          () ->
              "an Attachment that is gone means that nobody can write: %s can"
                  .formatted(client.label()));
    }
  }

  private void refusedWhileShut() {
    for (Fence fence : site.cluster().list(Fence.class)) {
      boolean isSaid = fence.isShut() && fence.isAnswered();
      for (Fence.PoolState state : isSaid ? fence.observed().pools() : NOTHING_SAID) {
        must(
            !state.refuses()
                || fence.getSpec().addresses().stream()
                    .allMatch(site.pool(state.pool())::refusesHost),
            () ->
                "a host that was given up stays refused: the pool %s lets %s in"
                    .formatted(state.pool(), fence.getMetadata().getName()));
      }
    }
  }

  private void letInOnlyWhenEmpty() {
    site.pools()
        .forEach(
            (name, pool) -> site.metals().forEach(metal -> letInOnlyWhenEmpty(name, pool, metal)));
  }

  private void letInOnlyWhenEmpty(String name, InMemoryCephPool pool, Metal metal) {
    if (pool.refusesHost(metal.address)) {
      refused.add(name + " " + metal.name);
    } else if (refused.remove(name + " " + metal.name)) {
      Optional<Client> old =
          site.clients().all().stream()
              .filter(c -> c.metal.equals(metal) && c.pool.equals(pool) && c.isRunning())
              .findFirst();
      must(
          old.isEmpty(),
          () ->
              "a host is let in when its old guests are ended: %s is there"
                  .formatted(old.map(Client::label).orElse("")));
    }
  }

  private void givenUpByEvidence() {
    Set<String> now = new HashSet<>();
    decided.removeIf(host -> site.metal(host).isHeard());
    for (Fence fence : site.cluster().list(Fence.class)) {
      String host = fence.getMetadata().getName();
      if (fence.observed().guests() == Fence.Guests.Answering && !fence.isShut()) {
        answering.put(host, site.now());
      }
      if (fence.isShut()) {
        now.add(host);
        if (shut.add(host)) {
          judged(fence, host);
        }
      }
    }
    shut.retainAll(now);
  }

  private void judged(Fence fence, String host) {
    if (isOrdered(host) || policy.patience().isPositive()) {
      return;
    }
    decided.add(host);
    Instant told = answering.getOrDefault(host, Instant.MIN);
    Instant last = site.clients().answered(host).filter(told::isAfter).orElse(told);
    must(
        !last.isAfter(site.now().minus(policy.detection()).plus(ASKED_EVERY)),
        () ->
            "nobody is given up while a guest of it answers: %s, whose guests answered at %s"
                .formatted(host, site.label(last)));
    int hosts = site.cluster().list(Host.class).size();
    long atOnce =
        site.cluster().list(Fence.class).stream()
            .filter(f -> decided.contains(f.getMetadata().getName()))
            .filter(f -> isAtOnce(fence, f))
            .count();
    must(
        atOnce <= Math.max(1, hosts * policy.limitPercent() / 100),
        () ->
            "no more hosts are given up at once than the policy allows: %s is number %d of %d"
                .formatted(host, atOnce, hosts));
  }

  private static boolean isAtOnce(Fence one, Fence other) {
    String a = one.getSpec().silentSince();
    String b = other.getSpec().silentSince();
    return a != null && b != null && Policy.isAtOnce(Instant.parse(a), Instant.parse(b));
  }

  private boolean isOrdered(String host) {
    return site.cluster()
        .get(Host.class, "", host)
        .flatMap(h -> Optional.ofNullable(h.getMetadata().getAnnotations()))
        .filter(a -> a.containsKey(Kumiko.GIVE_UP))
        .isPresent();
  }

  /** Holds at the end, when everything is healed. */
  Optional<String> unsettled() {
    List<VirtualMachine> machines = site.cluster().list(VirtualMachine.class);
    Optional<String> unready =
        machines.stream()
            .filter(m -> !m.observed().isReady())
            .map(m -> m.getMetadata().getName() + " is not Ready")
            .findFirst();
    Optional<String> fenced =
        site.cluster().list(Fence.class).stream()
            .map(f -> "the Fence of " + f.getMetadata().getName() + " is left")
            .findFirst();
    Optional<String> moving =
        site.cluster().list(Migration.class).stream()
            .filter(m -> m.observed().phase() != null && m.observed().phase().isUnderWay())
            .map(m -> m.getMetadata().getName() + " is under way")
            .findFirst();
    return unready
        .or(() -> fenced)
        .or(this::refusing)
        .or(() -> moving)
        .or(() -> untold(machines))
        .or(() -> misplaced(machines));
  }

  /** A recovery that is over has all its times, whoever of the operators died meanwhile. */
  private static Optional<String> untold(List<VirtualMachine> machines) {
    return machines.stream()
        .flatMap(m -> Optional.ofNullable(m.observed().recovery()).stream())
        .filter(story -> !story.isUnderWay() && story.toString().contains("null"))
        .map(story -> "the story is not complete: " + story)
        .findFirst();
  }

  private Optional<String> refusing() {
    return site.pools().entrySet().stream()
        .flatMap(pool ->
            site.metals().stream()
                .filter(metal -> pool.getValue().refusesHost(metal.address))
                .map(metal -> "the pool " + pool.getKey() + " refuses " + metal.name))
        .findFirst();
  }

  private Optional<String> misplaced(List<VirtualMachine> machines) {
    Set<String> wanted = new HashSet<>();
    for (VirtualMachine machine : machines) {
      Optional.ofNullable(machine.observed().placement())
          .ifPresent(p -> wanted.add(p.host() + " RUNNING " + machine.getMetadata().getUid()));
    }
    Set<String> found =
        site.metals().stream()
            .flatMap(m ->
                m.domains.guests().stream().map(g -> m.name + " " + g.state() + " " + g.uuid()))
            .collect(Collectors.toSet());
    return found.equals(wanted)
        ? Optional.empty()
        : Optional.of("domains are " + found + " instead of " + wanted);
  }

  static void must(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new Broken(otherwise.get());
    }
  }
}
