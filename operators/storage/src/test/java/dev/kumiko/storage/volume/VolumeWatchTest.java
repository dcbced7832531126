package dev.kumiko.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.storage.Examples;
import dev.kumiko.storage.ceph.InMemoryCephPool;
import dev.kumiko.storage.work.Works;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class VolumeWatchTest {
  private static final ObjectKey DATA = new ObjectKey(Examples.NAMESPACE, "data");
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  private final Attachment attachment = Examples.attachment("data", 1, "h1");
  private final VolumeKind kind =
      new VolumeKind(
          cluster, _ -> new InMemoryCephPool(), new Works(Runnable::run, InstantSource.system()));

  @BeforeEach
  void createVolume() {
    cluster.create(Examples.blankVolume("data", "1Gi"));
  }

  @Test
  void aNewAttachmentAndItsEndConcernItsVolume() {
    cluster.create(attachment);
    assertThat(affected(attachment)).containsExactly(DATA);
    attachedTo("web");
    assertThat(affected(attachment)).isEmpty();
    cluster.delete(attachment);
    assertThat(affected(attachment)).containsExactly(DATA);
  }

  @Test
  void everyChangeConcernsAVolumeThatIsToGo() {
    cluster.create(attachment);
    attachedTo("web");
    cluster.addFinalizer(Examples.blankVolume("data", "1Gi"));
    cluster.delete(Examples.blankVolume("data", "1Gi"));
    assertThat(affected(attachment)).containsExactly(DATA);
  }

  @Test
  void onlyVolumesThatWaitAreConcernedByTheirPoolAndImage() {
    cluster.create(Examples.clonedVolume("disk", "1Gi", "debian"));
    assertThat(affected(Examples.pool()))
        .containsExactlyInAnyOrder(DATA, new ObjectKey(Examples.NAMESPACE, "disk"));
    assertThat(affected(Examples.image("debian")))
        .containsExactly(new ObjectKey(Examples.NAMESPACE, "disk"));
    Volume disk = cluster.get(Volume.class, Examples.NAMESPACE, "disk").orElseThrow();
    disk.setStatus(Volume.Status.empty().with(1L, List.of(Examples.ready()), List.of(), List.of()));
    cluster.updateStatus(disk);
    assertThat(affected(Examples.pool())).containsExactly(DATA);
    assertThat(affected(Examples.image("debian"))).isEmpty();
  }

  private void attachedTo(String machine) {
    Volume volume = cluster.get(Volume.class, Examples.NAMESPACE, "data").orElseThrow();
    volume.setStatus(
        new Volume.Status(
            1L, List.of(), List.of(), List.of(), null, null, null, null, null, machine));
    cluster.updateStatus(volume);
  }

  private Collection<ObjectKey> affected(HasMetadata changed) {
    return kind.watches().stream()
        .filter(watch -> watch.type().isInstance(changed))
        .flatMap(watch -> ask(watch, changed).stream())
        .toList();
  }

  private static <T extends HasMetadata> Collection<ObjectKey> ask(
      Watch<T> watch, HasMetadata changed) {
    return watch.affects().apply(watch.type().cast(changed));
  }
}
