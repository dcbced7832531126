package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A user deletes everything at once, in whatever order kubectl sends it, and nothing of it is left
 * anywhere.
 */
@Order(90)
@ExtendWith(Evidence.class)
final class DeletionIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    cloud.close();
  }

  /** Only the namespaces come first, as kubectl demands. */
  @Test
  @Order(1)
  void whatIsAppliedAndDeletedInAnyOrderComesAndGoes() {
    long seed = Long.getLong("kumiko.seed", System.nanoTime());
    Random random = new Random(seed);
    cloud.delete(Quickstart.MANIFESTS, PATIENCE);
    List<String> documents =
        Stream.of(Lab.run("render", Quickstart.MANIFESTS.toString()).split("(?m)^---$"))
            .filter(document -> document.contains("kind: "))
            .collect(Collectors.toCollection(ArrayList::new));
    assertThat(documents).hasSizeGreaterThan(10);
    Collections.shuffle(documents, random);
    documents.sort(Comparator.comparing(document -> !document.contains("kind: Namespace\n")));
    cloud.kubectl(String.join("\n---\n", documents), "apply", "--server-side", "-f", "-");
    Cloud.await(
        Quickstart.PATIENCE,
        () -> "applied in another order (seed " + seed + "): " + cloud.ofTenants(),
        () -> Quickstart.isReady(cloud));
    Collections.shuffle(documents, random);
    cloud.kubectl(
        String.join("\n---\n", documents),
        "delete",
        "--ignore-not-found",
        "--wait=false",
        "-f",
        "-");
    Cloud.await(
        PATIENCE,
        () -> "deleted in another order (seed " + seed + "): " + World.observe(),
        () -> cloud.ofTenants().isEmpty() && World.observe().isEmpty());
  }

  @Test
  @Order(2)
  void nothingOfTheQuickstartIsLeftInCephLibvirtOvnAndTheApi() {
    Quickstart.ready(cloud);
    cloud.delete(Quickstart.MANIFESTS, PATIENCE);
    assertThat(World.settled()).matches(World::isEmpty, "holds nothing");
    assertThat(cloud.ofTenants()).isEmpty();
    assertThat(cloud.client().namespaces().withLabel("kumiko.dev/tenant").list().getItems())
        .isEmpty();
  }
}
