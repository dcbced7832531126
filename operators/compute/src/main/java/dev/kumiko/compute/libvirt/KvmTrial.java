package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.Acceleration;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;

/**
 * Finds out whether KVM works by using it: {@code /dev/kvm} alone proves nothing, it also exists
 * where a guest's processor lacks half its features and is emulated one instruction at a time.
 */
final class KvmTrial {
  private static final int START_PAUSED = 1;
  private static final int AUTODESTROY = 2;
  private static final long RUN_MILLIS = 200;

  /** A model with all of x86-64-v2: every processor with hardware virtualization can be it. */
  private static final String EVERYWHERE = "Nehalem";

  private KvmTrial() {}

  /** Why KVM does not work; empty when it does. */
  static Optional<String> refusal(HostConnection connection) {
    if (!connection.isQemu()) {
      return Optional.of("this is libvirt's test driver");
    }
    try {
      return CpuModels.usable(connection, Acceleration.KVM).contains(EVERYWHERE)
          ? run(connection)
          : Optional.of("KVM on this host cannot run an x86-64-v2 processor");
    } catch (LibvirtFailure e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> run(HostConnection connection) {
    DomainPointer started =
        Libvirt.INSTANCE.virDomainCreateXML(
            connection.handle(), document(), START_PAUSED | AUTODESTROY);
    if (started == null) {
      return Optional.of(message("virDomainCreateXML"));
    }
    try (DomainHandle guest = new DomainHandle(started)) {
      guest.resume();
      Thread.sleep(RUN_MILLIS);
      GuestState state = guest.state();
      guest.destroy();
      return state == GuestState.RUNNING
          ? Optional.empty()
          : Optional.of("a guest with KVM did not stay running, but was " + state);
    } catch (LibvirtFailure e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("the trial was interrupted");
    }
  }

  private static String message(String call) {
    return String.valueOf(LibvirtFailure.last(call).getMessage());
  }

  /** The smallest domain that the schema accepts; its firmware finds nothing to boot and idles. */
  private static String document() {
    return """
    <domain type='kvm'>
      <name>kumiko-kvm-trial-%s</name>
      <memory unit='MiB'>32</memory>
      <vcpu>1</vcpu>
      <os><type arch='x86_64' machine='q35'>hvm</type></os>
      <devices>
        <controller type='usb' model='none'/>
        <memballoon model='none'/>
        <video><model type='none'/></video>
      </devices>
    </domain>
    """
        .formatted(UUID.randomUUID());
  }
}
