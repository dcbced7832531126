package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
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

/** A network fabric and the controller that programs it. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("fabrics")
@ShortNames("fab")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version")
@AdditionalPrinterColumn(name = "Chassis", jsonPath = ".status.chassis")
@AdditionalPrinterColumn(
    name = "VLANs-Used",
    jsonPath = ".status.vlansUsed",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "VLANs-Free",
    jsonPath = ".status.vlansFree",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
@AdditionalPrinterColumn(
    name = "Foreign",
    jsonPath = ".status.foreignSegments",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
public final class Fabric extends CustomResource<Fabric.Spec, Fabric.Status> implements Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** An OVN control plane (northbound and southbound databases). */
  @ValidationRule(
      value =
          "has(self.tlsSecret) || !(self.northbound.contains('ssl:') || self.southbound.contains('ssl:'))",
      message =
          "tlsSecret is required for ssl endpoints: name a Secret with ca.crt, tls.crt and tls.key")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Ovn(
      @Required
          @Pattern("^(ssl|tcp|unix):[^\\s]+$")
          @JsonPropertyDescription(
              "Endpoint of the northbound database, for example ssl:10.0.0.1:6641.")
          String northbound,
      @Required
          @Pattern("^(ssl|tcp|unix):[^\\s]+$")
          @JsonPropertyDescription("Endpoint of the southbound database.")
          String southbound,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret in the operator's namespace with ca.crt, tls.crt and tls.key; required for ssl endpoints.")
          @Nullable String tlsSecret,
      @Default("physnet1")
          @Pattern("^[A-Za-z0-9_-]{1,32}$")
          @JsonPropertyDescription(
              "Name in ovn-bridge-mappings of every chassis. Default physnet1.")
          String physicalNetwork) {
    public Ovn {
      physicalNetwork = Absent.or(physicalNetwork, "physnet1");
    }
  }

  /** VLAN ids from and to, both included. */
  @ValidationRule(value = "self.from <= self.to", message = "from must not be above to")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record VlanRange(
      @Required @Min(2) @Max(4094) @JsonPropertyDescription("First VLAN id.") Integer from,
      @Required @Min(2) @Max(4094) @JsonPropertyDescription("Last VLAN id.") Integer to) {}

  /** What the user asks for. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required @JsonPropertyDescription("The controller: OVN.") Ovn ovn,
      @Required @Size(min = 1, max = 32) @JsonPropertyDescription("VLAN ids that Networks may get.")
          List<VlanRange> vlanRanges) {
    public Spec {
      vlanRanges = Absent.list(vlanRanges);
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
      @JsonPropertyDescription("Version of the controller, for example 23.03.1.")
          @Nullable String version,
      @JsonPropertyDescription("Live chassis of all, for example 3/3.") @Nullable String chassis,
      @JsonPropertyDescription("VLAN ids claimed by Networks.") @Nullable Integer vlansUsed,
      @JsonPropertyDescription("VLAN ids left.") @Nullable Integer vlansFree,
      @JsonPropertyDescription("Networks on the fabric that are not ours; never touched.")
          @Nullable Integer foreignSegments)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(null, List.of(), List.of(), List.of(), null, null, null, null, null);
    }

    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      return new Status(
          generation,
          newConditions,
          newWaitingFor,
          newPlan,
          version,
          chassis,
          vlansUsed,
          vlansFree,
          foreignSegments);
    }
  }
}
