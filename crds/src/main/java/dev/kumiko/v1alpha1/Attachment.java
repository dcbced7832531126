package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts may open a Volume for writing, for which VirtualMachine, at which epoch; its name is
 * the Volume's name.
 */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("attachments")
@ShortNames({"katt"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "VM", jsonPath = ".spec.virtualMachine")
@AdditionalPrinterColumn(name = "Hosts", jsonPath = ".spec.hosts")
@AdditionalPrinterColumn(
    name = "Epoch",
    jsonPath = ".spec.epoch",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class Attachment extends CustomResource<Attachment.Spec, Attachment.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** What the user asks for. */
  @ValidationRule(
      value = "self.volume == oldSelf.volume",
      message = "volume is immutable: delete it and make another")
  @ValidationRule(
      value = "self.virtualMachine == oldSelf.virtualMachine",
      message = "virtualMachine is immutable: delete it and make another")
  @ValidationRule(value = "self.epoch >= oldSelf.epoch", message = "epoch only grows")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Volume of the same namespace and name.")
          String volume,
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("VirtualMachine that uses it.")
          String virtualMachine,
      @Required
          @Size(min = 1, max = 2)
          @JsonPropertyDescription("Hosts that may write: one, or two during a live migration.")
          List<@Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$") String> hosts,
      @Required
          @Min(1)
          @JsonPropertyDescription(
              "Start of the guest that this grant is for; only grows. At a new epoch nobody may have the volume open; a change of hosts at the same epoch is a live migration.")
          Long epoch) {
    public Spec {
      hosts = Absent.list(hosts);
    }
  }

  /** What was observed. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Status(
      @JsonPropertyDescription("metadata.generation that this status was computed for.")
          @Nullable Long observedGeneration,
      @JsonPropertyDescription("Ready, Progressing and what the kind adds.")
          List<Condition> conditions,
      @JsonPropertyDescription("What keeps the object from being Ready: the cause chain.")
          List<WaitingFor> waitingFor,
      @JsonPropertyDescription(
              "Pending actions, in order, while the annotation kumiko.dev/reconcile is Plan."
                  + " After 'then:' comes what follows when those are done.")
          List<String> plan,
      @JsonPropertyDescription("Hosts that may write now.") List<String> grantedHosts,
      @JsonPropertyDescription("Epoch that is granted.") @Nullable Long grantedEpoch,
      @JsonPropertyDescription(
              "Who has the image open and keeps it from being granted, or from going.")
          @Nullable String openOn)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
      grantedHosts = Absent.list(grantedHosts);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(null, List.of(), List.of(), List.of(), List.of(), null, null);
    }

    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      return new Status(
          generation, newConditions, newWaitingFor, newPlan, grantedHosts, grantedEpoch, openOn);
    }
  }
}
