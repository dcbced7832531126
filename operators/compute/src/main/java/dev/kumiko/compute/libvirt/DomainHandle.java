package dev.kumiko.compute.libvirt;

import static dev.kumiko.compute.libvirt.LibvirtFailure.check;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.kumiko.compute.domainxml.DomainXml;
import dev.kumiko.compute.domainxml.Marker;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.jna.CString;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;

/** One domain of an open connection, freed when closed; throws {@link LibvirtFailure}. */
final class DomainHandle implements AutoCloseable {
  private static final int START_PAUSED = 1;
  private static final int INACTIVE = 2;
  private static final int METADATA_ELEMENT = 2;
  private static final int AFFECT_LIVE = 1;
  private static final int BLOCK_RESIZE_BYTES = 1;

  /** Managed save, snapshot metadata, NVRAM and checkpoint metadata go with the definition. */
  private static final int UNDEFINE_EVERYTHING = 1 | 2 | 4 | 16;

  private static final Libvirt VIRT = Libvirt.INSTANCE;

  /** Milliseconds: the values that QEMU announces with after a migration. */
  private static final String ANNOUNCE =
      "{\"execute\":\"announce-self\",\"arguments\":"
          + "{\"initial\":50,\"max\":550,\"rounds\":5,\"step\":100}}";

  private final DomainPointer pointer;

  DomainHandle(DomainPointer pointer) {
    this.pointer = pointer;
  }

  static Optional<DomainHandle> find(ConnectionPointer connection, UUID uuid) {
    DomainPointer found = VIRT.virDomainLookupByUUIDString(connection, uuid.toString());
    if (found == null) {
      LibvirtFailure failure = LibvirtFailure.last("virDomainLookupByUUIDString");
      if (failure.is(LibvirtFailure.NO_DOMAIN)) {
        return Optional.empty();
      }
      throw failure;
    }
    return Optional.of(new DomainHandle(found));
  }

  DomainPointer pointer() {
    return pointer;
  }

  static UUID uuid(DomainPointer domain) {
    byte[] text = new byte[37];
    check(VIRT.virDomainGetUUIDString(domain, text), "virDomainGetUUIDString");
    return UUID.fromString(new String(text, 0, 36, java.nio.charset.StandardCharsets.US_ASCII));
  }

  String name() {
    return VIRT.virDomainGetName(pointer);
  }

  boolean isActive() {
    return check(VIRT.virDomainIsActive(pointer), "virDomainIsActive") == 1;
  }

  GuestState state() {
    IntByReference state = new IntByReference();
    IntByReference reason = new IntByReference();
    check(LibvirtExtras.VIRT.virDomainGetState(pointer, state, reason, 0), "virDomainGetState");
    return States.of(state.getValue(), reason.getValue());
  }

  /** The document of the definition; of a domain that is only active, of that. */
  String definition() {
    CString text = check(VIRT.virDomainGetXMLDesc(pointer, INACTIVE), "virDomainGetXMLDesc");
    return text.toString();
  }

  /** Whether it is defined; an active domain that is not vanishes when it ends. */
  boolean isPersistent() {
    return check(VIRT.virDomainIsPersistent(pointer), "virDomainIsPersistent") == 1;
  }

  Optional<Marker> activeMarker() {
    CString text =
        VIRT.virDomainGetMetadata(pointer, METADATA_ELEMENT, Marker.XML_NAMESPACE, AFFECT_LIVE);
    if (text == null) {
      LibvirtFailure failure = LibvirtFailure.last("virDomainGetMetadata");
      if (failure.is(LibvirtFailure.NO_DOMAIN_METADATA)
          || failure.is(LibvirtFailure.OPERATION_INVALID)
          || failure.is(LibvirtFailure.NO_DOMAIN)) {
        return Optional.empty();
      }
      throw failure;
    }
    return Optional.of(DomainXml.markerOfMetadata(text.toString()));
  }

  void startPaused() {
    check(VIRT.virDomainCreateWithFlags(pointer, START_PAUSED), "virDomainCreateWithFlags");
  }

  void resume() {
    check(VIRT.virDomainResume(pointer), "virDomainResume");
  }

  void requestShutdown() {
    check(VIRT.virDomainShutdown(pointer), "virDomainShutdown");
  }

  void destroy() {
    check(VIRT.virDomainDestroy(pointer), "virDomainDestroy");
  }

  void undefine() {
    int result = VIRT.virDomainUndefineFlags(pointer, UNDEFINE_EVERYTHING);
    if (result < 0 && VIRT.virDomainUndefine(pointer) < 0) {
      throw LibvirtFailure.last("virDomainUndefine");
    }
  }

  void reset() {
    check(VIRT.virDomainReset(pointer, 0), "virDomainReset");
  }

  /** QEMU sends an announcement for each interface, by itself and again (QMP, announce-self). */
  void announce() {
    PointerByReference answer = new PointerByReference();
    check(
        QemuExtras.QEMU.virDomainQemuMonitorCommand(pointer, ANNOUNCE, answer, 0),
        "virDomainQemuMonitorCommand");
    Native.free(Pointer.nativeValue(answer.getValue()));
  }

  void resizeDisk(String target, long bytes) {
    check(
        VIRT.virDomainBlockResize(pointer, target, bytes, BLOCK_RESIZE_BYTES),
        "virDomainBlockResize");
  }

  @Override
  public void close() {
    VIRT.virDomainFree(pointer);
  }
}
