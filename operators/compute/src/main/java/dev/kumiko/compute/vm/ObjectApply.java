package dev.kumiko.compute.vm;

import dev.kumiko.compute.placement.Sizes;
import dev.kumiko.compute.verdict.SilentSince;
import dev.kumiko.compute.vm.DesiredVirtualMachine.DiskAsk;
import dev.kumiko.compute.vm.DesiredVirtualMachine.NicAsk;
import dev.kumiko.compute.vm.ObservedVirtualMachine.Presence;
import dev.kumiko.compute.vm.VirtualMachineAction.OnApi;
import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Rejection;
import dev.kumiko.reconcile.Unavailable;
import dev.kumiko.v1alpha1.Attachment;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import dev.kumiko.v1alpha1.Volume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Does what is done to objects of the API: the machine itself, and what is made for it. */
final class ObjectApply {
  private final Cluster cluster;
  private final CandidateHosts candidates;
  private final Sight sight;
  private final InstantSource clock;

  ObjectApply(Cluster cluster, CandidateHosts candidates, Sight sight, InstantSource clock) {
    this.cluster = cluster;
    this.candidates = candidates;
    this.sight = sight;
    this.clock = clock;
  }

  void apply(Pass<VirtualMachine> pass, DesiredVirtualMachine desired, OnApi action) {
    VirtualMachine machine = pass.resource();
    switch (action) {
      case VirtualMachineAction.Place place -> place(pass, desired, place);
      case VirtualMachineAction.Renew renew ->
          pass.writeStatusFirst(
              StatusOf.placed(machine, desired, renew.host(), renew.epoch(), clock.instant()));
      case VirtualMachineAction.Release _ -> {
        if (machine.observed().placement() != null) {
          pass.writeStatusFirst(StatusOf.released(machine, desired, null));
        }
      }
      case VirtualMachineAction.Recover recover -> recover(pass, desired, recover.host());
      case VirtualMachineAction.CreateSeedSecret seed -> seed(machine, desired, seed.secret());
      case VirtualMachineAction.CreateSeedVolume seed ->
          cluster.create(
              Companions.held(
                  Companions.seedVolume(
                      machine, seed.volume(), desired.seedSecret(), pool(desired))));
      case VirtualMachineAction.CreateVolume volume ->
          cluster.create(Companions.held(volume(machine, disk(desired, volume.disk()))));
      case VirtualMachineAction.UpdateVolume volume ->
          replace(desired, notSmaller(volume(machine, disk(desired, volume.disk()))));
      case VirtualMachineAction.CreatePort port ->
          cluster.create(
              Companions.held(Companions.port(machine, nic(desired, port.nic()), port.host())));
      case VirtualMachineAction.MovePort port ->
          replace(desired, Companions.port(machine, nic(desired, port.nic()), port.host()));
      case VirtualMachineAction.CreateAttachment claim ->
          cluster.create(
              Companions.held(
                  Companions.attachment(machine, claim.volume(), claim.host(), claim.epoch())));
      case VirtualMachineAction.MoveAttachment claim ->
          replace(
              desired, Companions.attachment(machine, claim.volume(), claim.host(), claim.epoch()));
      case VirtualMachineAction.Arrive arrive ->
          pass.writeStatusFirst(StatusOf.arrived(machine, arrive.host(), arrive.epoch()));
      case VirtualMachineAction.SharePort port ->
          replace(desired, Companions.port(machine, nic(desired, port.nic()), port.hosts()));
      case VirtualMachineAction.ShareAttachment claim ->
          replace(
              desired,
              Companions.attachment(machine, claim.volume(), claim.hosts(), claim.epoch()));
      case VirtualMachineAction.Delete delete -> delete(desired, delete);
    }
  }

  /** Stays with the machine as the story of its recovery. */
  private void recover(Pass<VirtualMachine> pass, DesiredVirtualMachine desired, String host) {
    if (pass.resource().observed().placement() == null) {
      return;
    }
    VirtualMachine.Recovered story = Story.released(host, sight.fence(host), clock.instant());
    pass.writeStatusFirst(StatusOf.released(pass.resource(), desired, story));
    cluster.event(
        pass.resource(),
        Cluster.Severity.Warning,
        "HostLost",
        "Host "
            + host
            + " was given up"
            + SilentSince.text(Optional.ofNullable(story.silentSince()))
            + ": the guest is started on another.");
  }

  /** Decided anew: when another host is better by now, the pass begins again and goes there. */
  private void place(
      Pass<VirtualMachine> pass, DesiredVirtualMachine desired, VirtualMachineAction.Place place) {
    if (pass.resource().observed().placement() != null) {
      return;
    }
    candidates.reserve(
        desired.identity(),
        desired.demand(),
        place.host(),
        () ->
            pass.writeStatusFirst(
                StatusOf.placed(
                    pass.resource(), desired, place.host(), place.epoch(), clock.instant())));
  }

  /** One that is there already is ours from an earlier try, or somebody else's. */
  private void seed(VirtualMachine machine, DesiredVirtualMachine desired, String name) {
    boolean created =
        cluster.create(Companions.seedSecret(machine, name, seedFiles(machine, desired)));
    boolean isOurs =
        created
            || cluster
                .get(Secret.class, desired.identity().namespace(), name)
                .filter(s -> Companions.presence(s, desired.identity()) == Presence.OURS)
                .isPresent();
    if (!isOurs) {
      throw new Rejection(
          "NameTaken",
          "Secret "
              + name
              + " exists and was not made for this machine: delete it, or name the machine"
              + " differently");
    }
  }

  private Map<String, String> seedFiles(VirtualMachine machine, DesiredVirtualMachine desired) {
    VirtualMachine.CloudInit cloudInit = desired.cloudInit().orElseThrow();
    return Seed.files(
        machine,
        cloudInit,
        Optional.ofNullable(cloudInit.secretName())
            .map(name -> given(desired.identity().namespace(), name))
            .orElseGet(Map::of));
  }

  private Map<String, String> given(String namespace, String name) {
    Secret secret =
        cluster
            .get(Secret.class, namespace, name)
            .orElseThrow(() ->
                new Unavailable(
                    "kubernetes", "Secret " + name + " of cloudInit.secretName is missing"));
    Map<String, String> files = new LinkedHashMap<>();
    Optional.ofNullable(secret.getData())
        .orElseGet(Map::of)
        .forEach((file, encoded) ->
            files.put(
                file, new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)));
    return files;
  }

  /** The seed is where the first disk is. */
  private String pool(DesiredVirtualMachine desired) {
    DiskAsk first = desired.disks().getFirst();
    return first
        .template()
        .map(VirtualMachine.VolumeTemplate::pool)
        .or(() ->
            cluster
                .get(Volume.class, desired.identity().namespace(), first.volume())
                .map(v -> v.getSpec().pool()))
        .orElseThrow(() ->
            new Unavailable("kubernetes", "Volume " + first.volume() + " does not exist yet"));
  }

  /** Ours to write whole; what others put on it (finalizers, annotations) stays. */
  private <T extends HasMetadata> void replace(DesiredVirtualMachine desired, T wanted) {
    @SuppressWarnings("unchecked") // the class of a T
    Class<T> type = (Class<T>) wanted.getClass();
    ObjectMeta asked = wanted.getMetadata();
    cluster
        .get(type, asked.getNamespace(), asked.getName())
        .filter(found -> Companions.presence(found, desired.identity()) == Presence.OURS)
        .ifPresent(found -> {
          wanted.setMetadata(
              new ObjectMetaBuilder(found.getMetadata())
                  .addToLabels(asked.getLabels())
                  .withOwnerReferences(asked.getOwnerReferences())
                  .build());
          cluster.replace(wanted);
        });
  }

  /** As the template says, but a Volume that its user has grown beyond it keeps its size. */
  private Volume notSmaller(Volume wanted) {
    ObjectMeta asked = wanted.getMetadata();
    Volume.Spec spec = wanted.getSpec();
    cluster
        .get(Volume.class, asked.getNamespace(), asked.getName())
        .map(found -> found.getSpec().size())
        .filter(size -> spec.size() == null || Sizes.kibibytes(size) > Sizes.kibibytes(spec.size()))
        .ifPresent(size ->
            wanted.setSpec(
                new Volume.Spec(spec.pool(), size, spec.source(), spec.deletionPolicy())));
    return wanted;
  }

  private void delete(DesiredVirtualMachine desired, VirtualMachineAction.Delete delete) {
    Class<? extends HasMetadata> type =
        switch (delete.kind()) {
          case ATTACHMENT -> Attachment.class;
          case PORT -> Port.class;
          case VOLUME -> Volume.class;
        };
    cluster.get(type, desired.identity().namespace(), delete.object()).ifPresent(cluster::delete);
  }

  private static Volume volume(VirtualMachine machine, DiskAsk disk) {
    return Companions.volume(machine, disk, disk.template().orElseThrow());
  }

  private static DiskAsk disk(DesiredVirtualMachine desired, String name) {
    return desired.disks().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  private static NicAsk nic(DesiredVirtualMachine desired, String name) {
    return desired.nics().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }
}
