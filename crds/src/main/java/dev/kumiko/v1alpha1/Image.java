package dev.kumiko.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Default;
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

/** A golden disk in a pool, from which volumes are cloned. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("images")
@ShortNames({"kimg"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "Progress",
    jsonPath = ".status.progressPercent",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Size", jsonPath = ".status.size")
@AdditionalPrinterColumn(name = "Format", jsonPath = ".spec.format", priority = 1)
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".spec.pool")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class Image extends CustomResource<Image.Spec, Image.Status>
    implements Namespaced, Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** Format of the source. */
  public enum Format {
    /** The bytes of the disk. */
    Raw,
    /** QEMU's format, compressed or not; no backing file. */
    Qcow2
  }

  /** Who may clone it. */
  public enum Visibility {
    /** Volumes of the same namespace. */
    Private,
    /** Volumes of every tenant. */
    Shared
  }

  /** Where the disk comes from. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Source(
      @Required
          @Pattern("^(https?|file)://[^\\s]+$")
          @Size(max = 2048)
          @JsonPropertyDescription(
              "http(s):// or file:// URL; which ones a tenant may use is the StoragePool's imageSources.")
          String url,
      @Required
          @Pattern("^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$")
          @JsonPropertyDescription("Of the file at url, as sha256:HEX or sha512:HEX in lower case.")
          String checksum) {}

  /** What the user asks for. */
  @ValidationRule(
      value = "self.pool == oldSelf.pool",
      message = "pool is immutable: make another Image")
  @ValidationRule(
      value = "self.source == oldSelf.source",
      message = "source is immutable: make another Image")
  @ValidationRule(
      value = "self.format == oldSelf.format",
      message = "format is immutable: make another Image")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription("StoragePool that holds the image.")
          String pool,
      @Required @JsonPropertyDescription("Where the disk comes from.") Source source,
      @Default("Raw") @JsonPropertyDescription("Raw or Qcow2. Default Raw.") Format format,
      @Pattern("^[1-9][0-9]*(Ki|Mi|Gi|Ti)$")
          @JsonPropertyDescription("Smallest Volume that can hold it. Default: its own size.")
          @Nullable String minimumDisk,
      @Default("Private") @JsonPropertyDescription("Private or Shared. Default Private.")
          Visibility visibility) {
    public Spec {
      format = Absent.or(format, Format.Raw);
      visibility = Absent.or(visibility, Visibility.Private);
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
      @JsonPropertyDescription("How much is imported.") @Nullable Integer progressPercent,
      @JsonPropertyDescription("Size of the disk, with a binary unit or in bytes.")
          @Nullable String size,
      @JsonPropertyDescription("Checksum that was verified.") @Nullable String checksum,
      @JsonPropertyDescription("RBD image as pool/name.") @Nullable String image,
      @JsonPropertyDescription("RBD's own id of the image.") @Nullable String imageId)
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
          progressPercent,
          size,
          checksum,
          image,
          imageId);
    }
  }
}
