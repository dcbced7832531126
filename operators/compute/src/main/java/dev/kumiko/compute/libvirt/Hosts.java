package dev.kumiko.compute.libvirt;

import dev.kumiko.reconcile.Unavailable;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** The hosts that this process keeps a connection to. */
public interface Hosts extends AutoCloseable {
  /** The host of that name; empty when it was not opened. Never blocks. */
  Optional<Hypervisor> find(String host);

  /**
   * The host of that name.
   *
   * @throws Unavailable when it was not opened
   */
  default Hypervisor connected(String host) {
    return find(host).orElseThrow(() -> new Unavailable("libvirt/" + host, "it is not connected"));
  }

  Collection<Hypervisor> all();

  /** What an open host was opened with; empty when it was not. */
  Optional<Target> target(String host);

  /** Connects in the background; a host that is open with another target is closed first. */
  void open(Target target, Optional<Credentials> credentials);

  /** Ends the connection; a host that is not open is success. */
  void close(String host);

  /** Adds a listener to all hosts, present and future. */
  void listen(Listener listener);

  @Override
  void close();

  /**
   * Where a host is.
   *
   * @param fingerprint of the credentials; empty without
   */
  record Target(String host, String uri, String fingerprint) {}

  /** Hears of changes on any host, from any thread; MUST return quickly. */
  interface Listener {
    void guestChanged(String host, UUID guest);

    void hostChanged(String host);
  }
}
