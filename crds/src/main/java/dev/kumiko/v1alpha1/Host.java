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

/** A libvirt host that runs guests; only libvirtd runs on it. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("hosts")
@ShortNames("khost")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.mode")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "Guests",
    jsonPath = ".status.guests",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "VCPU",
    jsonPath = ".status.allocated.vcpus",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Of",
    jsonPath = ".status.allocatable.vcpus",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Memory", jsonPath = ".status.allocated.memory")
@AdditionalPrinterColumn(name = "Of-Memory", jsonPath = ".status.allocatable.memory")
@AdditionalPrinterColumn(name = "Virt", jsonPath = ".status.virtualization")
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
    jsonPath = ".status.foreignGuests",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
public final class Host extends CustomResource<Host.Spec, Host.Status> implements Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** Its name on the fabric. */
  public String chassis() {
    return Absent.or(getSpec().chassis(), getMetadata().getName());
  }

  /** Whether guests may be placed on a host. */
  public enum Mode {
    /** Guests are placed here. */
    Active,
    /** Guests here stay; no new one is placed. */
    Cordoned,
    /** As Cordoned, and the host is to be emptied. */
    Maintenance
  }

  /** How guests run. */
  public enum Virtualization {
    /** By the processor. */
    KVM,
    /** By software emulation: slow, for tests. */
    TCG
  }

  /** Where libvirtd answers. */
  @ValidationRule(
      value = "!self.uri.startsWith('qemu+tls') || has(self.tlsSecret)",
      message =
          "tlsSecret is required for a qemu+tls URI: name a Secret with ca.crt, tls.crt and tls.key")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Connection(
      @Required
          @Pattern("^(qemu|test)(\\+(tls|tcp|unix))?://[^\\s]*$")
          @JsonPropertyDescription(
              "libvirt connection URI, for example qemu+tls://10.0.0.11/system.")
          String uri,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret in the operator's namespace with ca.crt, tls.crt and tls.key; required for qemu+tls.")
          @Nullable String tlsSecret) {}

  /** An amount of processor and memory. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Resources(
      @Min(0) @JsonPropertyDescription("Virtual processors.") @Nullable Integer vcpus,
      @Pattern("^(0|[1-9][0-9]*(Ki|Mi|Gi|Ti))$")
          @JsonPropertyDescription("Bytes with a binary unit, for example 256Gi.")
          @Nullable String memory) {}

  /** How much more is promised than there is, in percent of the capacity. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Overcommit(
      @Min(100)
          @Max(3200)
          @Default("400")
          @JsonPropertyDescription(
              "Virtual processors promised, in percent of the physical ones. Default 400.")
          Integer vcpuPercent,
      @Min(100)
          @Max(400)
          @Default("100")
          @JsonPropertyDescription("Memory promised, in percent of the physical. Default 100.")
          Integer memoryPercent) {
    public Overcommit {
      vcpuPercent = Absent.or(vcpuPercent, 400);
      memoryPercent = Absent.or(memoryPercent, 100);
    }
  }

  /** What makes sure that a host that was given up does no more harm. */
  public enum FencingMethod {
    /** Ceph refuses the host. Always done, listed or not: it is the proof. */
    Storage,
    /** Its power is switched off, too. */
    Redfish
  }

  /** The machine at its power controller (BMC), as Redfish (DMTF DSP0266) has it. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Redfish(
      @Required
          @Pattern("^https://[^\\s/?#@]+/?$")
          @JsonPropertyDescription(
              "Where the power controller answers, for example https://10.0.9.17. No redirect is"
                  + " followed.")
          String url,
      @Required
          @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
          @JsonPropertyDescription(
              "Id of the machine there, as /redfish/v1/Systems lists it, for example 437XR1138R2.")
          String system,
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret in the operator's namespace with username and password of an account there"
                  + " that may switch the power.")
          String secret,
      @Size(max = 65536)
          @Pattern("^-----BEGIN CERTIFICATE-----[\\s\\S]+-----END CERTIFICATE-----\\s*$")
          @JsonPropertyDescription(
              "Certificates in PEM: of the authority that signed the power controller's, or its"
                  + " own. Nothing else is trusted then. Default: the public authorities.")
          @Nullable String certificates) {}

  /** One way to fence. */
  @ValidationRule(
      value = "(self.method == 'Redfish') == has(self.redfish)",
      message =
          "redfish goes with the method Redfish and with no other: give it url, system and secret")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Fencing(
      @Required @JsonPropertyDescription("Storage or Redfish.") FencingMethod method,
      @JsonPropertyDescription("Which machine, and where; required for Redfish.")
          @Nullable Redfish redfish) {}

  /** What the user asks for. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required @JsonPropertyDescription("How to reach libvirtd.") Connection connection,
      @Default("Active")
          @JsonPropertyDescription("Active, Cordoned or Maintenance. Default Active.")
          Mode mode,
      @JsonPropertyDescription("Overrides what libvirt reports, for hosts that report wrongly.")
          @Nullable Resources capacity,
      @JsonPropertyDescription("Kept for the host itself; guests never get it.")
          @Nullable Resources reserved,
      @JsonPropertyDescription("Default: 400 percent of vCPUs, 100 percent of memory.")
          @Nullable Overcommit overcommit,
      @Size(max = 16)
          @JsonPropertyDescription("Addresses the host uses towards Ceph: what fencing blocks.")
          List<@Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$") String> storageAddresses,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Name of the host in the fabric (OVN chassis). Default: the Host's name.")
          @Nullable String chassis,
      @Size(min = 1, max = 4)
          @JsonPropertyDescription(
              "How the host is fenced when it is given up. Storage: Ceph refuses it; always done,"
                  + " since this is the proof that lets its guests start elsewhere. Redfish: its"
                  + " power is switched off as well, at once; several are tried in this order"
                  + " until one accepts. When none does, recovery goes on all the same, and they"
                  + " are tried again for ten minutes. Default: Storage alone.")
          List<Fencing> fencing) {
    public Spec {
      mode = Absent.or(mode, Mode.Active);
      storageAddresses = Absent.list(storageAddresses);
      fencing = Absent.list(fencing);
      if (fencing.isEmpty()) {
        fencing = List.of(new Fencing(FencingMethod.Storage, null));
      }
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
      @JsonPropertyDescription("What the machine has.") @Nullable Resources capacity,
      @JsonPropertyDescription("What guests may get: capacity less reserved, times overcommit.")
          @Nullable Resources allocatable,
      @JsonPropertyDescription("What placed guests were promised.") @Nullable Resources allocated,
      @JsonPropertyDescription("Domains of ours on the host.") @Nullable Integer guests,
      @JsonPropertyDescription("Domains on the host that are not ours; never touched.")
          @Nullable Integer foreignGuests,
      @JsonPropertyDescription("Processor model as libvirt names it.") @Nullable String cpuModel,
      @Size(max = 512)
          @JsonPropertyDescription(
              "Processor models that a VirtualMachine may ask for here: those that libvirt calls usable, sorted.")
          List<String> cpuModels,
      @JsonPropertyDescription("KVM where it works, found by trying; else TCG.")
          @Nullable Virtualization virtualization,
      @JsonPropertyDescription("Version of libvirtd.") @Nullable String libvirtVersion,
      @JsonPropertyDescription("Version of QEMU.") @Nullable String hypervisorVersion,
      @JsonPropertyDescription(
              "UUID of the machine, as its libvirtd says; recorded at the first connection.")
          @Nullable String machine,
      @JsonPropertyDescription(
              "The host answered since the annotation kumiko.dev/give-up was set: it counts no more until it is taken"
                  + " away and set again.")
          @Nullable Boolean giveUpSpent,
      @JsonPropertyDescription(
              "spec.givenUpAt of the Fence for which a power controller switched the machine off"
                  + " last; that is done once for each.")
          @Nullable String switchedOffFor)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
      cpuModels = Absent.list(cpuModels);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(
          null, List.of(), List.of(), List.of(), null, null, null, null, null, null, List.of(),
          null, null, null, null, null, null);
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
          capacity,
          allocatable,
          allocated,
          guests,
          foreignGuests,
          cpuModel,
          cpuModels,
          virtualization,
          libvirtVersion,
          hypervisorVersion,
          machine,
          giveUpSpent,
          switchedOffFor);
    }

    /** The same, with the machine that the Host stands for from now on; none at its end. */
    public Status on(@Nullable String newMachine) {
      return remembering(newMachine, giveUpSpent, switchedOffFor);
    }

    /** The same, with whether a person's order to give the host up counts no more. */
    public Status spent(boolean isGiveUpSpent) {
      return remembering(machine, isGiveUpSpent ? true : null, switchedOffFor);
    }

    /** The same, after the machine was switched off for the Fence that was written then. */
    public Status switchedOffFor(String givenUpAt) {
      return remembering(machine, giveUpSpent, givenUpAt);
    }

    private Status remembering(
        @Nullable String newMachine,
        @Nullable Boolean newGiveUpSpent,
        @Nullable String newSwitchedOffFor) {
      return new Status(
          observedGeneration,
          conditions,
          waitingFor,
          plan,
          capacity,
          allocatable,
          allocated,
          guests,
          foreignGuests,
          cpuModel,
          cpuModels,
          virtualization,
          libvirtVersion,
          hypervisorVersion,
          newMachine,
          newGiveUpSpent,
          newSwitchedOffFor);
    }
  }
}
