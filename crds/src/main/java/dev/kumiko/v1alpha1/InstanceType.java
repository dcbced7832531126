package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A size of a VirtualMachine. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("instancetypes")
@ShortNames({"itype"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "VCPUs",
    jsonPath = ".spec.vcpus",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Memory", jsonPath = ".spec.memory")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class InstanceType extends CustomResource<InstanceType.Spec, Void> {
  /** What the user asks for. */
  @ValidationRule(
      value = "self.vcpus == oldSelf.vcpus",
      message = "vcpus is immutable: make another InstanceType, guests rely on its size")
  @ValidationRule(
      value = "self.memory == oldSelf.memory",
      message = "memory is immutable: make another InstanceType, guests rely on its size")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required @Min(1) @Max(512) @JsonPropertyDescription("Virtual processors.") Integer vcpus,
      @Required
          @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")
          @JsonPropertyDescription("Memory with a binary unit, for example 4Gi.")
          String memory) {}
}
