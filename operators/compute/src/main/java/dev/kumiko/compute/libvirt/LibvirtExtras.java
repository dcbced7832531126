package dev.kumiko.compute.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.CString;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;

/** Functions of libvirt that libvirt-java 0.5.4 does not map, on the handles that it holds. */
interface LibvirtExtras extends Library {
  LibvirtExtras VIRT = Native.load("virt", LibvirtExtras.class);

  int virConnectGetAllDomainStats(
      ConnectionPointer connection, int groups, PointerByReference records, int flags);

  /** {@code domains} ends with a null pointer, which JNA adds. */
  int virDomainListGetStats(Pointer[] domains, int groups, PointerByReference records, int flags);

  void virDomainStatsRecordListFree(Pointer records);

  @Nullable DomainPointer virDomainDefineXMLFlags(
      ConnectionPointer connection, String xml, int flags);

  int virDomainGetState(
      DomainPointer domain, IntByReference state, IntByReference reason, int flags);

  @Nullable CString virConnectGetDomainCapabilities(
      ConnectionPointer connection,
      @Nullable String emulator,
      String architecture,
      String machine,
      String virtualization,
      int flags);

  int virConnectListAllSecrets(ConnectionPointer connection, PointerByReference secrets, int flags);

  int virDomainMigrateToURI3(
      DomainPointer domain, String uri, @Nullable Pointer parameters, int count, int flags);

  int virDomainMigrateGetMaxDowntime(DomainPointer domain, LongByReference milliseconds, int flags);

  int virDomainMigrateStartPostCopy(DomainPointer domain, int flags);
}
