package dev.kumiko.compute.libvirt;

import java.util.Optional;
import java.util.UUID;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.libvirt.StorageVol;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.StoragePoolPointer;

/**
 * The folder on a host with the logs of serial consoles, as a libvirt storage pool: so libvirt
 * makes the folder, and lets whoever may connect read from it.
 */
public final class ConsoleLogs {
  private static final String FOLDER = "/var/log/libvirt/kumiko";
  private static final String POOL = "kumiko-console";

  private ConsoleLogs() {}

  /** The file that gets a guest's console output. */
  public static String path(UUID guest) {
    return FOLDER + "/" + guest + ".log";
  }

  /** Whatever is missing of it; a pool whose folder is gone is ended when it is refreshed. */
  static void prepare(HostConnection connection) {
    try {
      StoragePool pool = pool(connection);
      if (pool.isActive() == 0 || !isThere(pool)) {
        pool.build(0);
        pool.create(0);
      }
      pool.free();
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  private static boolean isThere(StoragePool pool) {
    try {
      pool.refresh(0);
      return true;
    } catch (LibvirtException e) {
      return false;
    }
  }

  private static Optional<StoragePool> find(HostConnection connection) throws LibvirtException {
    StoragePoolPointer found =
        Libvirt.INSTANCE.virStoragePoolLookupByName(connection.handle(), POOL);
    if (found == null) {
      return Optional.empty();
    }
    Libvirt.INSTANCE.virStoragePoolFree(found);
    return Optional.of(connection.connect().storagePoolLookupByName(POOL));
  }

  private static StoragePool pool(HostConnection connection) throws LibvirtException {
    Optional<StoragePool> found = find(connection);
    if (found.isPresent()) {
      return found.get();
    }
    return connection
        .connect()
        .storagePoolDefineXML(
            "<pool type='dir'><name>%s</name><target><path>%s</path></target></pool>"
                .formatted(POOL, FOLDER),
            0);
  }

  /** Forgets the pool, and removes the folder when it is empty; none is success. */
  static void withdraw(HostConnection connection) {
    try {
      Optional<StoragePool> found = find(connection);
      if (found.isEmpty()) {
        return;
      }
      StoragePool pool = found.get();
      boolean isEmpty = pool.isActive() == 1 && isThere(pool) && pool.numOfVolumes() == 0;
      if (pool.isActive() == 1) {
        pool.destroy();
      }
      if (isEmpty) {
        pool.delete(0);
      }
      pool.undefine();
      pool.free();
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  /** Removes what the guest wrote; none is success. */
  static void remove(HostConnection connection, UUID guest) {
    try {
      StoragePool pool = connection.connect().storagePoolLookupByName(POOL);
      try {
        pool.refresh(0);
      } finally {
        pool.free();
      }
      StorageVol log = connection.connect().storageVolLookupByPath(path(guest));
      try {
        log.delete(0);
      } finally {
        log.free();
      }
    } catch (LibvirtException e) {
      LibvirtFailure failure = LibvirtFailure.of(e);
      if (!failure.is(LibvirtFailure.NO_STORAGE_VOL)
          && !failure.is(LibvirtFailure.NO_STORAGE_POOL)) {
        throw failure;
      }
    }
  }
}
