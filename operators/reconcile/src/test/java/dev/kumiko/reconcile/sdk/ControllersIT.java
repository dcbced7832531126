package dev.kumiko.reconcile.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Parcel;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Kumiko;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A kind on a real API server, through the operator SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
final class ControllersIT {
  private final Parcels kind = new Parcels();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private RealCluster real;
  private KubernetesCluster cluster;
  private Controllers controllers;

  @BeforeAll
  void start() throws InterruptedException {
    real = new RealCluster();
    cluster = new KubernetesCluster(real.client, meters, "it", Clock.systemUTC());
    controllers =
        new Controllers(cluster, new MeteredJournal(meters), meters, Clock.systemUTC(), 4);
    controllers.add(kind);
    cluster.start();
    controllers.start();
  }

  @AfterAll
  void stop() {
    if (controllers != null) {
      controllers.close();
      cluster.close();
      real.close();
    }
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(50));
  }

  private Optional<Parcel> latest(String name) {
    return Optional.ofNullable(
        real.client.resources(Parcel.class).inNamespace(real.namespace).withName(name).get());
  }

  private ObjectKey delivered(String name) {
    real.client.resource(Parcel.of(real.namespace, name, "books")).create();
    soon().until(() -> latest(name).filter(p -> p.observed().isReady()).isPresent());
    return new ObjectKey(real.namespace, name);
  }

  private int settledPasses(ObjectKey key) throws InterruptedException {
    Thread.sleep(1500);
    return kind.passes(key);
  }

  @Test
  void makesItTrueAndSaysSoWithAFinalizer() {
    ObjectKey key = delivered("plain");
    assertThat(kind.delivered).containsEntry(key, "books");
    Parcel parcel = latest("plain").orElseThrow();
    assertThat(parcel.getMetadata().getFinalizers()).containsExactly(Kumiko.FINALIZER);
    assertThat(parcel.observed().observedGeneration()).isEqualTo(1L);
    assertThat(meters.get("kumiko.actions").tag("action", "Deliver").timer().count()).isPositive();
  }

  @Test
  void doesNotAnswerItsOwnStatus() throws InterruptedException {
    ObjectKey key = delivered("quiet");
    int passes = settledPasses(key);
    assertThat(passes).isLessThanOrEqualTo(3);
    assertThat(settledPasses(key)).isEqualTo(passes);
  }

  @Test
  void followsAChangedSpec() {
    ObjectKey key = delivered("changed");
    real.client
        .resource(Parcel.of(real.namespace, "changed", "bricks"))
        .forceConflicts()
        .serverSideApply();
    soon().until(() -> "bricks".equals(kind.delivered.get(key)));
    soon()
        .until(() ->
            Objects.equals(latest("changed").orElseThrow().observed().observedGeneration(), 2L));
  }

  @Test
  void removesWhatIsDeletedAndLetsItGo() {
    ObjectKey key = delivered("gone");
    real.client.resource(latest("gone").orElseThrow()).delete();
    soon().until(() -> latest("gone").isEmpty());
    assertThat(kind.delivered).doesNotContainKey(key);
  }

  @Test
  void aNameThatIsTakenAgainAtOnceIsLetGoOfEachTime() {
    List<String> names = IntStream.range(0, 8).mapToObj(i -> "phoenix-" + i).toList();
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture.allOf(
              names.stream()
                  .map(name -> CompletableFuture.runAsync(() -> riseAndFall(name), users))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
    soon().until(() -> names.stream().allMatch(name -> latest(name).isEmpty()));
    assertThat(kind.delivered.keySet()).noneMatch(key -> names.contains(key.name()));
  }

  /**
   * With the finalizer from the beginning: one that is added while the API server handles a
   * deletion is overlooked by it.
   */
  private void riseAndFall(String name) {
    for (int i = 0; i < 40; i++) {
      Parcel parcel = Parcel.of(real.namespace, name, "books");
      parcel.addFinalizer(Kumiko.FINALIZER);
      Instant patience = Instant.now().plusSeconds(10);
      while (!cluster.create(parcel)) {
        assertThat(Instant.now()).isBefore(patience);
      }
      real.client.resource(parcel).delete();
    }
  }

  @Test
  void looksAgainWhenAWatchedObjectChanges() throws InterruptedException {
    ObjectKey key = delivered("watching");
    int before = settledPasses(key);
    real.client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(real.namespace)
                .withName("watching")
                .endMetadata()
                .withData(Map.of("a", "b"))
                .build())
        .create();
    soon().until(() -> kind.passes(key) > before);
  }

  @Test
  void looksAgainWhenTheOutsideWorldWakesIt() throws InterruptedException {
    ObjectKey key = delivered("drifting");
    settledPasses(key);
    kind.delivered.remove(key);
    kind.wake.wake(key);
    soon().until(() -> kind.delivered.containsKey(key));
  }

  @Test
  void retriesUntilTheEndpointIsBackAndSaysWhatItWaitsFor() {
    kind.broken = true;
    try {
      real.client.resource(Parcel.of(real.namespace, "patient", "books")).create();
      soon()
          .until(() ->
              latest("patient")
                  .flatMap(p -> p.observed().condition(Condition.READY))
                  .filter(c -> c.message().contains("it is torn"))
                  .isPresent());
      soon().until(() -> kind.passes(new ObjectKey(real.namespace, "patient")) >= 3);
    } finally {
      kind.broken = false;
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> latest("patient").orElseThrow().observed().isReady());
  }

  @Test
  void saysOnTheObjectThatItsPassesBreakAndStaysOutOfTheOthersWay() {
    real.client.resource(Parcel.of(real.namespace, "trap", "bomb")).create();
    soon()
        .until(() ->
            latest("trap")
                .flatMap(p -> p.observed().condition(Condition.READY))
                .filter(c -> c.reason().equals("InternalError") && c.message().contains("boom"))
                .isPresent());
    assertThat(delivered("bystander").name()).isEqualTo("bystander");
    real.client
        .resource(Parcel.of(real.namespace, "trap", "defused"))
        .forceConflicts()
        .serverSideApply();
    soon().until(() -> latest("trap").orElseThrow().observed().isReady());
  }
}
