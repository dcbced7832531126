package dev.kumiko.app.planted.compute.vm;

import dev.kumiko.app.planted.compute.libvirt.PlantedPort;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.v1alpha1.VirtualMachine;

public interface PlantedVmKind extends Kind<VirtualMachine, String, String, Action> {
  PlantedPort port();
}
