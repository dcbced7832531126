package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host that is suspected, or given up: then nothing on it may write any more. Its name is the
 * Host's; compute asks, storage answers.
 */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("fences")
@ShortNames("kfence")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(name = "Stage", jsonPath = ".spec.stage")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Guests", jsonPath = ".status.guests")
@AdditionalPrinterColumn(name = "Silent-Since", jsonPath = ".spec.silentSince")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class Fence extends CustomResource<Fence.Spec, Fence.Status> implements Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** Whether nothing on the host may write any more. */
  @JsonIgnore
  public boolean isShut() {
    return getSpec().stage() == Stage.GivenUp && !getSpec().released();
  }

  /** Whether the host is back, so that only pools that refused it still have to let it in. */
  @JsonIgnore
  public boolean isOver() {
    return getSpec().stage() == Stage.GivenUp && getSpec().released();
  }

  /** Whether the status is about what is asked for now: one Fence sees several failures. */
  @JsonIgnore
  public boolean isAnswered() {
    return Objects.equals(getMetadata().getGeneration(), observed().observedGeneration());
  }

  /** Whether every pool was seen to refuse the host since it was given up last. */
  @JsonIgnore
  public boolean isRefused() {
    return isShut()
        && isAnswered()
        && !observed().pools().isEmpty()
        && observed().pools().stream().allMatch(PoolState::refuses);
  }

  /** How far the case against a host is. */
  public enum Stage {
    /** Its guests are asked through Ceph whether they live; nothing is taken from them. */
    Suspected,
    /** Every pool refuses it, so that its guests can be started elsewhere. */
    GivenUp
  }

  /** What the guests of a host say through Ceph. */
  public enum Guests {
    /** At least one was heard, so the host lives. */
    Answering,
    /** Not one was heard. */
    Silent,
    /** None has a disk open there. */
    None
  }

  /** What the user asks for. */
  @ValidationRule(
      value =
          "!has(oldSelf.addresses) || (has(self.addresses) && oldSelf.addresses.all(a, a in self.addresses))",
      message = "addresses only grow: what was refused is let in again as a whole")
  @ValidationRule(
      value =
          "oldSelf.stage == 'Suspected' || self.stage == 'GivenUp' || (oldSelf.released && self.released)",
      message =
          "a host that was given up stays so until it returned and its old guests are ended: the operator then takes the Fence away")
  @ValidationRule(
      value = "!oldSelf.released || self.released || self.stage == 'GivenUp'",
      message =
          "a host that was released and is suspected again is either released or given up: pools may still refuse it")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Default("Suspected")
          @JsonPropertyDescription(
              "Suspected or GivenUp. One way only, until the host was released: it may fail again before every pool let it in.")
          Stage stage,
      @Size(max = 64)
          @JsonPropertyDescription("Addresses that the host has towards Ceph: what is refused.")
          List<@Size(max = 15) @Pattern("^([0-9]{1,3}\\.){3}[0-9]{1,3}$") String> addresses,
      @Default("false")
          @JsonPropertyDescription(
              "Whether the host is back and its old guests are ended, so that it may be let in again; stays so while it is suspected anew. Default false.")
          Boolean released,
      @Size(max = 64) @JsonPropertyDescription("When the host was heard last (RFC 3339, UTC).")
          @Nullable String silentSince,
      @Size(max = 64) @JsonPropertyDescription("When the host was given up (RFC 3339, UTC).")
          @Nullable String givenUpAt,
      @Size(max = 1024) @JsonPropertyDescription("The evidence, for people.")
          @Nullable String reason) {
    public Spec {
      stage = Absent.or(stage, Stage.Suspected);
      addresses = Absent.list(addresses);
      released = Absent.or(released, false);
    }
  }

  /** Whether a pool refuses the host. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record PoolState(
      @Required @JsonPropertyDescription("StoragePool.") String pool,
      @Required
          @JsonPropertyDescription(
              "Whether every address was seen on its blocklist; once the host was released: whether one may still be there.")
          Boolean refuses) {}

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
              "What the host's guests say through Ceph while it is suspected: Answering, Silent or None.")
          @Nullable Guests guests,
      @JsonPropertyDescription("Whether each StoragePool refuses the host.") List<PoolState> pools)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
      pools = Absent.list(pools);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(null, List.of(), List.of(), List.of(), null, List.of());
    }

    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      return new Status(generation, newConditions, newWaitingFor, newPlan, guests, pools);
    }
  }
}
