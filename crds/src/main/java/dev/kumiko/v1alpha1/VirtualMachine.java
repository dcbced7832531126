package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One guest. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("virtualmachines")
@ShortNames({"vm", "kvm"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Host", jsonPath = ".status.placement.host")
@AdditionalPrinterColumn(name = "Address", jsonPath = ".status.addresses[0]")
@AdditionalPrinterColumn(
    name = "VCPUs",
    jsonPath = ".status.vcpus",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(name = "Memory", jsonPath = ".status.memory", priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
@ValidationRule(
    value = "self.metadata.name.size() <= 46",
    message =
        "metadata.name of a VirtualMachine must have at most 46 characters: its Volumes and Ports are named VM-DISK and VM-INTERFACE")
public final class VirtualMachine extends CustomResource<VirtualMachine.Spec, VirtualMachine.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** Whether the guest is to run. */
  public enum RunPolicy {
    /** It runs, and is started again when it ends. */
    Always,
    /** It does not run. */
    Stopped
  }

  /** A Volume that comes with the machine. */
  @ValidationRule(
      value = "has(self.size) || has(self.image)",
      message = "size is required for a blank disk")
  @ValidationRule(
      value =
          "!has(oldSelf.size) || (has(self.size) && quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0)",
      message = "size may only grow: shrinking would cut off data")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record VolumeTemplate(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("StoragePool that holds it.")
          String pool,
      @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")
          @JsonPropertyDescription("Size; may grow later. Default: the image's minimum disk.")
          @Nullable String size,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Image to clone. Default: blank.")
          @Nullable String image,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Namespace of a Shared image.")
          @Nullable String imageNamespace,
      @Default("Delete")
          @JsonPropertyDescription(
              "What becomes of the Volume with the machine: Delete or Retain. Default Delete.")
          Volume.DeletionPolicy deletionPolicy) {
    public VolumeTemplate {
      deletionPolicy = Absent.or(deletionPolicy, Volume.DeletionPolicy.Delete);
    }
  }

  /** A disk of the machine. */
  @ValidationRule(
      value = "has(self.volume) != has(self.template)",
      message = "a disk needs exactly one of volume and template")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Disk(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?$")
          @JsonPropertyDescription("Name of the disk in this machine.")
          String name,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Volume of the same namespace.")
          @Nullable String volume,
      @JsonPropertyDescription(
              "Makes a Volume named VM-DISK that lives as its deletionPolicy says.")
          @Nullable VolumeTemplate template) {
    /** Name of the Volume of this disk, given or made, in a machine of that name. */
    public String volumeOf(String machine) {
      return volume == null ? machine + "-" + name : volume;
    }
  }

  /** A network interface of the machine. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Interface(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Name of the interface in this machine; its Port is named VM-INTERFACE.")
          String name,
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Network of the same namespace.")
          String network,
      @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$")
          @JsonPropertyDescription("Fixed address. Default: a free one.")
          @Nullable String address,
      @Pattern("^[0-9a-f][26ae](:[0-9a-f]{2}){5}$")
          @JsonPropertyDescription("Fixed MAC. Default: a generated one.")
          @Nullable String mac) {}

  /** First-boot configuration, handed over as a NoCloud seed. */
  @ValidationRule(
      value = "!(has(self.userData) && has(self.secretName))",
      message = "cloudInit takes userData or secretName, not both")
  @ValidationRule(
      value =
          "!(has(self.userData) || has(self.secretName)) || !has(self.sshAuthorizedKeys) || size(self.sshAuthorizedKeys) == 0",
      message = "with userData or secretName, put the sshAuthorizedKeys there")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record CloudInit(
      @Size(max = 65536)
          @JsonPropertyDescription(
              "cloud-config or script, inline; put secrets into a Secret instead.")
          @Nullable String userData,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret of the same namespace with user-data and optionally network-config.")
          @Nullable String secretName,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Host name. Default: the machine's name.")
          @Nullable String hostname,
      @Size(max = 32)
          @JsonPropertyDescription(
              "Public keys for the default user; with userData or secretName, put them there.")
          List<@Pattern("^[^\\r\\n]+$") String> sshAuthorizedKeys) {
    public CloudInit {
      sshAuthorizedKeys = Absent.list(sshAuthorizedKeys);
    }
  }

  /** Other machines of the same namespace, and the failure domains that are looked at. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Neighbours(
      @Required
          @Size(min = 1, max = 16)
          @JsonPropertyDescription(
              "Labels of the other VirtualMachines, of the same namespace. The machine itself never counts, nor do those that are placed nowhere or are being deleted.")
          Map<String, String> machines,
      @Pattern(
              "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")
          @JsonPropertyDescription(
              "Label of the Hosts whose value makes a failure domain, for example topology.kubernetes.io/rack. Default: each Host is one.")
          @Nullable String topologyKey,
      @Default("true")
          @JsonPropertyDescription(
              "true: rather nowhere than otherwise, and never on a Host without the label topologyKey. false: a preference; such a Host comes last. Default true.")
          Boolean required) {
    public Neighbours {
      machines = Absent.map(machines);
      required = Absent.or(required, true);
    }
  }

  /** Where the guest may run. */
  @ValidationRule(
      value =
          "!has(self.affinity) || !has(self.antiAffinity) || !self.affinity.required || !self.antiAffinity.required || self.affinity.machines != self.antiAffinity.machines || has(self.affinity.topologyKey) != has(self.antiAffinity.topologyKey) || (has(self.affinity.topologyKey) && self.affinity.topologyKey != self.antiAffinity.topologyKey)",
      message =
          "affinity and antiAffinity cannot both require the same machines in the same failure domain: take one out, or give them different topologyKeys")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Placement(
      @Size(max = 16) @JsonPropertyDescription("Labels that the Host must carry.")
          Map<String, String> hostSelector,
      @JsonPropertyDescription(
              "In a failure domain that has such machines; anywhere as long as none is placed.")
          @Nullable Neighbours affinity,
      @JsonPropertyDescription(
              "In a failure domain that has no such machine. Required, it holds the other way round, too: as long as this machine is there, no such machine is placed in its failure domain, whatever that one asks for.")
          @Nullable Neighbours antiAffinity,
      @JsonPropertyDescription(
              "In the failure domain with the fewest such machines, so that domains differ by at most one. Domains count as long as a Host of theirs may take the machine, whatever room it has.")
          @Nullable Neighbours spread) {
    public Placement {
      hostSelector = Absent.map(hostSelector);
    }
  }

  /** What becomes of the guest when its host is given up. */
  public enum HostFailure {
    /** It is started on another host. */
    Restart,
    /** It waits until its host is back, and is started there. */
    Wait
  }

  /** What becomes of the guest when its host is given up, and when. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Recovery(
      @Default("Restart")
          @JsonPropertyDescription(
              "Restart: on another host, as soon as storage refuses the old one. Wait: on the same host, when that is back. Default Restart.")
          HostFailure onHostFailure,
      @Min(0)
          @Max(1000)
          @Default("500")
          @JsonPropertyDescription(
              "Of machines that a host took down together, those with more are started first. Default 500.")
          Integer priority) {
    public Recovery {
      onHostFailure = Absent.or(onHostFailure, HostFailure.Restart);
      priority = Absent.or(priority, 500);
    }
  }

  /** What a guest must do to count as Ready. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ReadinessProbe(
      @Required
          @Min(1)
          @Max(65535)
          @JsonPropertyDescription(
              "TCP port that must answer on the interface's address; asked every second by the host, without an agent in the guest.")
          Integer tcpPort,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,14}[a-z0-9])?$")
          @JsonProperty("interface")
          @JsonPropertyDescription("Interface whose address is asked. Default: the first.")
          @Nullable String interfaceName) {}

  /** What the user asks for. */
  @ValidationRule(
      value =
          "!has(self.readiness) || (has(self.interfaces) && self.interfaces.exists(i, !has(self.readiness.interface) || i.name == self.readiness.interface))",
      message = "readiness needs an interface, and readiness.interface must be one of interfaces")
  @ValidationRule(
      value = "has(self.instanceType) != (has(self.vcpus) && has(self.memory))",
      message = "give either instanceType or both vcpus and memory")
  @ValidationRule(
      value = "!has(self.instanceType) || !(has(self.vcpus) || has(self.memory))",
      message = "vcpus and memory come from the instanceType: leave them out")
  @ValidationRule(
      value =
          "!has(self.interfaces) || !has(oldSelf.interfaces) || self.interfaces.all(i, oldSelf.interfaces.all(o, o.name != i.name || (o.network == i.network && has(o.address) == has(i.address) && (!has(o.address) || o.address == i.address) && has(o.mac) == has(i.mac) && (!has(o.mac) || o.mac == i.mac))))",
      message =
          "network, address and mac of an interface never change: give the interface another name")
  @ValidationRule(
      value =
          "self.disks.all(d, oldSelf.disks.all(o, o.name != d.name || !has(o.template) || !has(d.template) || (o.template.pool == d.template.pool && has(o.template.image) == has(d.template.image) && (!has(o.template.image) || o.template.image == d.template.image) && has(o.template.imageNamespace) == has(d.template.imageNamespace) && (!has(o.template.imageNamespace) || o.template.imageNamespace == d.template.imageNamespace))))",
      message = "pool and image of a template never change: give the disk another name")
  @ValidationRule(
      value =
          "has(self.cloudInit) == has(oldSelf.cloudInit) && (!has(self.cloudInit) || self.cloudInit == oldSelf.cloudInit)",
      message = "cloudInit is read at the first boot only: make another machine")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Default("Always") @JsonPropertyDescription("Always or Stopped. Default Always.")
          RunPolicy runPolicy,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("InstanceType; or give vcpus and memory.")
          @Nullable String instanceType,
      @Min(1) @Max(512) @JsonPropertyDescription("Virtual processors, without an instanceType.")
          @Nullable Integer vcpus,
      @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")
          @JsonPropertyDescription("Memory with a binary unit, without an instanceType.")
          @Nullable String memory,
      @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
          @JsonPropertyDescription(
              "Processor model of the guest, as libvirt names it, for example Skylake-Server-v4; status.cpuModels of the Hosts lists them. The guest is started on and moved to Hosts only that can run it; choose one that all of them have. A change needs a restart. Default: the instanceType's; without one either, a model as close to the Host's as libvirt knows, which moves only to Hosts whose processors have all of its features (Nehalem where guests are emulated).")
          @Nullable String cpuModel,
      @Required @Size(min = 1, max = 16) @JsonPropertyDescription("Disks; the first one boots.")
          List<Disk> disks,
      @Size(max = 8) @JsonPropertyDescription("Network interfaces, in order.")
          List<Interface> interfaces,
      @JsonPropertyDescription("First-boot configuration.") @Nullable CloudInit cloudInit,
      @JsonPropertyDescription(
              "Where the guest may run. Read whenever it is placed; no guest is moved because of it. Preferences weigh in the order affinity, antiAffinity, spread.")
          @Nullable Placement placement,
      @JsonPropertyDescription(
              "When the guest counts as Ready. Default: as soon as it runs, its network is programmed and it has sent something on each interface; give a tcpPort to have the answer of its address proven, again and again.")
          @Nullable ReadinessProbe readiness,
      @JsonPropertyDescription(
              "What becomes of the guest when its host dies. Default: it is started on another host.")
          @Nullable Recovery recovery) {
    public Spec {
      runPolicy = Absent.or(runPolicy, RunPolicy.Always);
      disks = Absent.list(disks);
      interfaces = Absent.list(interfaces);
    }
  }

  /** Where the guest is, or is about to be started; written before anything is started there. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Placed(
      @Required @JsonPropertyDescription("Host.") String host,
      @Required @JsonPropertyDescription("Counts placements; a domain with an older one is stale.")
          Long epoch) {}

  /** When what happened, the last time that the machine lost its host; RFC 3339, UTC. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Recovered(
      @Required @JsonPropertyDescription("Host that it was lost with.") String from,
      @JsonPropertyDescription("When that host was heard last.") @Nullable String silentSince,
      @JsonPropertyDescription("When that host was given up.") @Nullable String givenUpAt,
      @JsonPropertyDescription("When storage had taken its disks back.")
          @Nullable String releasedAt,
      @JsonPropertyDescription("When another host was chosen.") @Nullable String placedAt,
      @JsonPropertyDescription("When storage was seen to have granted its disks to that host.")
          @Nullable String grantedAt,
      @JsonPropertyDescription("When the guest was seen running there.") @Nullable String startedAt,
      @JsonPropertyDescription("When it was Ready again.") @Nullable String readyAt) {
    /** Whether it is not Ready again yet. */
    @JsonIgnore
    public boolean isUnderWay() {
      return readyAt == null;
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
      @JsonPropertyDescription(
              "Pending, Starting, Running, Stopping, Stopped, Recovering or Unknown.")
          @Nullable String phase,
      @JsonPropertyDescription("Where the guest is, or is about to be started.")
          @Nullable Placed placement,
      @JsonPropertyDescription("Addresses, in the order of the interfaces.") List<String> addresses,
      @JsonPropertyDescription("Virtual processors it runs with.") @Nullable Integer vcpus,
      @JsonPropertyDescription("Memory it runs with.") @Nullable String memory,
      @JsonPropertyDescription("Processor model it runs with, when one was asked for.")
          @Nullable String cpuModel,
      @JsonPropertyDescription("Name of the libvirt domain.") @Nullable String domain,
      @JsonPropertyDescription("File on the host with the output of the serial console.")
          @Nullable String consoleLog,
      @JsonPropertyDescription(
              "Value of the annotation kumiko.dev/restartedAt that was carried out last.")
          @Nullable String restartedAt,
      @JsonPropertyDescription("Epoch of the newest placement; the next one is higher.")
          @Nullable Long lastEpoch,
      @JsonPropertyDescription("The newest recovery from a host that was given up, with its times.")
          @Nullable Recovered recovery)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
      addresses = Absent.list(addresses);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(
          null, List.of(), List.of(), List.of(), null, null, List.of(), null, null, null, null,
          null, null, null, null);
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
          phase,
          placement,
          addresses,
          vcpus,
          memory,
          cpuModel,
          domain,
          consoleLog,
          restartedAt,
          lastEpoch,
          recovery);
    }
  }
}
