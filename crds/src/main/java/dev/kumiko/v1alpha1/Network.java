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
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One VLAN segment in the tenant's VRF. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("networks")
@ShortNames({"knet"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "VLAN",
    jsonPath = ".status.vlan",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "CIDR", jsonPath = ".spec.subnets[0].cidr")
@AdditionalPrinterColumn(
    name = "Used",
    jsonPath = ".status.addressesUsed",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Free",
    jsonPath = ".status.addressesFree",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Programmed", jsonPath = ".status.programmed")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class Network extends CustomResource<Network.Spec, Network.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** Who hands out addresses. */
  public enum Dhcp {
    /** The fabric answers DHCP with the address of the Port. */
    Enabled,
    /** Nobody: guests are configured by cloud-init or by hand. */
    Disabled
  }

  /** Addresses from and to, both included. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Range(
      @Required
          @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$")
          @JsonPropertyDescription("First address.")
          String from,
      @Required @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$") @JsonPropertyDescription("Last address.")
          String to) {}

  /** A route that guests get by DHCP. */
  @ValidationRule(
      value =
          "isCIDR(self.destination) && cidr(self.destination).masked() == cidr(self.destination)",
      message = "destination must be a prefix with no host bits set, for example 10.20.0.0/16")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Route(
      @Required
          @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$")
          @JsonPropertyDescription("Prefix, for example 10.20.0.0/16.")
          String destination,
      @Required
          @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$")
          @JsonPropertyDescription("Next hop, an address of the subnet.")
          String via) {}

  /** An IPv4 prefix of the segment. */
  @ValidationRule(
      value = "isCIDR(self.cidr) && cidr(self.cidr).masked() == cidr(self.cidr)",
      message = "cidr must be a prefix with no host bits set, for example 10.1.1.0/24")
  @ValidationRule(
      value =
          "!isCIDR(self.cidr) || (cidr(self.cidr).prefixLength() >= 8 && cidr(self.cidr).prefixLength() <= 29)",
      message = "cidr must have a length from /8 to /29")
  @ValidationRule(
      value =
          "!has(self.gateway) || !isCIDR(self.cidr) || (isIP(self.gateway) && cidr(self.cidr).containsIP(self.gateway))",
      message = "gateway must be an address inside cidr")
  @ValidationRule(
      value =
          "!has(self.ranges) || !isCIDR(self.cidr) || self.ranges.all(r, isIP(r.from) && isIP(r.to) && cidr(self.cidr).containsIP(r.from) && cidr(self.cidr).containsIP(r.to))",
      message = "ranges must lie inside cidr")
  @ValidationRule(
      value =
          "!has(self.reserved) || !isCIDR(self.cidr) || self.reserved.all(a, isIP(a) && cidr(self.cidr).containsIP(a))",
      message = "reserved must be addresses inside cidr")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Subnet(
      @Required
          @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$")
          @JsonPropertyDescription(
              "Prefix, for example 10.1.1.0/24; must not overlap any other on the fabric.")
          String cidr,
      @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$")
          @JsonPropertyDescription(
              "Address of the router. Default: the first address of the prefix.")
          @Nullable String gateway,
      @Size(max = 32)
          @JsonPropertyDescription("Where addresses are taken from. Default: the whole prefix.")
          List<Range> ranges,
      @Size(max = 256) @JsonPropertyDescription("Addresses that are never handed out.")
          List<@Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$") String> reserved,
      @Size(max = 8) @JsonPropertyDescription("Name servers that guests get by DHCP.")
          List<@Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$") String> dns,
      @Size(max = 32) @JsonPropertyDescription("Further routes that guests get by DHCP.")
          List<Route> routes) {
    public Subnet {
      ranges = Absent.list(ranges);
      reserved = Absent.list(reserved);
      dns = Absent.list(dns);
      routes = Absent.list(routes);
    }
  }

  /** What the user asks for. */
  @ValidationRule(
      value =
          "has(self.vlan) == has(oldSelf.vlan) && (!has(self.vlan) || self.vlan == oldSelf.vlan)",
      message = "vlan is immutable: make another Network and move the guests")
  @ValidationRule(
      value = "self.subnets[0].cidr == oldSelf.subnets[0].cidr",
      message = "subnets[0].cidr is immutable: make another Network and move the guests")
  @ValidationRule(
      value =
          "has(self.subnets[0].gateway) == has(oldSelf.subnets[0].gateway) && (!has(self.subnets[0].gateway) || self.subnets[0].gateway == oldSelf.subnets[0].gateway)",
      message = "subnets[0].gateway is immutable: make another Network and move the guests")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Size(min = 1, max = 1)
          @JsonPropertyDescription(
              "Prefixes of the segment; one for now. The last usable address that nobody has is kept for readiness probes: they come from it.")
          List<Subnet> subnets,
      @Min(2)
          @Max(4094)
          @JsonPropertyDescription("VLAN id. Default: a free one from the fabric's ranges.")
          @Nullable Integer vlan,
      @Min(576)
          @Max(9000)
          @Default("1500")
          @JsonPropertyDescription("Largest packet in bytes. Default 1500.")
          Integer mtuBytes,
      @Default("Enabled") @JsonPropertyDescription("Enabled or Disabled. Default Enabled.")
          Dhcp dhcp) {
    public Spec {
      subnets = Absent.list(subnets);
      mtuBytes = Absent.or(mtuBytes, 1500);
      dhcp = Absent.or(dhcp, Dhcp.Enabled);
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
      @JsonPropertyDescription("VLAN id on the fabric.") @Nullable Integer vlan,
      @JsonPropertyDescription("Address of the router.") @Nullable String gateway,
      @JsonPropertyDescription("Address that readiness probes come from.") @Nullable String prober,
      @JsonPropertyDescription("Addresses taken by Ports.") @Nullable Integer addressesUsed,
      @JsonPropertyDescription("Addresses left.") @Nullable Integer addressesFree,
      @JsonPropertyDescription(
              "Live Hosts that carry the segment, of all live Hosts, for example 3/3. A Host is live"
                  + " while its chassis follows the fabric.")
          @Nullable String programmed)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(null, List.of(), List.of(), List.of(), null, null, null, null, null, null);
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
          vlan,
          gateway,
          prober,
          addressesUsed,
          addressesFree,
          programmed);
    }
  }
}
