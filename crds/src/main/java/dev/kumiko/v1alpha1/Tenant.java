package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An isolated customer: a namespace of the same name, a VRF on the fabric, a quota and roles. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("tenants")
@ShortNames("ten")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Namespace", jsonPath = ".status.namespace")
@AdditionalPrinterColumn(name = "Fabric", jsonPath = ".spec.fabric")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
@ValidationRule(
    value =
        "!(self.metadata.name in ['default', 'kumiko-system']) && !self.metadata.name.startsWith('kube-')",
    message =
        "metadata.name becomes a namespace: default, kumiko-system and kube-* belong to the cluster, choose another name")
public final class Tenant extends CustomResource<Tenant.Spec, Tenant.Status> implements Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** What a member may do in the tenant's namespace. */
  public enum Role {
    /** Everything, and may give roles to others. */
    Admin,
    /** Write all resources of the tenant. */
    Editor,
    /** Read all resources of the tenant. */
    Viewer
  }

  /** What a member is. */
  public enum SubjectKind {
    /** A user of the cluster. */
    User,
    /** A group of users. */
    Group,
    /** A service account, as namespace:name. */
    ServiceAccount
  }

  /** How much the tenant may have; what is left out is not limited. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Quota(
      @Min(0) @JsonPropertyDescription("VirtualMachines at most.")
          @Nullable Integer virtualMachines,
      @Min(0) @JsonPropertyDescription("Volumes at most.") @Nullable Integer volumes,
      @Min(0) @JsonPropertyDescription("Networks at most.") @Nullable Integer networks,
      @Min(0) @JsonPropertyDescription("Images at most.") @Nullable Integer images,
      @Min(0) @JsonPropertyDescription("Ports at most.") @Nullable Integer ports) {}

  /** Somebody with a role in the tenant. */
  @ValidationRule(
      value = "self.kind != 'ServiceAccount' || self.name.matches('^[a-z0-9-]+:[a-z0-9.-]+$')",
      message = "name of a ServiceAccount must be namespace:name")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Member(
      @Required @JsonPropertyDescription("User, Group or ServiceAccount.") SubjectKind kind,
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription(
              "Name of the user or group; of a service account, namespace:name.")
          String name,
      @Required @JsonPropertyDescription("Admin, Editor or Viewer.") Role role) {}

  /** What the user asks for. */
  @ValidationRule(
      value = "self.fabric == oldSelf.fabric",
      message = "fabric is immutable: make another Tenant on that fabric and move the guests")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Fabric that carries the tenant's networks.")
          String fabric,
      @JsonPropertyDescription("How much the tenant may have.") @Nullable Quota quota,
      @Size(max = 256) @JsonPropertyDescription("Who may do what.") List<Member> members) {
    public Spec {
      members = Absent.list(members);
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
      @JsonPropertyDescription("Namespace of the tenant.") @Nullable String namespace,
      @JsonPropertyDescription("Id of the VRF on the fabric.") @Nullable String vrf)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(null, List.of(), List.of(), List.of(), null, null);
    }

    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      return new Status(generation, newConditions, newWaitingFor, newPlan, namespace, vrf);
    }
  }
}
