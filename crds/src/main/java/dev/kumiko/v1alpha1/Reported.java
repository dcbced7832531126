package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every status carries; the loop fills it in, the kind adds its own fields. */
public interface Reported<S extends Reported<S>> {
  /** metadata.generation that the status was computed for. */
  @Nullable Long observedGeneration();

  List<Condition> conditions();

  List<WaitingFor> waitingFor();

  /**
   * Actions that are pending, in order, in words; filled in while {@code kumiko.dev/reconcile} is
   * {@code Plan}.
   */
  List<String> plan();

  /** This status with the four fields above replaced. */
  S with(
      Long observedGeneration,
      List<Condition> conditions,
      List<WaitingFor> waitingFor,
      List<String> plan);

  /** The condition of that type. */
  default Optional<Condition> condition(String type) {
    return conditions().stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /** Whether the condition {@code Ready} is {@code True}. */
  @JsonIgnore
  default boolean isReady() {
    return condition(Condition.READY).map(Condition::isTrue).orElse(false);
  }
}
