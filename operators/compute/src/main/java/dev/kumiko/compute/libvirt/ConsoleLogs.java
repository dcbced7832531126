package dev.kumiko.compute.libvirt;

import static dev.kumiko.compute.libvirt.LibvirtFailure.check;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.libvirt.StorageVol;
import org.libvirt.Stream;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.StoragePoolPointer;

/**
 * The folder on a host with the logs of serial consoles, as a libvirt storage pool: so libvirt
 * makes the folder, and lets us read from it.
 */
public final class ConsoleLogs {
  private static final String FOLDER = "/var/log/libvirt/kumiko";
  private static final String POOL = "kumiko-console";
  private static final int CHUNK_BYTES = 65536;

  private ConsoleLogs() {}

  /** The file that gets a guest's console output. */
  public static String path(UUID guest) {
    return FOLDER + "/" + guest + ".log";
  }

  static void prepare(HostConnection connection) {
    try {
      StoragePool pool = pool(connection);
      if (pool.isActive() == 0) {
        pool.build(0);
        pool.create(0);
      }
      pool.free();
    } catch (LibvirtException e) {
      throw LibvirtFailure.of(e);
    }
  }

  private static StoragePool pool(HostConnection connection) throws LibvirtException {
    StoragePoolPointer found =
        Libvirt.INSTANCE.virStoragePoolLookupByName(connection.handle(), POOL);
    if (found != null) {
      Libvirt.INSTANCE.virStoragePoolFree(found);
      return connection.connect().storagePoolLookupByName(POOL);
    }
    return connection
        .connect()
        .storagePoolDefineXML(
            "<pool type='dir'><name>%s</name><target><path>%s</path></target></pool>"
                .formatted(POOL, FOLDER),
            0);
  }

  /** The last bytes as text; empty when there is no log. */
  static String tail(HostConnection connection, UUID guest, int maxBytes) {
    try {
      StoragePool pool = connection.connect().storagePoolLookupByName(POOL);
      try {
        pool.refresh(0);
      } finally {
        pool.free();
      }
      StorageVol log = connection.connect().storageVolLookupByPath(path(guest));
      try {
        return read(connection, log, maxBytes);
      } finally {
        log.free();
      }
    } catch (LibvirtException e) {
      LibvirtFailure failure = LibvirtFailure.of(e);
      if (failure.is(LibvirtFailure.NO_STORAGE_VOL) || failure.is(LibvirtFailure.NO_STORAGE_POOL)) {
        return "";
      }
      throw failure;
    }
  }

  private static String read(HostConnection connection, StorageVol log, int maxBytes)
      throws LibvirtException {
    long size = log.getInfo().capacity;
    long length = Math.min(size, maxBytes);
    if (length == 0) {
      return "";
    }
    Stream stream = connection.connect().streamNew(0);
    try {
      log.download(stream, size - length, length, 0);
      java.io.ByteArrayOutputStream text = new java.io.ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int n = check(stream.receive(chunk), "virStreamRecv"); n > 0; ) {
        text.write(chunk, 0, n);
        n = check(stream.receive(chunk), "virStreamRecv");
      }
      stream.finish();
      return text.toString(StandardCharsets.UTF_8);
    } finally {
      stream.free();
    }
  }
}
