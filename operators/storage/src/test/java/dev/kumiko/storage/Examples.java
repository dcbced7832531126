package dev.kumiko.storage;

import dev.kumiko.reconcile.InMemoryCluster;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Condition;
import dev.kumiko.v1alpha1.Fence;
import dev.kumiko.v1alpha1.Host;
import dev.kumiko.v1alpha1.Image;
import dev.kumiko.v1alpha1.StoragePool;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resources as users and other operators write them. */
public final class Examples {
  public static final String NAMESPACE = "blue";
  public static final String POOL = "vms";
  private static final String CHECKSUM = "sha256:" + "ab".repeat(32);

  private Examples() {}

  public static StoragePool pool() {
    StoragePool pool = named(new StoragePool(), "", POOL);
    pool.setSpec(
        new StoragePool.Spec(
            List.of("10.0.0.1:3300"),
            "rbd",
            "kumiko",
            "ceph-key",
            "guest",
            "guest-key",
            List.of(),
            null,
            1000));
    return pool;
  }

  /** A StoragePool whose operator reported it Ready. */
  public static void addReadyPool(InMemoryCluster cluster) {
    cluster.create(pool());
    StoragePool stored = cluster.get(StoragePool.class, "", POOL).orElseThrow();
    stored.setStatus(StoragePool.Status.empty().with(1L, List.of(ready()), List.of(), List.of()));
    cluster.updateStatus(stored);
  }

  public static Image image(String name) {
    Image image = named(new Image(), NAMESPACE, name);
    image.setSpec(
        new Image.Spec(
            POOL,
            new Image.Source("https://images.example.org/" + name, CHECKSUM),
            Image.Format.Raw,
            null,
            Image.Visibility.Private));
    return image;
  }

  /** An Image whose operator reported it Ready, with this size. */
  public static Image addReadyImage(InMemoryCluster cluster, Image image, String size) {
    cluster.create(image);
    String namespace = image.getMetadata().getNamespace();
    String name = image.getMetadata().getName();
    Image stored = cluster.get(Image.class, namespace, name).orElseThrow();
    stored.setStatus(
        new Image.Status(
            1L, List.of(ready()), List.of(), List.of(), 100, size, CHECKSUM, null, null));
    return cluster.updateStatus(stored);
  }

  public static Volume blankVolume(String name, String size) {
    return volume(name, size, null);
  }

  public static Volume clonedVolume(String name, @Nullable String size, String image) {
    return volume(name, size, new Volume.Source(image, null, null));
  }

  public static Volume seedVolume(String name, String secret) {
    return volume(name, null, new Volume.Source(null, null, new Volume.CloudInit(secret)));
  }

  public static Volume volume(String name, @Nullable String size, Volume.@Nullable Source source) {
    Volume volume = named(new Volume(), NAMESPACE, name);
    volume.setSpec(new Volume.Spec(POOL, size, source, Volume.DeletionPolicy.Delete));
    return volume;
  }

  public static Attachment attachment(String volume, long epoch, String... hosts) {
    Attachment attachment = named(new Attachment(), NAMESPACE, volume);
    attachment.setSpec(new Attachment.Spec(volume, "web", List.of(hosts), epoch));
    return attachment;
  }

  public static Host host(String name, String... storageAddresses) {
    Host host = named(new Host(), "", name);
    host.setSpec(
        new Host.Spec(
            new Host.Connection("test:///default", null),
            Host.Mode.Active,
            null,
            null,
            null,
            List.of(storageAddresses),
            null,
            List.of()));
    return host;
  }

  public static StoragePool pool(String name) {
    StoragePool pool = named(new StoragePool(), "", name);
    pool.setSpec(pool().getSpec());
    return pool;
  }

  public static Fence fence(String host, Fence.Stage stage, String... addresses) {
    Fence fence = named(new Fence(), "", host);
    fence.setSpec(new Fence.Spec(stage, List.of(addresses), false, null, null, null));
    return fence;
  }

  /** The same, once its host is back and its old guests are ended. */
  public static Fence released(Fence fence) {
    Fence released = named(new Fence(), "", fence.getMetadata().getName());
    released.setMetadata(fence.getMetadata());
    released.setSpec(
        new Fence.Spec(
            fence.getSpec().stage(), fence.getSpec().addresses(), true, null, null, null));
    return released;
  }

  public static Secret secret(String name, Map<String, String> content) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(name)
        .endMetadata()
        .addToData(
            content.entrySet().stream()
                .collect(
                    java.util.stream.Collectors.toMap(
                        Map.Entry::getKey,
                        entry ->
                            java.util.Base64.getEncoder()
                                .encodeToString(
                                    entry
                                        .getValue()
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)))))
        .build();
  }

  public static Condition ready() {
    return new Condition("Ready", "True", "Ready", "Ready.", "2026-01-01T00:00:00Z", 1L);
  }

  private static <T extends HasMetadata> T named(T resource, String namespace, String name) {
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(namespace.isEmpty() ? null : namespace)
            .build());
    return resource;
  }
}
