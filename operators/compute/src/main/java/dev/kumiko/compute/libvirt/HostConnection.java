package dev.kumiko.compute.libvirt;

import static dev.kumiko.compute.libvirt.LibvirtFailure.check;

import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.Libvirt.VirConnectCloseFunc;
import org.libvirt.jna.Libvirt.VirConnectDomainEventCallback;
import org.libvirt.jna.Libvirt.VirDomainEventCallback;

/**
 * One open connection, for one call at a time (as {@link Lanes} tells). It is closed when it was
 * retired and its user is done, because a native call on a closed handle ends the process.
 */
final class HostConnection {
  private static final int LIFECYCLE = 0;
  private static final int METADATA_CHANGE = 23;
  private static final int KEEPALIVE_SECONDS = 1;
  private static final int KEEPALIVE_COUNT = 3;

  /**
   * For how long a host has been silent when keepalive gives it up: it asks after each interval
   * without an answer, and waits one more after it asked last. Hosts that fall silent together are
   * so noticed up to one interval apart, which must not be longer than what is left of the time
   * after which they are judged.
   */
  static final Duration SILENCE =
      Duration.ofSeconds((long) KEEPALIVE_SECONDS * (KEEPALIVE_COUNT + 1));

  /** VIR_CONNECT_CLOSE_REASON_KEEPALIVE. */
  private static final int SILENT = 2;

  private final OpenConnect connect;
  private final List<Integer> subscriptions = new ArrayList<>();
  private Optional<Callbacks> callbacks = Optional.empty();
  private boolean used;
  private boolean retired;

  /**
   * What native code calls: it outlives connections, because libvirt may deliver a last event while
   * one is being closed.
   */
  static final class Callbacks {
    private final VirConnectDomainEventCallback lifecycle;
    private final MetadataChanged metadata;
    private final VirConnectCloseFunc close;

    Callbacks(Consumer<UUID> onGuest, Consumer<Link.Sign> onClose) {
      this.lifecycle =
          (connection, domain, event, detail, opaque) -> {
            onGuest.accept(DomainHandle.uuid(domain));
            return 0;
          };
      this.metadata =
          (connection, domain, type, uri, opaque) -> onGuest.accept(DomainHandle.uuid(domain));
      this.close =
          (connection, reason, opaque) ->
              onClose.accept(reason == SILENT ? Link.Sign.SILENT : Link.Sign.FAILED);
    }
  }

  /** virConnectDomainEventMetadataChangeCallback. */
  interface MetadataChanged extends VirDomainEventCallback {
    void changed(
        ConnectionPointer connection, DomainPointer domain, int type, String uri, Pointer opaque);
  }

  /** Makes libvirt-java's handle visible to the functions that it does not map. */
  private static final class OpenConnect extends Connect {
    OpenConnect(String uri) throws LibvirtException {
      super(uri);
    }

    ConnectionPointer handle() {
      return vcp;
    }
  }

  private HostConnection(OpenConnect connect) {
    this.connect = connect;
  }

  /** Blocks until libvirtd has answered; libvirt itself knows no deadline here. */
  static HostConnection open(HostAddress address) {
    EventLoop.ensureRunning();
    try {
      HostConnection opened = new HostConnection(new OpenConnect(address.connectUri()));
      if (address.uri().getScheme().contains("+")) {
        opened.keepAlive();
      }
      return opened;
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  private void keepAlive() throws LibvirtException {
    try {
      connect.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
    } catch (LibvirtException e) {
      retire();
      throw e;
    }
  }

  /** Has these told of guests and of its end, until it is closed. */
  void subscribe(Callbacks told) {
    callbacks = Optional.of(told);
    // Local drivers have nothing to lose: they do not support it.
    Libvirt.INSTANCE.virConnectRegisterCloseCallback(handle(), told.close, null, null);
    subscribe(LIFECYCLE, told.lifecycle);
    subscribe(METADATA_CHANGE, told.metadata);
  }

  private void subscribe(int event, VirDomainEventCallback callback) {
    subscriptions.add(
        check(
            Libvirt.INSTANCE.virConnectDomainEventRegisterAny(
                handle(), null, event, callback, null, null),
            "virConnectDomainEventRegisterAny"));
  }

  ConnectionPointer handle() {
    return connect.handle();
  }

  Connect connect() {
    return connect;
  }

  /** Whether QEMU's driver is at the other end, and not libvirt's test driver. */
  boolean isQemu() {
    try {
      return "QEMU".equals(connect.getType());
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  String uri() {
    try {
      return connect.getURI();
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  /** Whether it is not known to be broken. */
  boolean isAlive() {
    try {
      return connect.isAlive();
    } catch (LibvirtException e) {
      return false;
    }
  }

  /** Whether the daemon behind it does what it is asked; not only its keepalive. */
  boolean answers() {
    try {
      return isAlive() && connect.getLibVersion() > 0;
    } catch (LibvirtException e) {
      return false;
    }
  }

  /** Does something on the connection while it is sure to be open, and nothing else is done. */
  <T> T use(Function<HostConnection, T> work) {
    enter();
    try {
      return work.apply(this);
    } finally {
      leave();
    }
  }

  /** Applies to one domain, if it exists. */
  <T> Optional<T> with(UUID guest, Function<DomainHandle, T> work) {
    return DomainHandle.find(handle(), guest)
        .map(domain -> {
          try (domain) {
            return work.apply(domain);
          }
        });
  }

  void define(String document) {
    int validate = 1;
    DomainPointer defined =
        check(
            LibvirtExtras.VIRT.virDomainDefineXMLFlags(handle(), document, validate),
            "virDomainDefineXMLFlags");
    Libvirt.INSTANCE.virDomainFree(defined);
  }

  private synchronized void enter() {
    if (retired) {
      throw new ConnectionLost(Link.Sign.FAILED, "it was given up");
    }
    if (used) {
      throw new IllegalStateException("two calls at a time over one connection");
    }
    used = true;
  }

  private synchronized void leave() {
    used = false;
    closeWhenUnused();
  }

  synchronized void retire() {
    if (!retired) {
      retired = true;
      closeWhenUnused();
    }
  }

  private void closeWhenUnused() {
    if (retired && !used) {
      // The daemon is told, which may never answer.
      Thread.ofPlatform().daemon().name("libvirt-close").start(this::close);
    }
  }

  private void close() {
    // Each registration holds a reference: without this the socket would stay open.
    for (int subscription : subscriptions) {
      Libvirt.INSTANCE.virConnectDomainEventDeregisterAny(handle(), subscription);
    }
    callbacks.ifPresent(
        who -> Libvirt.INSTANCE.virConnectUnregisterCloseCallback(handle(), who.close));
    try {
      connect.close();
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }
}
