package dev.kumiko.reconcile.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.ClusterContract;
import dev.kumiko.reconcile.Parcel;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on a real API server, and what only the real one can show. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
final class KubernetesClusterIT extends ClusterContract {
  private RealCluster real;
  private KubernetesCluster cluster;

  @BeforeAll
  void start() throws InterruptedException {
    real = new RealCluster();
    cluster =
        new KubernetesCluster(
            real.client, new SimpleMeterRegistry(), "contract", Clock.systemUTC());
    cluster.inform(Parcel.class);
    cluster.inform(ClusterRole.class);
    cluster.start();
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
      real.close();
    }
  }

  @Override
  protected Cluster cluster() {
    return cluster;
  }

  @Override
  protected String namespace() {
    return real.namespace;
  }

  @Override
  protected void release(HasMetadata object) {
    real.removeFinalizers(object);
  }

  @Test
  void seesSoonWhatOthersWrite() {
    real.client.resource(Parcel.of(real.namespace, "foreign", "one")).create();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> cluster.get(Parcel.class, real.namespace, "foreign").isPresent());
    real.client
        .resource(Parcel.of(real.namespace, "foreign", "two"))
        .forceConflicts()
        .serverSideApply();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            cluster
                .get(Parcel.class, real.namespace, "foreign")
                .filter(p -> p.getSpec().content().equals("two"))
                .isPresent());
    real.client.resource(Parcel.of(real.namespace, "foreign", "two")).delete();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> cluster.get(Parcel.class, real.namespace, "foreign").isEmpty());
  }

  @Test
  void deletingSparesTheSuccessorOfTheSameName() {
    cluster.create(Parcel.of(real.namespace, "reborn", "one"));
    Parcel first = cluster.get(Parcel.class, real.namespace, "reborn").orElseThrow();
    cluster.delete(first);
    cluster.create(Parcel.of(real.namespace, "reborn", "two"));
    cluster.delete(first);
    assertThat(cluster.fresh(Parcel.class, real.namespace, "reborn"))
        .hasValueSatisfying(p -> assertThat(p.getSpec().content()).isEqualTo("two"));
    assertThat(cluster.get(Parcel.class, real.namespace, "reborn")).isPresent();
  }

  @Test
  void aDeletedNamespaceIsSeenOnItsWayOut() {
    String name = real.namespace + "-2";
    cluster.create(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build());
    Namespace created = cluster.get(Namespace.class, "", name).orElseThrow();
    cluster.delete(created);
    assertThat(cluster.get(Namespace.class, "", name))
        .hasValueSatisfying(n -> assertThat(n.isMarkedForDeletion()).isTrue());
  }

  @Test
  void keepsNoManagedFields() {
    cluster.create(Parcel.of(real.namespace, "slim", "one"));
    assertThat(
            cluster
                .get(Parcel.class, real.namespace, "slim")
                .orElseThrow()
                .getMetadata()
                .getManagedFields())
        .isEmpty();
  }

  @Test
  void readsASecretWithoutWatchingSecrets() {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(real.namespace)
            .withName("key")
            .endMetadata()
            .withStringData(Map.of("user", "admin"))
            .build();
    real.client.resource(secret).create();
    assertThat(cluster.get(Secret.class, real.namespace, "key")).isPresent();
  }

  @Test
  void writesAnEventOnceInAWhile() {
    Parcel parcel = Parcel.of(real.namespace, "told-of", "one");
    cluster.create(parcel);
    Parcel created = cluster.get(Parcel.class, real.namespace, "told-of").orElseThrow();
    for (int i = 0; i < 5; i++) {
      cluster.event(created, Cluster.Severity.Warning, "Dented", "It fell down " + i);
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> !eventsOf(created).isEmpty());
    assertThat(eventsOf(created))
        .singleElement()
        .satisfies(e -> {
          assertThat(e.getReason()).isEqualTo("Dented");
          assertThat(e.getNote()).isEqualTo("It fell down 0");
          assertThat(e.getType()).isEqualTo("Warning");
        });
  }

  private List<Event> eventsOf(Parcel parcel) {
    return real.client.events().v1().events().inNamespace(real.namespace).list().getItems().stream()
        .filter(e -> parcel.getMetadata().getUid().equals(e.getRegarding().getUid()))
        .toList();
  }
}
