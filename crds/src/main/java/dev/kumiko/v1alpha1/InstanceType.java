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
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class InstanceType extends CustomResource<InstanceType.Spec, InstanceType.Status>
    implements Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** What the user asks for. */
  @ValidationRule(
      value = "self.vcpus == oldSelf.vcpus",
      message = "vcpus is immutable: make another InstanceType, guests rely on its size")
  @ValidationRule(
      value = "self.memory == oldSelf.memory",
      message = "memory is immutable: make another InstanceType, guests rely on its size")
  @ValidationRule(
      value =
          "has(self.cpuModel) == has(oldSelf.cpuModel) && (!has(self.cpuModel) || self.cpuModel == oldSelf.cpuModel)",
      message = "cpuModel is immutable: make another InstanceType, guests rely on their processor")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required @Min(1) @Max(512) @JsonPropertyDescription("Virtual processors.") Integer vcpus,
      @Required
          @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")
          @JsonPropertyDescription("Memory with a binary unit, for example 4Gi.")
          String memory,
      @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
          @JsonPropertyDescription(
              "Processor model of guests, as libvirt names it, for example Skylake-Server-v4; status.cpuModels of the Hosts lists them. A guest goes only to Hosts that can run it. Default: see VirtualMachine.")
          @Nullable String cpuModel) {}

  /** What was observed. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Status(
      @JsonPropertyDescription("metadata.generation that this status was computed for.")
          @Nullable Long observedGeneration,
      @JsonPropertyDescription("Ready, Progressing and what the kind adds.")
          List<Condition> conditions,
      @JsonPropertyDescription(
              "What keeps the object from being Ready, or from going: how many VirtualMachines name"
                  + " it.")
          List<WaitingFor> waitingFor,
      @JsonPropertyDescription("Always empty: nothing is done for an InstanceType.")
          List<String> plan)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(null, List.of(), List.of(), List.of());
    }

    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      return new Status(generation, newConditions, newWaitingFor, newPlan);
    }
  }
}
