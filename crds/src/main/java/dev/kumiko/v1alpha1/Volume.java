package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
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

/** One RBD image: the disk of a guest. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("volumes")
@ShortNames({"kvol"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Size", jsonPath = ".status.size")
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".spec.pool")
@AdditionalPrinterColumn(name = "Attached-To", jsonPath = ".status.attachedTo")
@AdditionalPrinterColumn(name = "Parent", jsonPath = ".status.parent", priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class Volume extends CustomResource<Volume.Spec, Volume.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** What becomes of the RBD image with its Volume. */
  public enum DeletionPolicy {
    /** It is removed. */
    Delete,
    /** It stays, with its marker. */
    Retain
  }

  /** A NoCloud seed made from a Secret. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record CloudInit(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret of the same namespace with user-data, meta-data and optionally network-config.")
          String secretName) {}

  /** What the volume starts from; exactly one. */
  @ValidationRule(
      value = "has(self.image) != has(self.cloudInit)",
      message = "source needs exactly one of image and cloudInit")
  @ValidationRule(
      value = "!has(self.imageNamespace) || has(self.image)",
      message = "imageNamespace needs image")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Source(
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Image to clone, copy on write.")
          @Nullable String image,
      @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("Namespace of a Shared image. Default: the same namespace.")
          @Nullable String imageNamespace,
      @JsonPropertyDescription("NoCloud seed.") @Nullable CloudInit cloudInit) {}

  /** What the user asks for. */
  @ValidationRule(
      value = "self.pool == oldSelf.pool",
      message = "pool is immutable: make another Volume and copy")
  @ValidationRule(
      value =
          "has(self.source) == has(oldSelf.source) && (!has(self.source) || self.source == oldSelf.source)",
      message = "source is immutable: make another Volume")
  @ValidationRule(
      value =
          "!has(oldSelf.size) || (has(self.size) && quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0)",
      message = "size may only grow: shrinking would cut off data")
  @ValidationRule(
      value = "has(self.size) || has(self.source)",
      message = "size is required for a blank volume")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("StoragePool that holds the volume.")
          String pool,
      @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")
          @JsonPropertyDescription(
              "Size with a binary unit, for example 20Gi. It grows, online, and never shrinks. Default: the image's minimum disk.")
          @Nullable String size,
      @JsonPropertyDescription("What the volume starts from. Default: blank.")
          @Nullable Source source,
      @Default("Delete") @JsonPropertyDescription("Delete or Retain. Default Delete.")
          DeletionPolicy deletionPolicy) {
    public Spec {
      deletionPolicy = Absent.or(deletionPolicy, DeletionPolicy.Delete);
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
      @JsonPropertyDescription("Size of the RBD image.") @Nullable String size,
      @JsonPropertyDescription("The same in bytes.") @Nullable Long sizeBytes,
      @JsonPropertyDescription("RBD image as pool/name.") @Nullable String image,
      @JsonPropertyDescription("RBD's own id of the image.") @Nullable String imageId,
      @JsonPropertyDescription("Image it was cloned from.") @Nullable String parent,
      @JsonPropertyDescription("VirtualMachine that holds its Attachment.")
          @Nullable String attachedTo)
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
          size,
          sizeBytes,
          image,
          imageId,
          parent,
          attachedTo);
    }
  }
}
