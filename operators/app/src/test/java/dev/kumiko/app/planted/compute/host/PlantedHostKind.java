package dev.kumiko.app.planted.compute.host;

import dev.kumiko.app.planted.compute.vm.PlantedVmKind;
import dev.kumiko.reconcile.Action;
import dev.kumiko.reconcile.Kind;
import dev.kumiko.v1alpha1.Host;

interface PlantedHostKind extends Kind<Host, String, String, Action> {
  PlantedVmKind virtualMachines();
}
