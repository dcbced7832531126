package dev.kumiko.reconcile;

import dev.kumiko.v1alpha1.Reporting;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/**
 * A fresh world in which one resource of a kind is to converge: the cluster with all that the
 * resource refers to, and the in-memory twins of the kind's ports.
 */
public interface Scenario<R extends CustomResource<?, ?> & Reporting> {
  InMemoryCluster cluster();

  /** The kind over the twins; a new instance at each call, as after a restart of the operator. */
  Kind<R, ?, ?, ?> kind();

  /** The resource as its user writes it; the harness creates it. */
  R resource();

  /** Whether the kind has anything to do outside; one that only judges has not. */
  default boolean acts() {
    return true;
  }

  /** Whether an action is known only when it is due, so that no plan shows it before. */
  default boolean isUnforeseen(String action) {
    return false;
  }

  /** What other controllers do between two passes, for example answer a Port. Idempotent. */
  default void neighbours() {}

  /**
   * Names of the endpoints that can fail: {@link Action#target()} of the kind's actions, {@code
   * api} apart.
   */
  List<String> endpoints();

  /** Makes the endpoint throw {@link Unavailable} from now on. */
  void fail(String endpoint);

  /** Ends {@link #fail}. */
  void heal(String endpoint);

  /** What the outside world holds, comparable by equals. Without times and counters. */
  Object world();

  /** What the outside world holds when nothing of the resource is left. */
  Object emptyWorld();
}
