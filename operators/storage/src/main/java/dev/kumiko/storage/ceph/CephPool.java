package dev.kumiko.storage.ceph;

import dev.kumiko.reconcile.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One Ceph pool holding RBD images.
 *
 * <p>Sizes are bytes. Every method blocks, and MUST end within the timeouts its adapter was given.
 * It MAY throw {@link Unavailable} when Ceph does not answer, and {@link CephException} when Ceph
 * answers no. Every method that changes the pool MUST be idempotent: asking for what already is
 * succeeds and changes nothing.
 *
 * <p>Source: librbd and librados C API, Ceph 16 (Pacific) and later.
 */
public interface CephPool extends AutoCloseable {

  /** Capacity, use and health, as the monitors report them; MUST NOT change anything. */
  PoolFacts facts();

  /**
   * What the key may not do but has to. MUST leave the cluster unchanged: permissions are probed
   * with requests that Ceph refuses for another reason when they are permitted.
   */
  List<MissingGrant> preflight();

  /**
   * The names that start with {@code prefix}, sorted; one request however many images there are.
   */
  List<String> images(String prefix);

  /**
   * Everything known about one image, or empty if there is none of this name. What an interrupted
   * creation or removal left under the name MUST be told as a remnant, and is removed by {@link
   * #remove}.
   */
  Optional<ImageFacts> image(String name);

  /**
   * Which of those that have the image open live: their {@link CephClient#id}. Asks each of them,
   * this process included, and waits a second for answers; one that is frozen, dead, cut off or
   * blocked MUST be missing. Empty for an image that is not there.
   */
  Set<Long> answering(String name);

  /** The names of the images of this pool that are copy-on-write clones of {@code name}. */
  List<String> children(String name);

  /**
   * Makes an image that reads as zeros, with exclusive-lock. MUST fail with {@link
   * CephException.Reason#EXISTS} if there is one of another size.
   */
  void create(String name, long sizeBytes);

  /** As {@link #create(String, long)}, with this content. */
  void create(String name, byte[] content);

  /**
   * Makes a copy-on-write clone of a snapshot in this pool, with the snapshot's size and
   * exclusive-lock. Ceph copies the parent's metadata into the clone. MUST fail with {@link
   * CephException.Reason#EXISTS} if there is an image of this name with another parent.
   */
  void clone(ImageSnapshot parent, String name);

  /** Grows to {@code sizeBytes}, also while a guest has it open; MUST NOT ever shrink. */
  void grow(String name, long sizeBytes);

  /**
   * Renames; the content, the id and the metadata stay. Success if {@code from} is gone and {@code
   * to} is there; MUST fail with {@link CephException.Reason#EXISTS} if both are.
   */
  void rename(String from, String to);

  /**
   * Removes the image and its snapshots. MUST fail with {@link CephException.Reason#BUSY}, and
   * leave the snapshots, while it is open somewhere or has clones. Takes time in proportion to the
   * content.
   */
  void remove(String name);

  /** Sets these keys of the image's metadata and leaves the others. */
  void putMeta(String name, Map<String, String> meta);

  /** Makes a snapshot; an existing one of this name stays as it is. */
  void snapshot(String name, String snapshot);

  /** Switches exclusive-lock on for an image that lost it. */
  void enableExclusiveLock(String name);

  /**
   * Opens an image for writing; fails with {@link CephException.Reason#MISSING} if there is none.
   */
  ImageWriter writer(String name);

  /** Reads {@code length} bytes; shorter at the end of the image. */
  byte[] read(String name, long offsetBytes, int length);

  /** The number of this process as a client of the cluster: {@link CephClient#id}. */
  long self();

  /** All client addresses that the cluster refuses. */
  List<BlockedAddress> blocklist();

  /**
   * Refuses every client at {@code address} until {@link #unblock}: {@code ip} blocks the whole
   * host, {@code ip:0/nonce} one client. An entry that is there and lasts stays as it is; one that
   * ends soon is replaced, which lets the client in for a moment.
   */
  void block(String address);

  /** Lets clients at exactly this address in again. */
  void unblock(String address);

  /** Whoever is inside, or still writes, goes on to the end. */
  @Override
  void close();
}
