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

/** A Ceph pool that holds images and volumes. */
@Group(Kumiko.GROUP)
@Version(Kumiko.VERSION)
@Plural("storagepools")
@ShortNames({"spool"})
@Categories(Kumiko.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Health", jsonPath = ".status.health")
@AdditionalPrinterColumn(name = "Capacity", jsonPath = ".status.capacity")
@AdditionalPrinterColumn(name = "Used", jsonPath = ".status.used")
@AdditionalPrinterColumn(name = "Provisioned", jsonPath = ".status.provisioned")
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
    jsonPath = ".status.foreignImages",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
public final class StoragePool extends CustomResource<StoragePool.Spec, StoragePool.Status>
    implements Reporting {
  @Override
  public Status observed() {
    Status status = getStatus();
    return status == null ? Status.empty() : status;
  }

  /** What the user asks for. */
  @ValidationRule(
      value = "self.pool == oldSelf.pool",
      message = "pool is immutable: make another StoragePool")
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Spec(
      @Required
          @Size(min = 1, max = 16)
          @JsonPropertyDescription("Ceph monitors as address:port, for example 10.0.0.1:3300.")
          List<@Pattern("^[^\\s/]+:[0-9]{1,5}$") String> monitors,
      @Required
          @Pattern("^[A-Za-z0-9._-]{1,64}$")
          @JsonPropertyDescription("Name of the RADOS pool.")
          String pool,
      @Required
          @Pattern("^[A-Za-z0-9._-]{1,64}$")
          @JsonPropertyDescription("Ceph user of the operator, without the prefix client.")
          String user,
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret in the operator's namespace with the user's key under key.")
          String secret,
      @Required
          @Pattern("^[A-Za-z0-9._-]{1,64}$")
          @JsonPropertyDescription(
              "Ceph user that QEMU opens disks with, without the prefix client.")
          String guestUser,
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
          @JsonPropertyDescription(
              "Secret in the operator's namespace with the guest user's key under key.")
          String guestSecret,
      @Size(max = 64)
          @JsonPropertyDescription(
              "URL prefixes that tenants may import images from, for example https://images.example.org/ or file:///srv/images/. Empty: any public http(s) address at port 80 or 443; never files, loopback, link-local or private addresses, nor those of the platform itself.")
          List<@Pattern("^(https?|file)://[^\\s]+$") String> imageSources,
      @Size(max = 65536)
          @Pattern("^-----BEGIN CERTIFICATE-----[\\s\\S]+-----END CERTIFICATE-----\\s*$")
          @JsonPropertyDescription(
              "Certificates of authorities, in PEM, that https image sources may be signed by,"
                  + " beside the public ones.")
          @Nullable String imageCertificates,
      @Min(100)
          @Max(10000)
          @Default("1000")
          @JsonPropertyDescription(
              "How much may be provisioned, in percent of the capacity. Default 1000.")
          Integer overcommitPercent) {
    public Spec {
      monitors = Absent.list(monitors);
      imageSources = Absent.list(imageSources);
      overcommitPercent = Absent.or(overcommitPercent, 1000);
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
      @JsonPropertyDescription("Bytes the pool can hold, with a binary unit.")
          @Nullable String capacity,
      @JsonPropertyDescription("Bytes stored.") @Nullable String used,
      @JsonPropertyDescription("Sum of the sizes of our images.") @Nullable String provisioned,
      @JsonPropertyDescription("HEALTH_OK, HEALTH_WARN or HEALTH_ERR of the cluster.")
          @Nullable String health,
      @JsonPropertyDescription("Id of the Ceph cluster.") @Nullable String fsid,
      @JsonPropertyDescription(
              "RBD images in the pool of which there is neither an Image nor a Volume: somebody"
                  + " else's, or retained; never touched.")
          @Nullable Integer foreignImages)
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
          capacity,
          used,
          provisioned,
          health,
          fsid,
          foreignImages);
    }
  }
}
