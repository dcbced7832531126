package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * One aspect of an object's state, in the form of {@code metav1.Condition}, so that kstatus, Argo
 * CD and Flux read it.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param lastTransitionTime RFC 3339, in UTC, of the last change of {@code status}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required
        @JsonPropertyDescription(
            "Aspect of the object: Ready, Progressing, or one that the kind adds.")
        String type,
    @Required @JsonPropertyDescription("True, False or Unknown.") String status,
    @Required
        @JsonPropertyDescription(
            "CamelCase constant for programs; the runbook has a page for each.")
        String reason,
    @Required @JsonPropertyDescription("For people: what is waited for and what to do about it.")
        String message,
    @Required @JsonPropertyDescription("When the status last changed (RFC 3339, UTC).")
        String lastTransitionTime,
    @JsonPropertyDescription("metadata.generation that this condition was computed for.")
        @Nullable Long observedGeneration) {

  /** Usable now, for the spec as it stands. */
  public static final String READY = "Ready";

  /** {@code False}: nothing more happens until the spec or the world changes. */
  public static final String PROGRESSING = "Progressing";

  /** Whether the aspect holds. */
  @JsonIgnore
  public boolean isTrue() {
    return status.equals("True");
  }

  /** Whether it is known not to hold. */
  @JsonIgnore
  public boolean isFalse() {
    return status.equals("False");
  }
}
