package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
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
 * One live migration: moves the running guest of a VirtualMachine to another host. Deleting it
 * gives the move up; a finished one tells how it went.
 */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("migrations")
@ShortNames("kmig")
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(name = "VM", jsonPath = ".spec.virtualMachine")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "From", jsonPath = ".status.source")
@AdditionalPrinterColumn(name = "To", jsonPath = ".status.target")
@AdditionalPrinterColumn(
    name = "Progress",
    jsonPath = ".status.progressPercent",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Downtime-MS",
    jsonPath = ".status.downtimeMilliseconds",
    type = AdditionalPrinterColumn.Type.INTEGER)
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
public final class Migration extends CustomResource<Migration.Spec, Migration.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** How far the move is. */
  public enum Phase {
    /** It waits: for its guest to run, for a host, for its turn. */
    Pending,
    /** Both hosts are given the guest's disks, interfaces and keys. */
    Preparing,
    /** The guest is being moved. */
    Running,
    /** The guest runs on the target. */
    Succeeded,
    /** The guest was not moved. */
    Failed,
    /** The move was given up because the guest is not to run any more. */
    Cancelled;

    /** Whether the guest may be on two hosts. */
    public boolean isUnderWay() {
      return this == Preparing || this == Running;
    }

    /** Whether nothing more happens. */
    public boolean isOver() {
      return this == Succeeded || this == Failed || this == Cancelled;
    }
  }

  /** What the user asks for. */
  @ValidationRule(
      value = "self == oldSelf",
      message =
          "a Migration is one move and does not change: delete it, which gives the move up, and create another")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("VirtualMachine of the same namespace; its guest has to run.")
          String virtualMachine,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Host where the guest goes. Default: the best one, as when it is placed.")
          @Nullable String targetHost,
      @Min(1)
          @Max(1048576)
          @JsonPropertyDescription("What the move may take of the network, in MiB/s. Default: all.")
          @Nullable Integer bandwidthMebibytesPerSecond,
      @Min(10)
          @Max(604800)
          @Default("600")
          @JsonPropertyDescription(
              "Seconds after which the move is given up, once it has begun to prepare the hosts; the guest then stays. Default 600.")
          Integer deadlineSeconds,
      @Default("true")
          @JsonPropertyDescription(
              "Whether a guest that writes its memory faster than it can be copied is slowed down. Default true.")
          Boolean autoConverge,
      @Default("false")
          @JsonPropertyDescription(
              "Whether the guest goes on at the target before all of its memory is there, from the second round of copying on. It then cannot be given up, and is lost when either host fails meanwhile; nor does it wait at the target until its source is seen to be gone, as others do. Default false.")
          Boolean postCopy) {
    public Spec {
      deadlineSeconds = Absent.or(deadlineSeconds, 600);
      autoConverge = Absent.or(autoConverge, true);
      postCopy = Absent.or(postCopy, false);
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
      @JsonPropertyDescription("Pending, Preparing, Running, Succeeded, Failed or Cancelled.")
          @Nullable Phase phase,
      @JsonPropertyDescription("Host that the guest leaves.") @Nullable String source,
      @JsonPropertyDescription("Host that the guest goes to.") @Nullable String target,
      @JsonPropertyDescription(
              "Epoch of the guest that is moved; it stays the same, because the guest does.")
          @Nullable Long epoch,
      @JsonPropertyDescription("How much of the guest is at the target; told in steps of 5.")
          @Nullable Integer progressPercent,
      @JsonPropertyDescription(
              "Bytes sent, of which some were sent again; told in steps of 5 percent of the total.")
          @Nullable Long bytesProcessed,
      @JsonPropertyDescription("Bytes still to be sent in this round of copying.")
          @Nullable Long bytesRemaining,
      @JsonPropertyDescription("Bytes of memory that the guest has.") @Nullable Long bytesTotal,
      @JsonPropertyDescription("For how long the guest stood still, in milliseconds.")
          @Nullable Long downtimeMilliseconds,
      @JsonPropertyDescription("When its hosts were chosen (RFC 3339, UTC).")
          @Nullable String startedAt,
      @JsonPropertyDescription("When it was over (RFC 3339, UTC).") @Nullable String endedAt)
      implements Reported<Status> {
    public Status {
      conditions = Absent.list(conditions);
      waitingFor = Absent.list(waitingFor);
      plan = Absent.list(plan);
    }

    /** Nothing known yet. */
    public static Status empty() {
      return new Status(
          null, List.of(), List.of(), List.of(), null, null, null, null, null, null, null, null,
          null, null, null);
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
          source,
          target,
          epoch,
          progressPercent,
          bytesProcessed,
          bytesRemaining,
          bytesTotal,
          downtimeMilliseconds,
          startedAt,
          endedAt);
    }
  }
}
