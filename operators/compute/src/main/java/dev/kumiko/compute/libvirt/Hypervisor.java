package dev.kumiko.compute.libvirt;

import dev.kumiko.compute.domainxml.GuestDefinition;
import java.util.Optional;
import java.util.UUID;

/**
 * One libvirt host in our words.
 *
 * <p>Every call MAY throw {@link dev.kumiko.reconcile.Unavailable}: then nothing is known about the
 * host, in particular not that a guest is absent. Changes are idempotent, MUST NOT touch a domain
 * without our marker ({@link dev.kumiko.reconcile.Rejection} with reason {@code ForeignDomain}),
 * and are visible in {@link #inventory()} when they return.
 *
 * <p>An address may come to lead to another machine, which knows nothing of the guests. So a
 * machine is used only when it was admitted: while none or another one answers, every call is
 * {@code Unavailable} and the link is lost.
 */
public interface Hypervisor extends LiveMigration, AutoCloseable {
  /** The Host's name. */
  String host();

  /** Whether the host can be asked, without asking it. Never throws. */
  Link link();

  /**
   * UUID of the machine that answers, admitted or not; empty when none does. Costs no call, never
   * throws.
   */
  Optional<String> machine();

  /** UUID of the only machine that is used; empty: none is. Never throws. */
  Optional<String> admitted();

  /** From now on this machine is used, and no other. Never throws. */
  void admit(String machine);

  /** What the host is; found out once for each connection. */
  HostFacts facts();

  /**
   * Every domain on the host, ours or not, and the secrets that we provided. Kept up to date by
   * events, so that it costs no call; compared in bulk from time to time.
   */
  Inventory inventory();

  /**
   * Makes the guest known to the host without starting it; replaces an older definition of the same
   * UUID. A running guest keeps running with the definition it was started with.
   */
  void define(GuestDefinition guest);

  /** Starts a defined guest whose processors stand still; one that is active stays as it is. */
  void startPaused(UUID guest);

  /**
   * Lets a paused guest run; one that runs stays as it is. {@link dev.kumiko.reconcile.Unavailable}
   * when the domain was started at another epoch.
   */
  void resume(UUID guest, long epoch);

  /** Asks the guest to power off (ACPI); it may refuse. */
  void requestShutdown(UUID guest);

  /**
   * Ends the guest at once, as pulling its plug does; an inactive or unknown one is success. {@link
   * dev.kumiko.reconcile.Unavailable} when the domain was started at another epoch: a call that
   * comes late ends no newer guest.
   */
  void destroy(UUID guest, long epoch);

  /** Forgets an inactive guest, and its console log; an unknown one is success. */
  void undefine(UUID guest);

  /** Presses the reset button of an active guest. */
  void reset(UUID guest);

  /**
   * Has the network learn anew where an active guest is, as after a migration; one that is not
   * active is success.
   */
  void announce(UUID guest);

  /**
   * Tells an active guest that a disk has grown.
   *
   * @param target device name, for example {@code vda}
   */
  void resizeDisk(UUID guest, String target, long bytes);

  /**
   * Gives the host a Ceph key, held in its memory only, and the folder for console logs; replaces
   * an older key of the same usage.
   */
  void provideSecret(CephSecret secret);

  /**
   * Takes back what the host was given besides guests: the folder for console logs, and at last the
   * keys. A folder that still holds logs stays.
   */
  void withdraw();

  /** At most one listener; called from any thread, MUST return quickly. */
  void listen(Listener listener);

  @Override
  void close();

  /** Hears that something may have changed; level-triggered, so losing a call loses nothing. */
  interface Listener {
    /** One domain: defined, started, stopped, gone, … */
    void guestChanged(UUID guest);

    /** The link to the host was made or lost, or everything was read anew. */
    void hostChanged();
  }
}
