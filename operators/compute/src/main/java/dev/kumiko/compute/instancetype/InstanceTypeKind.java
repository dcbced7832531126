package dev.kumiko.compute.instancetype;

import dev.kumiko.reconcile.Cluster;
import dev.kumiko.reconcile.Desired;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.reconcile.NoAction;
import dev.kumiko.reconcile.ObjectKey;
import dev.kumiko.reconcile.Pass;
import dev.kumiko.reconcile.Readiness;
import dev.kumiko.reconcile.Report;
import dev.kumiko.reconcile.Wait;
import dev.kumiko.reconcile.Watch;
import dev.kumiko.v1alpha1.InstanceType;
import dev.kumiko.v1alpha1.VirtualMachine;
import java.util.List;
import java.util.Optional;

/** Keeps an InstanceType as long as a machine names it: without it, that one could not start. */
public final class InstanceTypeKind
    implements Kind<InstanceType, InstanceType, InstanceType, NoAction> {
  private final Cluster cluster;

  public InstanceTypeKind(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Class<InstanceType> type() {
    return InstanceType.class;
  }

  @Override
  public Desired<InstanceType> desire(InstanceType type) {
    if (type.getMetadata().getDeletionTimestamp() == null) {
      return new Desired.Present<>(type);
    }
    long users =
        cluster.list(VirtualMachine.class).stream()
            .filter(
                machine -> type.getMetadata().getName().equals(machine.getSpec().instanceType()))
            .count();
    return users == 0 ? new Desired.Absent<>(type) : Desired.blockedOn(inUse(users));
  }

  /** Every tenant reads it, and what others call their machines is theirs to know. */
  private static Wait inUse(long users) {
    return new Wait(
        "VirtualMachine",
        users + " in all namespaces",
        "InUse",
        "VirtualMachines that still name it: "
            + users
            + "; delete them or give them another spec.instanceType first");
  }

  @Override
  public InstanceType observe(InstanceType type, InstanceType asked) {
    return type;
  }

  @Override
  public List<NoAction> plan(Desired<InstanceType> desired, InstanceType observed) {
    return List.of();
  }

  @Override
  public void apply(Pass<InstanceType> pass, NoAction action) {}

  @Override
  public Report report(
      InstanceType type, Desired<InstanceType> desired, Optional<InstanceType> observed) {
    return Report.of(type.observed(), new Readiness.Ready("VirtualMachines may name it"));
  }

  /** A machine that goes away, or names another, may be the last that kept one. */
  @Override
  public List<Watch<?>> watches() {
    return List.of(new Watch<>(VirtualMachine.class, machine -> deleted()));
  }

  private List<ObjectKey> deleted() {
    return cluster.list(InstanceType.class).stream()
        .filter(type -> type.getMetadata().getDeletionTimestamp() != null)
        .map(ObjectKey::of)
        .toList();
  }
}
