package dev.kumiko.compute.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.PointerByReference;
import org.libvirt.jna.DomainPointer;

/** What libvirt offers for QEMU only (libvirt/libvirt-qemu.h). */
interface QemuExtras extends Library {
  QemuExtras QEMU = Native.load("virt-qemu", QemuExtras.class);

  int virDomainQemuMonitorCommand(
      DomainPointer domain, String command, PointerByReference result, int flags);
}
