package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
  private final Cloud cloud = new Cloud();

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void nothingOfTheQuickstartIsLeftInCephLibvirtOvnAndTheApi() {
    Quickstart.ready(cloud);
    cloud.delete(Quickstart.MANIFESTS, Duration.ofMinutes(3));
    assertThat(World.observe()).matches(World::isEmpty, "holds nothing");
    assertThat(cloud.ofTenants()).isEmpty();
    assertThat(cloud.client().namespaces().withLabel("kumiko.dev/tenant").list().getItems())
        .isEmpty();
  }
}
