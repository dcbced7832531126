package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of resource is made true, in five steps.
 *
 * @param <R> the custom resource
 * @param <D> the ask, references resolved
 * @param <O> what the world has; "unknown" is a possible observation
 * @param <A> everything that can be done to it (a sealed interface of records)
 */
public interface Kind<R extends CustomResource<?, ?> & Reporting, D, O, A extends Action> {
  Class<R> type();

  /**
   * What the resource asks for. A resource with a deletion timestamp goes only by {@code Absent};
   * until then it MAY be {@code Blocked}, or kept {@code Present} for those who use it. MUST read
   * other resources from the {@link Cluster}'s cache only. MAY throw {@link Rejection}.
   */
  Desired<D> desire(R resource);

  /** What the world has right now. MUST NOT change anything. MAY throw {@link Unavailable}. */
  O observe(R resource, D asked);

  /** The actions that are missing, in order. MUST be pure. Never called with {@code Blocked}. */
  List<A> plan(Desired<D> desired, O observed);

  /**
   * What follows once the plan is done and others have answered what it asks of them, for people;
   * shown in Plan mode. MUST be pure.
   */
  default List<String> outlook(Desired<D> desired, O observed) {
    return List.of();
  }

  /** Does one action. MUST be idempotent. MAY throw {@link Unavailable} or {@link Rejection}. */
  void apply(Pass<R> pass, A action);

  /**
   * The status. {@code observed} is empty while the resource is {@code Blocked}. Not called when a
   * step threw: the loop then keeps the kind's own fields and says what failed.
   */
  Report report(R resource, Desired<D> desired, Optional<O> observed);

  /**
   * Whether a resource that is to be gone stays although no action is left, because something
   * outside has yet to end by itself: the report says what. MUST be pure.
   */
  default boolean holds(O observed) {
    return false;
  }

  /** Changes of other resources that concern resources of this kind. */
  default List<Watch<?>> watches() {
    return List.of();
  }

  /** Hands the kind a way to ask for a pass when the outside world changes. */
  default void listen(Wake wake) {}
}
