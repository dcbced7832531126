package dev.kumiko.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.reconcile.Endpoint;
import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.Loop;
import dev.kumiko.storage.attachment.AttachmentKind;
import dev.kumiko.storage.ceph.CephPool;
import dev.kumiko.storage.ceph.ImageWriter;
import dev.kumiko.storage.ceph.LabCeph;
import dev.kumiko.storage.ceph.RadosCephPool;
import dev.kumiko.storage.ceph.RbdNames;
import dev.kumiko.storage.image.ImageImports;
import dev.kumiko.storage.pool.StoragePoolKind;
import dev.kumiko.storage.volume.VolumeKind;
import dev.kumiko.storage.work.Works;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.Reporting;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The storage kinds together, on a real cluster. */
@EnabledIfEnvironmentVariable(named = "CEPH_CONF", matches = ".+")
final class StorageStoryIT {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final InMemoryCluster cluster = new InMemoryCluster(InstantSource.system());
  private final CephPool ceph = connect();
  private final CephPool guest = connect();
  private List<Kind<?, ?, ?, ?>> kinds = List.of();
  private List<String> imagesBefore = List.of();

  @BeforeEach
  void addPlatform() throws IOException {
    imagesBefore = ceph.images("");
    StoragePool pool = Examples.pool();
    pool.setSpec(
        new StoragePool.Spec(
            List.of("10.78.0.1:3300"),
            "vms",
            "admin",
            "ceph-key",
            "guest",
            "guest-key",
            List.of("file://" + directory + "/"),
            null,
            1000));
    cluster.create(pool);
    cluster.create(Examples.secret("ceph-key", Map.of("key", "unused")));
    cluster.create(Examples.host("h1", "10.78.0.11"));
    ImageImports imports =
        new ImageImports(directory.resolve("scratch"), 1L << 30, 2L << 30, 1, List.of());
    kinds =
        List.of(
            new StoragePoolKind(cluster, _ -> ceph, Examples.NAMESPACE),
            imports.kind(cluster, _ -> ceph),
            new VolumeKind(cluster, _ -> ceph, new Works(Runnable::run, InstantSource.system())),
            new AttachmentKind(cluster, _ -> ceph));
  }

  @AfterEach
  void disconnect() {
    guest.close();
    ceph.close();
  }

  @Test
  void anImageBecomesVolumesThatAreGrantedAndAllOfItGoesAgain() throws Exception {
    byte[] disk = disk();
    Image image = Examples.image("debian");
    image.setSpec(
        new Image.Spec(
            Examples.POOL,
            new Image.Source("file://" + qcow2(disk), checksum(directory.resolve("disk.qcow2"))),
            Image.Format.Qcow2,
            null,
            Image.Visibility.Private));
    cluster.create(image);
    cluster.create(
        Examples.secret("web", Map.of("user-data", "#cloud-config\n", "meta-data", "a: 1\n")));
    cluster.create(Examples.clonedVolume("disk", "64Mi", "debian"));
    cluster.create(Examples.blankVolume("data", "32Mi"));
    cluster.create(Examples.seedVolume("seed", "web"));
    cluster.create(Examples.attachment("disk", 1, "h1"));
    untilReady(Attachment.class, "disk");
    untilReady(Volume.class, "data");
    untilReady(Volume.class, "seed");

    String rbdName = rbdName("disk");
    assertThat(ceph.image(rbdName).orElseThrow().sizeBytes()).isEqualTo(64L * MIB);
    assertThat(ceph.read(rbdName, 0, MIB)).isEqualTo(java.util.Arrays.copyOf(disk, MIB));

    try (ImageWriter writer = guest.writer(rbdName)) {
      writer.write(0, new byte[] {42});
      writer.finish();
      cluster.delete(stored(Attachment.class, "disk"));
      round();
      assertThat(stored(Attachment.class, "disk").observed().condition("Granted").orElseThrow())
          .satisfies(granted -> assertThat(granted.isTrue()).isFalse());
    }

    List.of("disk", "data", "seed").forEach(name -> cluster.delete(stored(Volume.class, name)));
    cluster.delete(stored(Image.class, "debian"));
    cluster.delete(cluster.get(StoragePool.class, "", Examples.POOL).orElseThrow());
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          round();
          assertThat(cluster.list(StoragePool.class)).isEmpty();
        });
    assertThat(ceph.images("")).isEqualTo(imagesBefore);
  }

  private void untilReady(Class<? extends Reporting> type, String name) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          round();
          Reporting resource = type.cast(stored(type.asSubclass(CustomResource.class), name));
          assertThat(resource.observed().isReady()).as("%s", resource).isTrue();
        });
  }

  private void round() {
    kinds.forEach(this::pass);
  }

  private <R extends CustomResource<?, ?> & Reporting> void pass(Kind<R, ?, ?, ?> kind) {
    for (R resource : cluster.list(kind.type())) {
      cluster.addFinalizer(resource);
    }
    for (R resource : cluster.list(kind.type())) {
      Loop.Outcome<R> outcome =
          new Loop<>(kind, cluster, InstantSource.system(), (_, _, work) -> work.run())
              .reconcile(resource);
      if (outcome.released()) {
        cluster.removeFinalizer(outcome.resource());
      }
    }
  }

  private <T extends HasMetadata> T stored(Class<T> type, String name) {
    return cluster.get(type, Examples.NAMESPACE, name).orElseThrow();
  }

  private String rbdName(String volume) {
    return RbdNames.volume(stored(Volume.class, volume).getMetadata().getUid());
  }

  private Path qcow2(byte[] disk) throws IOException, InterruptedException {
    Path raw = Files.write(directory.resolve("disk.raw"), disk);
    Path qcow2 = directory.resolve("disk.qcow2");
    List<String> command =
        List.of(
            "qemu-img",
            "convert",
            "-c",
            "-f",
            "raw",
            "-O",
            "qcow2",
            raw.toString(),
            qcow2.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    return qcow2;
  }

  private static String checksum(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return "sha256:" + HexFormat.of().formatHex(digest);
  }

  private static byte[] disk() {
    byte[] disk = new byte[48 * MIB];
    byte[] start = new byte[3 * MIB];
    new Random(3).nextBytes(start);
    System.arraycopy(start, 0, disk, 0, start.length);
    return disk;
  }

  private static CephPool connect() {
    return new RadosCephPool(
        LabCeph.administrator(), new Endpoint("ceph/vms", 4, Duration.ofSeconds(40)));
  }
}
