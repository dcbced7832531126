package dev.kumiko.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Claim;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Network;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.Tenant;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import dev.kumiko.v1alpha1.Vrf;
import java.time.Duration;
import java.util.List;
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
    for (var kind :
        List.of(
            Tenant.class,
            Vrf.class,
            Claim.class,
            Network.class,
            Port.class,
            Image.class,
            Volume.class,
            Attachment.class,
            VirtualMachine.class)) {
      assertThat(cloud.client().resources(kind).inAnyNamespace().list().getItems())
          .as(kind.getSimpleName())
          .isEmpty();
    }
    assertThat(cloud.client().namespaces().withLabel("kumiko.dev/tenant").list().getItems())
        .isEmpty();
  }
}
