package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Max;
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

/** One connection to a Network: the hand-over between compute and network. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("ports")
@ShortNames("kport")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Network", jsonPath = ".spec.network")
@AdditionalPrinterColumn(name = "IP", jsonPath = ".status.ip")
@AdditionalPrinterColumn(name = "MAC", jsonPath = ".status.mac")
@AdditionalPrinterColumn(
    name = "VLAN",
    jsonPath = ".status.vlan",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Host", jsonPath = ".status.host")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class Port extends CustomResource<Port.Spec, Port.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** What is asked of the guest to learn whether it answers. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Probe(
      @Required
          @Min(1)
          @Max(65535)
          @JsonPropertyDescription(
              "TCP port of the guest. The host where it runs connects to it every second.")
          Integer tcpPort) {}

  /** What the user asks for. */
  @ValidationRule(
      value = "self.network == oldSelf.network",
      message = "network is immutable: make another Port")
  @ValidationRule(
      value =
          "has(self.address) == has(oldSelf.address) && (!has(self.address) || self.address == oldSelf.address)",
      message = "address is immutable: make another Port")
  @ValidationRule(
      value = "has(self.mac) == has(oldSelf.mac) && (!has(self.mac) || self.mac == oldSelf.mac)",
      message = "mac is immutable: make another Port")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Network of the same namespace.")
          String network,
      @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$")
          @JsonPropertyDescription("Fixed address. Default: a free one.")
          @Nullable String address,
      @Pattern("^[0-9a-f][26ae](:[0-9a-f]{2}){5}$")
          @JsonPropertyDescription(
              "Fixed MAC, locally administered, in lower case. Default: a generated one.")
          @Nullable String mac,
      @Size(max = 2)
          @JsonPropertyDescription(
              "Hosts that the port may appear on: one, or two during a live migration, of which the first is where traffic goes.")
          List<@Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$") String> hosts,
      @JsonPropertyDescription(
              "What is asked of the guest to learn whether it answers. Default: nothing.")
          @Nullable Probe probe) {
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
      @JsonPropertyDescription("Address with which the guest answers.") @Nullable String ip,
      @JsonPropertyDescription("Length of the subnet's prefix.") @Nullable Integer prefixLength,
      @JsonPropertyDescription("Address of the router.") @Nullable String gateway,
      @JsonPropertyDescription("MAC of the guest's interface.") @Nullable String mac,
      @JsonPropertyDescription("VLAN id.") @Nullable Integer vlan,
      @JsonPropertyDescription("Largest packet in bytes.") @Nullable Integer mtuBytes,
      @JsonPropertyDescription("Host on which the fabric sees the port up.") @Nullable String host,
      @JsonPropertyDescription(
              "Hosts of the spec that have the port's flows, as last seen for observedGeneration.")
          List<String> programmedOn,
      @JsonPropertyDescription(
              "Whether the guest answers what spec.probe asks; absent without a probe. Ready does not depend on it.")
          @Nullable Boolean answers)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
      programmedOn = Absent.list(programmedOn);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(
          null, List.of(), List.of(), List.of(), null, null, null, null, null, null, null,
          List.of(), null);
    }

    /** What the fabric was seen to have for one generation proves nothing for another. */
    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      boolean isSame = generation.equals(observedGeneration);
      return new Status(
          generation,
          newConditions,
          newWaitingFor,
          newPlan,
          ip,
          prefixLength,
          gateway,
          mac,
          vlan,
          mtuBytes,
          isSame ? host : null,
          isSame ? programmedOn : List.of(),
          isSame ? answers : null);
    }
  }
}
