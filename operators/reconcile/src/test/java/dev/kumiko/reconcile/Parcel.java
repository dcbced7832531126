package dev.kumiko.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Reported;
import dev.kumiko.v1alpha1.Reporting;
import dev.kumiko.v1alpha1.WaitingFor;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A resource that no operator of ours knows, so that tests may have it on any cluster. */
@Group(Parcel.GROUP)
@Version("v1alpha1")
public final class Parcel extends CustomResource<Parcel.Spec, Parcel.Status>
    implements Namespaced, Reporting {
  public static final String GROUP = "test.kumiko.dev";

  public static Parcel of(String namespace, String name, String content) {
    Parcel parcel = new Parcel();
    parcel.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    parcel.setSpec(new Spec(content));
    return parcel;
  }

  @Override
  public Status observed() {
    return Optional.ofNullable(getStatus()).orElse(Status.empty());
  }

  public record Spec(String content) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Status(
      @Nullable Long observedGeneration,
      List<Condition> conditions,
      List<WaitingFor> waitingFor,
      List<String> plan,
      String seen)
      implements Reported<Status> {
    public Status {
      conditions = orNone(conditions);
      waitingFor = orNone(waitingFor);
      plan = orNone(plan);
      seen = Optional.ofNullable(seen).orElse("");
    }

    public static Status empty() {
      return seen("");
    }

    public static Status seen(String content) {
      return new Status(null, List.of(), List.of(), List.of(), content);
    }

    @Override
    public Status with(
        Long generation,
        List<Condition> newConditions,
        List<WaitingFor> newWaitingFor,
        List<String> newPlan) {
      return new Status(generation, newConditions, newWaitingFor, newPlan, seen);
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
      return list == null ? List.of() : List.copyOf(list);
    }
  }
}
