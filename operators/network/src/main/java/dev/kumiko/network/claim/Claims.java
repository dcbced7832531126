package dev.kumiko.network.claim;

import dev.kumiko.network.fabric.Fabrics;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Ownership;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Claims in the Kubernetes API: taking, releasing, and who has what. */
public final class Claims {
  /** Kinds that claim. */
  private static final Map<String, Class<? extends HasMetadata>> CLAIMANTS =
      Map.of("Network", Network.class, "Port", Port.class);

  private final Cluster cluster;
  private final Fabrics fabrics;

  public Claims(Cluster cluster, Fabrics fabrics) {
    this.cluster = cluster;
    this.fabrics = fabrics;
  }

  /**
   * Who has it, for one who asks. A claim whose owner is gone does not count, unless the owner left
   * rows on the fabric.
   */
  public Holding holding(ClaimName name, Ownership asking) {
    return cluster
        .get(Claim.class, "", name.name())
        .filter(claim -> isOf(claim, asking) || !isAbandoned(claim, cluster::get))
        .map(claim ->
            isOf(claim, asking) ? new Holding.Mine() : new Holding.Taken(holder(claim, asking)))
        .orElseGet(Holding.Free::new);
  }

  /** All claims whose names begin so. */
  public List<Claim> beginningWith(String prefix) {
    return stream(prefix).toList();
  }

  /** The values of all claims whose names begin so. */
  public Set<String> values(String prefix) {
    return stream(prefix)
        .map(claim -> claim.getSpec().value())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The value that an owner has of those whose names begin so. */
  public Optional<String> valueOf(Ownership owner, String prefix) {
    return valuesOf(owner, prefix).findFirst();
  }

  /** The values that an owner has of those whose names begin so. */
  public Stream<String> valuesOf(Ownership owner, String prefix) {
    return stream(prefix).filter(claim -> isOf(claim, owner)).map(claim -> claim.getSpec().value());
  }

  private Stream<Claim> stream(String prefix) {
    return cluster.list(Claim.class).stream()
        .filter(claim -> claim.getMetadata().getName().startsWith(prefix));
  }

  /**
   * Takes the first, unless another has it; then all others at the same time, if it is the owner's.
   */
  public void take(List<ClaimName> names, Ownership owner) {
    if (take(names.getFirst(), owner)) {
      takeAll(names.subList(1, names.size()), owner);
    }
  }

  private void takeAll(List<ClaimName> names, Ownership owner) {
    try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture.allOf(
              names.stream()
                  .map(name -> CompletableFuture.runAsync(() -> take(name, owner), calls))
                  .toArray(CompletableFuture[]::new))
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Takes it, unless another has it.
   *
   * @return whether it is the owner's now
   */
  boolean take(ClaimName name, Ownership owner) {
    if (cluster.create(claim(name, owner))) {
      return true;
    }
    Optional<Claim> found = cluster.fresh(Claim.class, "", name.name());
    if (found.map(claim -> isOf(claim, owner)).orElse(false)) {
      return true;
    }
    Optional<Claim> abandoned = found.filter(claim -> isAbandoned(claim, cluster::fresh));
    abandoned.ifPresent(cluster::delete);
    return abandoned.isPresent() && cluster.create(claim(name, owner));
  }

  /** Gives it back, when it is the owner's. */
  public void release(ClaimName name, Ownership owner) {
    cluster
        .get(Claim.class, "", name.name())
        .filter(claim -> isOf(claim, owner))
        .ifPresent(cluster::delete);
  }

  /** Those on a fabric whose owners are gone, rows and all. */
  public List<Claim> abandoned(String fabric) {
    return cluster.list(Claim.class).stream()
        .filter(claim -> ClaimName.fabricOf(claim).equals(fabric))
        .filter(claim -> isAbandoned(claim, cluster::get))
        .toList();
  }

  /** Gives a claim back whose owner is gone, if that is still so. */
  public void collect(String name) {
    cluster
        .fresh(Claim.class, "", name)
        .filter(claim -> isAbandoned(claim, cluster::fresh))
        .ifPresent(cluster::delete);
  }

  /** How an owner is looked up: from the cache or directly. */
  @FunctionalInterface
  private interface Reading {
    Optional<? extends HasMetadata> read(
        Class<? extends HasMetadata> type, String namespace, String name);
  }

  private boolean isAbandoned(Claim claim, Reading owners) {
    Claim.Spec spec = claim.getSpec();
    return claimant(spec)
        .map(type ->
            owners
                    .read(type, text(spec.namespace()), spec.name())
                    .filter(owner -> spec.uid().equals(owner.getMetadata().getUid()))
                    .isEmpty()
                && !hasRows(claim))
        .orElse(false);
  }

  /** Whether its owner is on the fabric. */
  public boolean hasRows(Claim claim) {
    return fabrics.get(ClaimName.fabricOf(claim)).owners().stream()
        .anyMatch(owner -> isOf(claim, owner));
  }

  private static Optional<Class<? extends HasMetadata>> claimant(Claim.Spec spec) {
    return Optional.ofNullable(CLAIMANTS.get(spec.kind()));
  }

  public static boolean isOf(Claim claim, Ownership owner) {
    return claim.getSpec().uid().equals(owner.uid());
  }

  /** Who has what, for people: a tenant is not told what another one has. */
  public static String holder(Claim claim, Ownership asking) {
    Claim.Spec spec = claim.getSpec();
    return isOfTenant(claim, asking)
        ? spec.kind() + " " + asking.namespace() + "/" + spec.name()
        : "another tenant's " + spec.kind();
  }

  /** Whether the one who asks may know whose it is. */
  public static boolean isOfTenant(Claim claim, Ownership asking) {
    return text(claim.getSpec().namespace()).equals(asking.namespace());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static Claim claim(ClaimName name, Ownership owner) {
    Claim claim = new Claim();
    claim.setMetadata(new ObjectMetaBuilder().withName(name.name()).build());
    claim.setSpec(
        new Claim.Spec(owner.kind(), owner.namespace(), owner.name(), owner.uid(), name.value()));
    return claim;
  }
}
