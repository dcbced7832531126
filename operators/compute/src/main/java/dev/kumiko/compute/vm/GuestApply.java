package dev.kumiko.compute.vm;

import dev.kumiko.compute.libvirt.CephSecret;
import dev.kumiko.compute.libvirt.Hosts;
import dev.kumiko.compute.libvirt.Hypervisor;
import dev.kumiko.compute.vm.DesiredVirtualMachine.Place;
import dev.kumiko.compute.vm.VirtualMachineAction.OnHost;
import dev.kumiko.reconcile.Unavailable;
import java.util.UUID;

/** Does what is done on hosts. */
record GuestApply(Hosts hosts, CephKeys keys, Proof proof, Tempo tempo) {

  void apply(DesiredVirtualMachine desired, OnHost action) {
    Hypervisor host = hosts.connected(action.host());
    switch (action) {
      case VirtualMachineAction.ProvideSecret secret -> host.provideSecret(key(secret.pool()));
      case VirtualMachineAction.Define define -> host.define(define.guest());
      case VirtualMachineAction.StartPaused start -> {
        tempo.started(start.guest());
        startPaused(host, start.guest());
      }
      case VirtualMachineAction.Resume resume -> {
        proof.hold(desired, new Place(resume.host(), resume.epoch()));
        tempo.retried(resume.guest());
        if (!desired.ran()) {
          tempo.resumed(resume.guest());
        }
        host.resume(resume.guest(), resume.epoch());
      }
      case VirtualMachineAction.RequestShutdown request -> {
        tempo.shutdownAsked(request.guest());
        host.requestShutdown(request.guest());
      }
      case VirtualMachineAction.Destroy destroy -> host.destroy(destroy.guest(), destroy.epoch());
      case VirtualMachineAction.Undefine undefine -> {
        host.undefine(undefine.guest());
        if (desired.place().filter(p -> !p.host().equals(undefine.host())).isEmpty()) {
          tempo.forget(undefine.guest());
        }
      }
      case VirtualMachineAction.ResizeDisk resize ->
          host.resizeDisk(resize.guest(), resize.disk(), resize.bytes());
    }
  }

  private void startPaused(Hypervisor host, UUID guest) {
    try {
      host.startPaused(guest);
    } catch (Unavailable e) {
      tempo.refused(guest, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private CephSecret key(String pool) {
    return keys.secret(pool)
        .orElseThrow(() ->
            new Unavailable("kubernetes", "the guest key of StoragePool " + pool + " is gone"));
  }
}
