package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * One link of the cause chain: the object, or the outside endpoint, that keeps this one from being
 * Ready.
 *
 * @param since RFC 3339, in UTC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaitingFor(
    @Required @JsonPropertyDescription("Kind of the object waited for, or Endpoint.") String kind,
    @Required
        @JsonPropertyDescription("Its name; of an object in another namespace, namespace/name.")
        String name,
    @Required @JsonPropertyDescription("CamelCase constant.") String reason,
    @Required @JsonPropertyDescription("What is missing and what to do about it.") String message,
    @Required @JsonPropertyDescription("When the wait began (RFC 3339, UTC).") String since) {}
