package dev.kumiko.network.port;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.v1alpha1.Port;
import dev.kumiko.v1alpha1.VirtualMachine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Optional;

/** Finds the machine that a port was made for: its guest may be running with it. */
record PortUsers(Cluster cluster) {

  /** What holds a port that is to be deleted. */
  List<Wait> of(Port port) {
    return owner(port)
        .filter(vm -> uses(vm, port.getMetadata().getName()))
        .map(vm -> Wait.referrer(vm.getKind(), ObjectKey.of(vm).toString()))
        .stream()
        .toList();
  }

  private Optional<VirtualMachine> owner(Port port) {
    String namespace = port.getMetadata().getNamespace();
    return port.getMetadata().getOwnerReferences().stream()
        .filter(owner -> owner.getKind().equals(HasMetadata.getKind(VirtualMachine.class)))
        .flatMap(owner -> machine(namespace, owner).stream())
        .findFirst();
  }

  private Optional<VirtualMachine> machine(String namespace, OwnerReference owner) {
    return cluster
        .get(VirtualMachine.class, namespace, owner.getName())
        .filter(vm -> owner.getUid().equals(vm.getMetadata().getUid()));
  }

  /** A machine that is on no host, or on its way out, has no guest with that port. */
  static boolean uses(VirtualMachine vm, String port) {
    String name = vm.getMetadata().getName();
    return vm.getMetadata().getDeletionTimestamp() == null
        && vm.observed().placement() != null
        && vm.getSpec().interfaces().stream()
            .anyMatch(nic -> (name + "-" + nic.name()).equals(port));
  }
}
