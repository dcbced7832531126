package dev.kumiko.compute.vm;

import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Identity;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Kumiko;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects that a machine has made for itself, as they are to be. */
final class Companions {
  /** Label on what is made for a machine: its name, for people and watches. */
  static final String MACHINE = "kumiko.dev/virtual-machine";

  /** Label on what is made for a machine: its UID, so that a namesake does not take it over. */
  static final String MACHINE_UID = "kumiko.dev/virtual-machine-uid";

  private Companions() {}

  /** Whose an object is that has the name of ours. */
  static Presence presence(HasMetadata object, Identity identity) {
    ObjectMeta metadata = object.getMetadata();
    if (!identity.uid().toString().equals(label(metadata, MACHINE_UID))) {
      return Presence.OTHERS;
    }
    return metadata.getDeletionTimestamp() == null ? Presence.OURS : Presence.LEAVING;
  }

  private static String label(ObjectMeta metadata, String name) {
    return Optional.ofNullable(metadata.getLabels()).map(labels -> labels.get(name)).orElse("");
  }

  /** The machine that an object was made for; empty when it was made by hand. */
  static Optional<String> machine(HasMetadata object) {
    return Optional.of(label(object.getMetadata(), MACHINE)).filter(name -> !name.isEmpty());
  }

  static boolean isOwned(HasMetadata object, Identity identity) {
    return object.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .anyMatch(identity.uid().toString()::equals);
  }

  /**
   * Goes with the machine, by the cluster's garbage collection: the right to read Secrets may be
   * gone before, with a namespace that is on its way out.
   */
  static Secret seedSecret(VirtualMachine machine, String name, Map<String, String> files) {
    return new SecretBuilder()
        .withMetadata(owned(machine, name).build())
        .withType("Opaque")
        .withStringData(files)
        .build();
  }

  static Volume seedVolume(VirtualMachine machine, String name, String secret, String pool) {
    Volume.Source source = new Volume.Source(null, null, new Volume.CloudInit(secret));
    Volume volume = new Volume();
    volume.setMetadata(owned(machine, name).build());
    volume.setSpec(new Volume.Spec(pool, null, source, Volume.DeletionPolicy.Delete));
    return volume;
  }

  static Volume volume(
      VirtualMachine machine, DiskAsk disk, VirtualMachine.VolumeTemplate template) {
    Volume volume = new Volume();
    volume.setMetadata(
        switch (template.deletionPolicy()) {
          case Delete -> owned(machine, disk.volume()).build();
          case Retain -> labelled(machine, disk.volume()).build();
        });
    String image = template.image();
    volume.setSpec(
        new Volume.Spec(
            template.pool(),
            template.size(),
            image == null ? null : new Volume.Source(image, template.imageNamespace(), null),
            Volume.DeletionPolicy.Delete));
    return volume;
  }

  /**
   * @param host where it may appear; empty: nowhere
   */
  static Port port(VirtualMachine machine, NicAsk nic, String host) {
    return port(machine, nic, host.isEmpty() ? List.of() : List.of(host));
  }

  /**
   * @param hosts where it may appear; the first gets its traffic
   */
  static Port port(VirtualMachine machine, NicAsk nic, List<String> hosts) {
    Port port = new Port();
    port.setMetadata(owned(machine, nic.port()).build());
    port.setSpec(
        new Port.Spec(
            nic.network(),
            nic.address().orElse(null),
            nic.mac().orElse(null),
            hosts,
            nic.probe().isPresent() ? new Port.Probe(nic.probe().getAsInt()) : null));
    return port;
  }

  static Attachment attachment(VirtualMachine machine, String volume, String host, long epoch) {
    return attachment(machine, volume, List.of(host), epoch);
  }

  static Attachment attachment(
      VirtualMachine machine, String volume, List<String> hosts, long epoch) {
    Attachment attachment = new Attachment();
    attachment.setMetadata(owned(machine, volume).build());
    attachment.setSpec(new Attachment.Spec(volume, machine.getMetadata().getName(), hosts, epoch));
    return attachment;
  }

  /** With the finalizer of its operator, which saves that one a write. */
  static <T extends HasMetadata> T held(T object) {
    object.getMetadata().setFinalizers(List.of(Kumiko.FINALIZER));
    return object;
  }

  private static ObjectMetaBuilder labelled(VirtualMachine machine, String name) {
    ObjectMeta metadata = machine.getMetadata();
    return new ObjectMetaBuilder()
        .withNamespace(metadata.getNamespace())
        .withName(name)
        .withLabels(Map.of(MACHINE, metadata.getName(), MACHINE_UID, metadata.getUid()));
  }

  private static ObjectMetaBuilder owned(VirtualMachine machine, String name) {
    return labelled(machine, name)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(machine.getApiVersion())
                .withKind(machine.getKind())
                .withName(machine.getMetadata().getName())
                .withUid(machine.getMetadata().getUid())
                .withController(true)
                .build());
  }
}
