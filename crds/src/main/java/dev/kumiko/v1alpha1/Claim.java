package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * One value that is taken (a VLAN, an address, a MAC): its name is the value, so the API server
 * itself keeps it unique.
 */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("claims")
@ShortNames("claim")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(name = "Kind", jsonPath = ".spec.kind")
@AdditionalPrinterColumn(name = "Namespace", jsonPath = ".spec.namespace")
@AdditionalPrinterColumn(name = "Name-Of-Owner", jsonPath = ".spec.name")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class Claim extends CustomResource<Claim.Spec, Void> {
  /** What the user asks for. */
  @ValidationRule(
      value = "self == oldSelf",
      message = "a claim is immutable: it goes with its owner")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required @Size(max = 63) @JsonPropertyDescription("Kind of the owner.") String kind,
      @Size(max = 63) @JsonPropertyDescription("Namespace of the owner.")
          @Nullable String namespace,
      @Required @Size(max = 253) @JsonPropertyDescription("Name of the owner.") String name,
      @Required
          @Size(max = 64)
          @JsonPropertyDescription("UID of the owner; a claim whose owner is gone is released.")
          String uid,
      @Required @Size(max = 253) @JsonPropertyDescription("The value that is taken.")
          String value) {}
}
