package dev.kumiko.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link Cluster} promises, whoever is behind it. */
public abstract class ClusterContract {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  protected abstract Cluster cluster();

  /** A namespace that exists and is the test's own. */
  protected abstract String namespace();

  private Parcel parcel(String name) {
    return Parcel.of(namespace(), name, "books");
  }

  private Parcel created(String name) {
    assertThat(cluster().create(parcel(name))).isTrue();
    return read(name).orElseThrow();
  }

  private Optional<Parcel> read(String name) {
    return cluster().get(Parcel.class, namespace(), name);
  }

  @Test
  public void readsAtOnceWhatItCreated() {
    Parcel parcel = created("new");
    assertThat(parcel.getSpec()).isEqualTo(new Parcel.Spec("books"));
    assertThat(parcel.getMetadata().getUid()).isNotBlank();
    assertThat(parcel.getMetadata().getGeneration()).isEqualTo(1L);
    assertThat(cluster().list(Parcel.class, namespace()))
        .extracting(o -> o.getMetadata().getName())
        .contains("new");
  }

  @Test
  public void takesANameOnceAndLeavesTheFirstAlone() {
    Parcel first = created("taken");
    assertThat(cluster().create(Parcel.of(namespace(), "taken", "bricks"))).isFalse();
    assertThat(cluster().fresh(Parcel.class, namespace(), "taken"))
        .hasValueSatisfying(p -> {
          assertThat(p.getSpec().content()).isEqualTo("books");
          assertThat(p.getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
        });
  }

  @Test
  public void findsNothingWhereNothingIs() {
    assertThat(read("nowhere")).isEmpty();
    assertThat(cluster().fresh(Parcel.class, namespace(), "nowhere")).isEmpty();
  }

  @Test
  public void listsOnlyTheNamespaceAskedFor() {
    created("here");
    assertThat(cluster().list(Parcel.class, "elsewhere")).isEmpty();
    assertThat(cluster().list(Parcel.class)).anyMatch(p -> ObjectKey.of(p).name().equals("here"));
  }

  @Test
  public void readsAtOnceTheStatusItWrote() {
    Parcel parcel = created("told");
    Parcel updated = cluster().updateStatus(withStatus(parcel, "one"));
    assertThat(updated.observed().seen()).isEqualTo("one");
    assertThat(updated.getMetadata().getResourceVersion())
        .isNotEqualTo(parcel.getMetadata().getResourceVersion());
    assertThat(read("told"))
        .hasValueSatisfying(p -> assertThat(p.observed().seen()).isEqualTo("one"));
  }

  @Test
  public void aStatusDoesNotCountAsANewGenerationAndKeepsTheSpec() {
    Parcel parcel = created("same-generation");
    Parcel edited = withStatus(parcel, "two");
    edited.setSpec(new Parcel.Spec("smuggled"));
    Parcel updated = cluster().updateStatus(edited);
    assertThat(updated.getMetadata().getGeneration()).isEqualTo(1L);
    assertThat(updated.getSpec().content()).isEqualTo("books");
  }

  @Test
  public void refusesAStatusForAnOldVersion() {
    Parcel old = created("contended");
    cluster().updateStatus(withStatus(old, "first"));
    assertThatThrownBy(() -> cluster().updateStatus(withStatus(old, "second")))
        .isInstanceOf(Conflict.class);
    assertThat(cluster().fresh(Parcel.class, namespace(), "contended"))
        .hasValueSatisfying(p -> assertThat(p.observed().seen()).isEqualTo("first"));
  }

  @Test
  public void refusesAStatusForWhatIsGone() {
    Parcel parcel = created("vanished");
    cluster().delete(parcel);
    assertThatThrownBy(() -> cluster().updateStatus(withStatus(parcel, "late")))
        .isInstanceOf(Conflict.class);
  }

  @Test
  public void appliesWhatIsNotThereAndThenChangesIt() {
    cluster().apply(Parcel.of(namespace(), "applied", "tea"));
    Parcel changed = cluster().apply(Parcel.of(namespace(), "applied", "coffee"));
    assertThat(changed.getMetadata().getGeneration()).isEqualTo(2L);
    assertThat(read("applied"))
        .hasValueSatisfying(p -> assertThat(p.getSpec().content()).isEqualTo("coffee"));
  }

  @Test
  public void applyingTheSameAgainMakesNoNewVersion() {
    Parcel first = cluster().apply(Parcel.of(namespace(), "steady", "tea"));
    Parcel second = cluster().apply(Parcel.of(namespace(), "steady", "tea"));
    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
  }

  @Test
  public void applyingKeepsStatusAndFinalizersOfOthers() {
    Parcel parcel = parcel("shared");
    parcel.getMetadata().setFinalizers(List.of("test.kumiko.dev/other"));
    cluster().create(parcel);
    cluster().updateStatus(withStatus(read("shared").orElseThrow(), "kept"));
    Parcel applied = cluster().apply(Parcel.of(namespace(), "shared", "tea"));
    assertThat(applied.observed().seen()).isEqualTo("kept");
    assertThat(applied.getMetadata().getFinalizers()).containsExactly("test.kumiko.dev/other");
    release(applied);
  }

  @Test
  public void replacingDropsWhatIsLeftOutAndKeepsTheStatus() {
    Parcel parcel = parcel("replaced");
    parcel.getMetadata().setLabels(Map.of("stays", "yes", "goes", "yes"));
    cluster().create(parcel);
    Parcel before = cluster().updateStatus(withStatus(read("replaced").orElseThrow(), "kept"));
    Parcel after = Parcel.of(namespace(), "replaced", "tea");
    after.setMetadata(
        new ObjectMetaBuilder(before.getMetadata()).withLabels(Map.of("stays", "yes")).build());
    Parcel replaced = cluster().replace(after);
    assertThat(replaced.getMetadata().getLabels()).containsOnlyKeys("stays");
    assertThat(replaced.getSpec().content()).isEqualTo("tea");
    assertThat(replaced.getMetadata().getGeneration()).isEqualTo(2L);
    assertThat(replaced.observed().seen()).isEqualTo("kept");
    assertThat(read("replaced"))
        .hasValueSatisfying(p -> assertThat(p.getSpec().content()).isEqualTo("tea"));
  }

  @Test
  public void refusesToReplaceAnOldVersion() {
    Parcel old = created("overtaken");
    cluster().updateStatus(withStatus(old, "first"));
    Parcel late = Parcel.of(namespace(), "overtaken", "tea");
    late.setMetadata(old.getMetadata());
    assertThatThrownBy(() -> cluster().replace(late)).isInstanceOf(Conflict.class);
    cluster().delete(read("overtaken").orElseThrow());
    assertThatThrownBy(() -> cluster().replace(late)).isInstanceOf(Conflict.class);
  }

  @Test
  public void doesNotSeeWhatItDeleted() {
    Parcel parcel = created("deleted");
    cluster().delete(parcel);
    assertThat(read("deleted")).isEmpty();
    assertThat(cluster().list(Parcel.class, namespace()))
        .noneMatch(p -> p.getMetadata().getName().equals("deleted"));
    assertThat(cluster().fresh(Parcel.class, namespace(), "deleted")).isEmpty();
  }

  @Test
  public void deletingTwiceIsSuccess() {
    Parcel parcel = created("deleted-twice");
    cluster().delete(parcel);
    cluster().delete(parcel);
    assertThat(read("deleted-twice")).isEmpty();
  }

  @Test
  public void aFinalizerKeepsTheDeletedObjectMarked() {
    Parcel parcel = parcel("held");
    parcel.getMetadata().setFinalizers(List.of("test.kumiko.dev/other"));
    cluster().create(parcel);
    cluster().delete(read("held").orElseThrow());
    assertThat(read("held")).hasValueSatisfying(p -> assertThat(p.isMarkedForDeletion()).isTrue());
    release(read("held").orElseThrow());
  }

  @Test
  public void readsClusterScopedObjectsUnderAnEmptyNamespace() {
    String name = "kumiko-test-" + UUID.randomUUID();
    ClusterRole role =
        new ClusterRoleBuilder()
            .withMetadata(
                new ObjectMetaBuilder().withName(name).withLabels(Map.of("test", "yes")).build())
            .build();
    assertThat(cluster().create(role)).isTrue();
    ClusterRole read = cluster().get(ClusterRole.class, "", name).orElseThrow();
    assertThat(ObjectKey.of(read)).isEqualTo(new ObjectKey("", name));
    assertThat(cluster().list(ClusterRole.class))
        .anyMatch(r -> r.getMetadata().getName().equals(name));
    cluster().delete(read);
    assertThat(cluster().get(ClusterRole.class, "", name)).isEmpty();
  }

  /** Takes away the finalizers that a test gave, whoever has to do that. */
  protected abstract void release(HasMetadata object);

  protected static Parcel withStatus(Parcel parcel, String seen) {
    Parcel copy = SERIALIZATION.clone(parcel);
    copy.setStatus(Parcel.Status.seen(seen));
    return copy;
  }
}
