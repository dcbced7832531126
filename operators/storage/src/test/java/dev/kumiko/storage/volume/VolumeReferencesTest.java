package dev.kumiko.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.volume.DesiredVolume.Source;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VolumeReferencesTest {
  private static final long MIB = 1L << 20;
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());

  @Test
  void waitsForThePoolAndForItsReadiness() {
    assertThat(waits(Examples.blankVolume("a", "1Gi"))).containsExactly("StoragePool vms");
    cluster.create(Examples.pool());
    assertThat(waits(Examples.blankVolume("b", "1Gi"))).containsExactly("StoragePool vms");
  }

  @Test
  void waitsForItsImageToBeThereAndReady() {
    Examples.addReadyPool(cluster);
    assertThat(waits(Examples.clonedVolume("a", "1Gi", "debian"))).containsExactly("Image debian");
    cluster.create(Examples.image("debian"));
    assertThat(waits(Examples.clonedVolume("b", "1Gi", "debian"))).containsExactly("Image debian");
  }

  @Test
  void waitsForTheSecretOfASeed() {
    Examples.addReadyPool(cluster);
    assertThat(waits(Examples.seedVolume("a", "web"))).containsExactly("Secret web");
    cluster.create(Examples.secret("web", Map.of("user-data", "", "meta-data", "")));
    assertThat(source(Examples.seedVolume("b", "web")))
        .isEqualTo(new Source.Seed(Examples.NAMESPACE, "web"));
  }

  @Test
  void aCloneIsAsLargeAsAskedOrAsItsImageNeeds() {
    Examples.addReadyPool(cluster);
    Image image = Examples.image("debian");
    image.setSpec(
        new Image.Spec(
            Examples.POOL,
            image.getSpec().source(),
            Image.Format.Raw,
            "128Mi",
            Image.Visibility.Private));
    Examples.addReadyImage(cluster, image, "64Mi");
    assertThat(sizeOf(Examples.clonedVolume("a", null, "debian"))).isEqualTo(128 * MIB);
    assertThat(sizeOf(Examples.clonedVolume("b", "256Mi", "debian"))).isEqualTo(256 * MIB);
    assertThatThrownBy(() -> source(Examples.clonedVolume("c", "100Mi", "debian")))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("set spec.size to at least 128Mi");
  }

  @Test
  void anImageOfAnotherTenantIsSeenOnlyWhenItIsShared() {
    Examples.addReadyPool(cluster);
    Image hidden = Examples.image("hidden");
    hidden.getMetadata().setNamespace("red");
    Examples.addReadyImage(cluster, hidden, "64Mi");
    Image shared = Examples.image("shared");
    shared.getMetadata().setNamespace("red");
    shared.setSpec(
        new Image.Spec(
            Examples.POOL,
            shared.getSpec().source(),
            Image.Format.Raw,
            null,
            Image.Visibility.Shared));
    Examples.addReadyImage(cluster, shared, "64Mi");
    assertThat(waits(Examples.volume("a", "1Gi", new Volume.Source("hidden", "red", null))))
        .containsExactly("Image red/hidden");
    assertThat(source(Examples.volume("b", "1Gi", new Volume.Source("shared", "red", null))))
        .isInstanceOf(Source.Clone.class);
  }

  @Test
  void anImageInAnotherPoolIsRefused() {
    Examples.addReadyPool(cluster);
    Image elsewhere = Examples.image("debian");
    elsewhere.setSpec(
        new Image.Spec(
            "ssd", elsewhere.getSpec().source(), Image.Format.Raw, null, Image.Visibility.Private));
    Examples.addReadyImage(cluster, elsewhere, "64Mi");
    assertThatThrownBy(() -> source(Examples.clonedVolume("a", "1Gi", "debian")))
        .hasMessageContaining("set spec.pool to it");
  }

  @Test
  void noMoreIsPromisedThanThePoolMay() {
    Examples.addReadyPool(cluster);
    StoragePool pool = cluster.get(StoragePool.class, "", Examples.POOL).orElseThrow();
    pool.setStatus(
        new StoragePool.Status(
            1L, pool.observed().conditions(), List.of(), List.of(), "1Gi", "0", "0", "", "", 0));
    cluster.updateStatus(pool);
    Examples.addReadyImage(cluster, Examples.image("debian"), "1Gi");
    assertThat(resolve(Examples.blankVolume("a", "9Gi"))).isInstanceOf(Desired.Present.class);
    Volume tooMuch = Examples.blankVolume("b", "10Gi");
    assertThat(waits(tooMuch)).containsExactly("StoragePool vms");
    assertThat(resolve(tooMuch).toString()).contains("PoolOvercommitted", "1.0Gi of the 10.0Gi");
  }

  @Test
  void deletionWaitsForAttachmentsAndNamesThem() {
    Examples.addReadyPool(cluster);
    cluster.create(Examples.attachment("a", 1, "h1"));
    assertThat(waits(leaving(Examples.blankVolume("a", "1Gi")))).containsExactly("Attachment a");
  }

  @Test
  void aVolumeIsHeldByTheMachineThatHasItAlsoWhileThatIsStopped() {
    cluster.create(machine(new VirtualMachine.Disk("data", "a", null)));
    assertThat(waits(leaving(Examples.blankVolume("a", "1Gi"))))
        .containsExactly("VirtualMachine web");
    assertThat(waits(leaving(Examples.blankVolume("b", "1Gi")))).isEmpty();
  }

  @Test
  void aVolumeOfATemplateIsHeldUntilItsMachineIsToGo() {
    cluster.create(
        machine(
            new VirtualMachine.Disk(
                "root",
                null,
                new VirtualMachine.VolumeTemplate(
                    "vms", "1Gi", null, null, Volume.DeletionPolicy.Delete))));
    Volume root = leaving(Examples.blankVolume("web-root", "1Gi"));
    assertThat(waits(root)).containsExactly("VirtualMachine web");
    cluster.addFinalizer(machine());
    cluster.delete(machine());
    assertThat(waits(root)).isEmpty();
  }

  private static VirtualMachine machine(VirtualMachine.Disk... disks) {
    VirtualMachine machine = new VirtualMachine();
    machine.setMetadata(
        new ObjectMetaBuilder().withNamespace(Examples.NAMESPACE).withName("web").build());
    machine.setSpec(
        new VirtualMachine.Spec(
            VirtualMachine.RunPolicy.Stopped,
            "small",
            null,
            null,
            null,
            List.of(disks),
            List.of(),
            null,
            null,
            null,
            null));
    return machine;
  }

  @Test
  void aVolumeWhosePoolNeverExistedCanGo() {
    assertThat(resolve(leaving(Examples.blankVolume("a", "1Gi"))))
        .isInstanceOf(Desired.Absent.class);
  }

  @Test
  void aVolumeThatWasMadeWaitsForItsPoolToGo() {
    Volume volume = leaving(Examples.blankVolume("a", "1Gi"));
    volume.setStatus(
        new Volume.Status(
            1L, List.of(), List.of(), List.of(), "1Gi", 1024 * MIB, "vms/x", "id-1", null, null));
    assertThat(waits(volume)).containsExactly("StoragePool vms");
  }

  @Test
  void aVolumeThatIsThereDoesNotWaitForWhatItWasMadeFrom() {
    Volume volume = Examples.clonedVolume("a", "1Gi", "debian");
    cluster.create(Examples.pool());
    volume.getMetadata().setUid("7");
    volume.setStatus(
        new Volume.Status(
            1L, List.of(), List.of(), List.of(), "1Gi", 1024 * MIB, "vms/x", "id-1", null, null));
    assertThat(resolve(volume)).isInstanceOf(Desired.Present.class);
    assertThat(cluster.list(StoragePool.class)).hasSize(1);
  }

  private Desired<DesiredVolume> resolve(Volume volume) {
    if (volume.getMetadata().getUid() == null) {
      volume.getMetadata().setUid("7");
    }
    return new VolumeReferences(cluster).resolve(volume);
  }

  private List<String> waits(Volume volume) {
    return switch (resolve(volume)) {
      case Desired.Blocked<DesiredVolume>(List<Wait> on) ->
          on.stream().map(wait -> wait.kind() + " " + wait.name()).toList();
      case Desired.Present<DesiredVolume> _, Desired.Absent<DesiredVolume> _ -> List.of();
    };
  }

  private Source source(Volume volume) {
    return switch (resolve(volume)) {
      case Desired.Present<DesiredVolume>(DesiredVolume asked) -> asked.source();
      case Desired.Absent<DesiredVolume> _, Desired.Blocked<DesiredVolume> _ ->
          throw new AssertionError("not resolved");
    };
  }

  private long sizeOf(Volume volume) {
    return switch (source(volume)) {
      case Source.Clone clone -> clone.sizeBytes();
      case Source.Blank blank -> blank.sizeBytes();
      case Source.Seed _ -> 0;
    };
  }

  private static Volume leaving(Volume volume) {
    volume.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    return volume;
  }
}
